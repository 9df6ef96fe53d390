"""A country page shows what counts say of a danger, by kind of event, beside the interval in force and its reason."""

from __future__ import annotations

import re

import pytest

from tests.desk.atlas.changing import as_seen
from tests.desk.world import World, signed_in
from tropa.atlas import Kind
from tropa.atlas.overlay import Act
from tropa.desk.atlas.content import Content, Seen
from tropa.desk.atlas.in_force import look_again
from tropa.desk.atlas.services import approve, change_fact

pytestmark = pytest.mark.django_db

HAZARD = "hazard-entry-KZ-summoned"
WHY = "Опросили партнёров о всех выездах за год."


def counted(world: World, chance: list[float]) -> None:
    record = {
        "chance": chance,
        "exposure": {"units": 400, "what": {"en": "border crossings", "ru": "переходы границы"}},
        "incidents": ["INC-KZ-04"],
    }
    content = Content(as_seen([HAZARD], Act.SET), WHY, record=record)
    done = change_fact(reader=world.stranger.reader(), act=Act.SET, content=content)
    approve(reader=world.anna.reader(), change_id=done.id)


def page(world: World, address: str) -> str:
    text = signed_in(world.boris).get(address).content.decode()
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


def test_each_kind_of_event_has_its_interval_beside_the_one_in_force(world: World) -> None:
    counted(world, [0.0001, 0.01, 0.2])
    for address in ("/atlas/countries/KZ/?profile=summoned", f"/atlas/{HAZARD}/"):
        told = page(world, address)
        assert "1 на 400: переходы границы" in told, address
        assert "0 на 400: переходы границы" in told, address
        assert "0,027–1,2 %" in told, (
            address
        )  # Gamma(1.5, 400): chi-square with three degrees of freedom over 800
    assert WHY in page(world, "/atlas/countries/KZ/?profile=summoned")


def test_an_interval_in_force_below_what_was_counted_is_named(world: World) -> None:
    counted(world, [0.000001, 0.00001, 0.0001])
    assert "выше того, что в силе" in page(world, "/atlas/countries/KZ/?profile=summoned")


def test_a_danger_nobody_counted_has_no_estimate(world: World) -> None:
    assert "на 400" not in page(world, "/atlas/countries/KZ/?profile=summoned")
    assert "Что говорят подсчёты" not in page(world, "/atlas/countries/KZ/?profile=summoned")


def test_an_event_written_down_today_is_counted_at_once(world: World) -> None:
    counted(world, [0.0001, 0.01, 0.2])
    record = {
        "country": "KZ",
        "what": "deported",
        "profile": {"en": "a deserter", "ru": "дезертир"},
        "summary": {"en": "Sent back.", "ru": "Выслан."},
        "classes": ["summoned"],
        "subjects": ["entry_check"],
    }
    content = Content((Seen("INC-own-1"),), "Рассказал партнёр.", kind=Kind.INCIDENT, record=record)
    assert not change_fact(reader=world.stranger.reader(), act=Act.ADDED, content=content).waits
    look_again()
    assert "2 на 400: переходы границы" in page(world, f"/atlas/{HAZARD}/")
