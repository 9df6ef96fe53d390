"""Notes at the end of a shift reach whoever is on duty today and tomorrow, signed, for a week, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.housekeeping import keep_house
from tropa.desk.talk.errors import TooLong
from tropa.desk.talk.hand_over import LONGEST, hand_over, handed_over
from tropa.desk.talk.models import HandOver
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.services import open_duty_epoch


def texts(world: World, who: str) -> list[str]:
    return [one.text for one in handed_over(reader=getattr(world, who).reader())]


def test_whoever_is_on_duty_reads_it_and_nobody_else(world: World) -> None:
    assert hand_over(reader=world.boris.reader(), text=" Консульство не отвечает. ") == 1
    assert texts(world, "vera") == texts(world, "anna") == ["Консульство не отвечает."]
    assert texts(world, "stranger") == []
    assert "Консульство".encode() not in bytes(HandOver.objects.get().sealed)


def test_who_comes_on_duty_tomorrow_reads_it_once(world: World) -> None:
    tomorrow = world.now.date() + timedelta(days=1)
    open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member, world.boris.member])
    open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member, world.vera.member], opens=tomorrow)
    assert hand_over(reader=world.boris.reader(), text="на завтра") == 2
    assert texts(world, "vera") == texts(world, "anna") == texts(world, "boris") == ["на завтра"]


def test_the_newest_stands_first_and_a_week_later_all_is_gone(world: World) -> None:
    for ago in (3, 2, 1):
        hand_over(reader=world.boris.reader(world.now - timedelta(hours=ago)), text=f"{ago} ч назад")
    assert texts(world, "vera") == ["1 ч назад", "2 ч назад", "3 ч назад"]
    assert keep_house(now=world.now + timedelta(days=6)).hand_overs == 0
    assert keep_house(now=world.now + timedelta(days=9)).hand_overs == 3


@pytest.mark.parametrize("change", ["author", "sealed", "note", "signature"])
def test_a_row_somebody_changed_is_not_shown(world: World, change: str) -> None:
    hand_over(reader=world.boris.reader(), text="настоящая")
    values = {
        "author": world.vera.member,
        "sealed": b"\x01 damaged",
        "note": "0" * 32,
        "signature": b"0" * 64,
    }
    HandOver.objects.update(**{change: values[change]})
    assert texts(world, "anna") == []


def test_only_who_works_with_people_leaves_notes_of_a_bounded_length(world: World) -> None:
    with pytest.raises(NoGrant):
        hand_over(reader=world.stranger.reader(), text="от исследователя")
    with pytest.raises(TooLong):
        hand_over(reader=world.boris.reader(), text="д" * (LONGEST + 1))
    with pytest.raises(ValueError, match="nothing"):
        hand_over(reader=world.boris.reader(), text="  ")
    assert not HandOver.objects.exists()


def test_today_takes_and_shows_it(world: World) -> None:
    boris = signed_in(world.boris)
    assert "said=handed-over" in boris.post("/hand-over/", {"text": "<b>завтра</b> очередь"})["Location"]
    assert "said=hand-over-refused" in boris.post("/hand-over/", {"text": ""})["Location"]
    page = signed_in(world.vera).get("/").content.decode()
    assert "&lt;b&gt;завтра&lt;/b&gt; очередь" in page
    stranger = signed_in(world.stranger)
    assert "hand-over" not in stranger.get("/").content.decode()
    assert stranger.post("/hand-over/", {"text": "нет"}).status_code == 403
