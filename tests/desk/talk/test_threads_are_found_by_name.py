"""A pseudonym leads to the thread it names, in both languages and any form, and only for whoever may open it."""

from __future__ import annotations

from tests.desk.world import World
from tropa.desk.talk.by_name import spans_of, threads_named
from tropa.desk.talk.models import Thread
from tropa.desk.talk.plants import PLANTS
from tropa.desk.talk.pseudonyms import LARGEST, STRIDE
from tropa.desk.vault.services import grant_case

ROWAN = next(place for place, plant in enumerate(PLANTS) if plant[1] == "Rowan") * STRIDE


def called(world: World, number: int) -> Thread:
    thread = world.write_in().thread
    Thread.objects.filter(pk=thread.pk).update(name=ROWAN + number)
    return thread


def names(world: World, asked: str, who: str = "boris") -> list[str]:
    return [one.name.ru for one in threads_named(reader=getattr(world, who).reader(), asked=asked)]


def test_a_name_typed_whole_stands_first(world: World) -> None:
    for number in (170, 17, 1799, 18):
        called(world, number)
    for asked in ("Рябина-17", "рябина 17", "РЯБИНА17", "рябиной 17", "rowan 17", "Rowan-17", "ряб 17"):
        found = names(world, asked)
        assert found[0] == "Рябина-17", asked
        assert set(found) == {"Рябина-17", "Рябина-170", "Рябина-1799"}, asked


def test_a_number_alone_names_whole_numbers_of_every_plant(world: World) -> None:
    called(world, 41)
    called(world, 411)
    assert names(world, "41") == ["Рябина-41"]


def test_what_names_nobody_finds_nobody(world: World) -> None:
    called(world, 17)
    for asked in (
        "", "   ", "р", "повестка 17", "рябина 17 Омск", "0", "1234567", "%' OR 1=1", "рябина\x00", "рябина ٣",
    ):  # fmt: skip
        assert names(world, asked) == [], asked


def test_only_whoever_may_open_a_thread_finds_it(world: World) -> None:
    written, case = world.taken()
    Thread.objects.filter(pk=written.thread.pk).update(name=ROWAN + 5)
    assert names(world, "рябина 5") == ["Рябина-5"]
    for who in ("vera", "stranger"):
        assert names(world, "рябина 5", who) == []
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    found = threads_named(reader=world.vera.reader(), asked="рябина 5")
    assert [(one.id, one.case_id, one.lead, one.exact) for one in found] == [
        (written.thread.pk, case.pk, "Борис", True)
    ]


def test_spans_stay_within_one_plant() -> None:
    exact, near = spans_of("рябина 99")
    assert exact == [(ROWAN + 99, ROWAN + 99)]
    assert near == [(ROWAN + 990, ROWAN + 999), (ROWAN + 9900, ROWAN + 9999), (ROWAN + 99000, ROWAN + 99999)]
    assert spans_of("рябина") == ([], [(ROWAN, ROWAN + LARGEST)])
