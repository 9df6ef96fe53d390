"""Whoever takes a change's row away, changes it or makes it undecided takes nothing back: the file has it, signed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.desk.atlas.changing import proposed, reviewed, standing
from tests.desk.world import World, signed_in
from tropa.atlas import Standing
from tropa.atlas.overlay import Act
from tropa.desk import clock
from tropa.desk.atlas import kept_changes
from tropa.desk.atlas.content import Content, Seen
from tropa.desk.atlas.errors import AlreadyDecided
from tropa.desk.atlas.in_force import InForce, forget, look_again
from tropa.desk.atlas.models import Change, Verdict
from tropa.desk.atlas.services import approve, change_fact, decline
from tropa.desk.atlas.stored import forget_stored
from tropa.desk.audit.models import Refusal
from tropa.desk.conf import conf
from tropa.desk.staff.models import Member

LEG = "air-yerevan-paris"
ENDED = "2026-11-01"


def anew() -> InForce:
    forget_stored()  # as a process that starts now
    forget()
    return look_again()


def closed(world: World) -> str:
    """A permission ended by one person; its change."""
    done = proposed(world.stranger, LEG, valid_until=ENDED)
    assert not done.waits
    return done.id


def says_ended() -> bool:
    return str(anew().atlas.fact(LEG).valid_until) == ENDED


@pytest.mark.parametrize(
    "harm",
    [
        lambda rows: rows.delete(),
        lambda rows: rows.update(content='{"format": 1}'),
        lambda rows: rows.update(signature=bytes(64)),
        lambda rows: rows.update(verdict=Verdict.WAITING, place=None),
        lambda rows: rows.update(number=77, place=77),
    ],
)
def test_a_closed_permission_stays_closed_whatever_becomes_of_its_row(
    world: World, harm: Callable[[object], object]
) -> None:
    name = closed(world)
    assert says_ended()
    harm(Change.objects.filter(pk=name))
    assert says_ended()
    assert [row.id for row in anew().rows if row.gone] == [name]
    assert Refusal.objects.filter(table="atlas_change", row=name).exists()
    page = signed_in(world.boris).get("/atlas/all/changes/").content.decode()
    assert "не те слова" in page or "нет в базе" in page


def test_a_decision_of_two_is_not_undone_by_making_its_row_wait_again(world: World) -> None:
    done = proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    approve(reader=world.anna.reader(), change_id=done.id)
    Change.objects.filter(pk=done.id).update(
        verdict=Verdict.WAITING, place=None, second=None, second_day=None, second_signature=None
    )
    assert anew().atlas.fact("entry-AM").value.papers.papers == {"fp10"}  # type: ignore[union-attr]
    with pytest.raises(AlreadyDecided):
        decline(reader=world.anna.reader(), change_id=done.id)


def test_a_proposal_that_was_taken_away_can_still_be_decided(world: World) -> None:
    done = proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    Change.objects.all().delete()
    approve(reader=world.anna.reader(), change_id=done.id)
    assert Change.objects.get(pk=done.id).verdict == Verdict.APPROVED
    assert not any(row.gone for row in anew().rows)


def test_numbers_go_on_where_the_file_ends(world: World) -> None:
    closed(world)
    Change.objects.all().delete()
    reviewed(world.stranger, "entry-KZ")
    numbers = [row.number for row in anew().rows]
    assert numbers == [1, 2]
    assert says_ended()


def test_a_line_somebody_wrote_into_the_file_counts_only_as_signed(world: World) -> None:
    closed(world)
    path = conf.pinned / kept_changes.FILE
    told = json.loads(path.read_text(encoding="utf-8"))
    told |= {"id": "0" * 32, "content": told["content"].replace(ENDED, "2029-01-01")}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n" + '{"id": "torn')
    reviewed(world.stranger, "entry-KZ")  # written after the torn line
    assert says_ended()
    assert len(anew().rows) == 2


def test_what_nobody_can_verify_any_more_is_closed_and_two_lift_it(world: World) -> None:
    name = closed(world)
    Change.objects.all().delete()
    Member.objects.filter(pk=world.stranger.member.pk).update(certificate=b"")
    state = anew()
    assert [row.id for row in state.lost] == [name]
    assert standing(LEG, clock.facts_day()) is Standing.STOPPED
    assert "проверить" in signed_in(world.boris).get("/atlas/all/changes/").content.decode()


def test_of_a_lost_change_of_a_rule_that_cannot_be_stopped_the_whole_country_is(world: World) -> None:
    done = proposed(world.stranger, "exit-RU", note={"en": "Checked.", "ru": "Сверено."})
    if done.waits:
        approve(reader=world.anna.reader(), change_id=done.id)
    Change.objects.all().delete()
    Member.objects.filter(pk=world.stranger.member.pk).update(certificate=b"")
    assert {stop.value.scope for stop in anew().atlas.stops} == {"RU"}


def test_what_was_withdrawn_stays_withdrawn_without_its_row(world: World) -> None:
    closed(world)
    done = change_fact(
        reader=world.stranger.reader(),
        act=Act.WITHDRAWN,
        content=Content((Seen(LEG),), "Источник ошибся."),
    )
    approve(reader=world.anna.reader(), change_id=done.id)
    Change.objects.filter(pk=done.id).delete()
    assert not says_ended()
