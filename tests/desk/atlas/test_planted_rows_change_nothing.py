"""Whoever can write to the database changes no fact: a row without its signatures counts for nothing and is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.desk.atlas.changing import proposed, reviewed, standing
from tests.desk.world import World, signed_in
from tropa.atlas import Standing
from tropa.desk import clock
from tropa.desk.atlas import kept_changes
from tropa.desk.atlas.in_force import forget, look_again
from tropa.desk.atlas.kept_stops import FILE, kept_stops
from tropa.desk.atlas.models import Change, Verdict
from tropa.desk.atlas.services import approve, ease, stop
from tropa.desk.atlas.stored import forget_stored
from tropa.desk.audit.models import Refusal
from tropa.desk.conf import conf
from tropa.desk.identifiers import new_id
from tropa.desk.staff.models import Member, Role

KZ = "Двоих выдали."


def acts() -> int:
    forget_stored()  # as a process that starts now
    forget()
    return len(look_again().acts)


def without_the_file() -> None:
    """What the database alone says: the file that keeps changes outside it is gone."""
    (conf.pinned / kept_changes.FILE).unlink(missing_ok=True)


@pytest.mark.parametrize(
    "forge",
    [
        lambda row, _world: {"content": row.content.replace("Сверено", "Не сверено")},
        lambda row, _world: {"content": row.content.replace("entry-AM", "entry-KZ")},
        lambda _row, _world: {"subject": "entry-KZ"},
        lambda _row, _world: {"act": "added"},
        lambda row, _world: {"day": row.day - timedelta(days=1)},
        lambda _row, world: {"author": world.anna.member},
        lambda _row, _world: {"number": 7, "place": 7},
        lambda _row, _world: {"place": 7},
        lambda _row, _world: {"signature": bytes(64)},
        lambda row, world: {"verdict": Verdict.APPROVED, "second": world.anna.member, "second_day": row.day},
    ],
)
def test_a_changed_column_takes_the_change_out(
    world: World, forge: Callable[[Change, World], dict[str, object]]
) -> None:
    reviewed(world.stranger, "entry-AM")
    without_the_file()
    assert acts() == 1
    row = Change.objects.get()
    Change.objects.update(**forge(row, world))
    assert acts() == 0
    assert Refusal.objects.filter(table="atlas_change", row=row.pk).exists()


def test_a_row_moved_under_another_id_does_not_count(world: World) -> None:
    reviewed(world.stranger, "entry-AM")
    without_the_file()
    Change.objects.update(id=new_id())
    assert acts() == 0


def test_a_proposal_is_not_called_in_force_by_its_row(world: World) -> None:
    proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    row = Change.objects.get()
    Change.objects.update(verdict=Verdict.NOT_NEEDED, place=row.number)
    assert acts() == 0


def test_an_approval_in_somebodys_name_does_not_count(world: World) -> None:
    proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    row = Change.objects.get()
    Change.objects.update(
        verdict=Verdict.APPROVED,
        place=row.number + 1,
        second=world.anna.member,
        second_day=row.day,
        second_signature=bytes(row.signature),
    )
    assert acts() == 0


def test_somebody_made_researcher_by_a_row_changes_nothing(world: World) -> None:
    reviewed(world.stranger, "entry-AM")
    without_the_file()
    Change.objects.update(author=world.boris.member)
    Member.objects.filter(pk=world.boris.member.pk).update(role=Role.RESEARCHER)
    assert acts() == 0


def test_a_stop_stands_when_its_easing_was_planted(world: World) -> None:
    stop(reader=world.anna.reader(), scope="KZ", reason=KZ)
    waiting = ease(reader=world.anna.reader(), scope="KZ", reason="Прекратилось.")
    row = Change.objects.get(pk=waiting.id)
    Change.objects.filter(pk=row.pk).update(
        verdict=Verdict.APPROVED,
        place=row.number + 1,
        second=world.stranger.member,
        second_day=row.day,
        second_signature=bytes(64),
    )
    assert acts() == 1
    assert standing("entry-KZ", clock.facts_day()) is Standing.STOPPED


def test_a_content_nobody_understands_is_named_and_changes_nothing(world: World) -> None:
    from tropa.desk.atlas.statements import sign_change

    row = Change(
        id=new_id(),
        number=1,
        place=1,
        subject="entry-AM",
        act="reviewed",
        content='{"format": 2}',
        day=clock.now().date(),
        author=world.stranger.member,
    )
    row.signature = sign_change(world.stranger.reader(), row)
    row.save(force_insert=True)
    assert acts() == 0
    assert len(look_again().unread) == 1


def test_a_stop_whose_row_was_taken_away_stands_and_is_named(world: World) -> None:
    stop(reader=world.anna.reader(), scope="KZ", reason=KZ)
    without_the_file()
    Change.objects.all().delete()
    assert acts() == 1
    assert standing("entry-KZ", clock.facts_day()) is Standing.STOPPED
    assert [one.scope for one in look_again().missing] == ["KZ"]
    page = signed_in(world.boris).get("/atlas/all/changes/").content.decode()
    assert KZ in page
    assert "entry-KZ" in {fact.id for fact in look_again().atlas.facts.values()}


def test_a_lifted_stop_does_not_come_back_with_its_row(world: World) -> None:
    stop(reader=world.anna.reader(), scope="KZ", reason=KZ)
    waiting = ease(reader=world.anna.reader(), scope="KZ", reason="Прекратилось.")
    approve(reader=world.stranger.reader(), change_id=waiting.id)
    without_the_file()
    Change.objects.all().delete()
    assert acts() == 0
    assert standing("entry-KZ", clock.facts_day()) is Standing.USABLE


def test_a_stop_whose_row_is_gone_is_lifted_by_two_as_any_other(world: World) -> None:
    stop(reader=world.anna.reader(), scope="KZ", reason=KZ)
    without_the_file()
    Change.objects.all().delete()
    look_again()
    waiting = ease(reader=world.anna.reader(), scope="KZ", reason="Прекратилось.")
    approve(reader=world.stranger.reader(), change_id=waiting.id)
    assert standing("entry-KZ", clock.facts_day()) is Standing.USABLE


def test_a_torn_line_in_the_file_of_stops_harms_only_itself(world: World) -> None:
    stop(reader=world.anna.reader(), scope="KZ", reason=KZ)
    with (conf.pinned / FILE).open("a", encoding="utf-8") as file:
        file.write('{"lifted": ')
    stop(reader=world.anna.reader(), scope="KG", reason=KZ)
    assert [one.scope for one in kept_stops()] == ["KZ", "KG"]
