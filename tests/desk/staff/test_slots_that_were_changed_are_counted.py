"""Slots and companions that are not what was last written are counted at the unlock; mistyped passphrases are not."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tropa.desk.append_only import book
from tropa.desk.audit.models import Refusal
from tropa.desk.staff import services
from tropa.desk.staff.account import change_passphrases
from tropa.desk.staff.errors import StaffError, UnlockRefused
from tropa.desk.staff.kept_slots import FILE
from tropa.desk.staff.models import Member, Visit
from tropa.desk.staff.reader import Reader

if TYPE_CHECKING:
    from tests.desk.world import World
    from tropa.desk.staff.empty_desk import EmptyDesk

NOW = datetime.now(UTC)
COLUMNS = ("slot_one", "slot_two", "companion_sealed")
NEW, DURESS = "a new passphrase of Boris", "the duress passphrase of Boris"


def enter(world: World, passphrase: str) -> tuple[Visit, Reader | EmptyDesk]:
    boris = world.boris
    Member.objects.filter(pk=boris.member.pk).update(totp_last_step=0)
    visit, token = services.sign_in(
        pseudonym="Борис", password=boris.kept.password, code=boris.code(NOW), now=NOW
    )
    return visit, services.unlock(visit=visit, token=token, passphrase=passphrase, now=NOW)


def columns_of(world: World, name: str = "boris") -> dict[str, bytes]:
    member = Member.objects.get(pk=getattr(world, name).member.pk)
    return {column: bytes(getattr(member, column)) for column in COLUMNS}


def write(world: World, **columns: bytes) -> None:
    Member.objects.filter(pk=world.boris.member.pk).update(**columns)


def counted(world: World) -> int:
    rows = Refusal.objects.all()
    assert {(row.table, row.row) for row in rows} <= {("staff_member", world.boris.member.pk)}
    return sum(row.times for row in rows)


def change(world: World, entered: tuple[Visit, Reader | EmptyDesk], old: str, new: str, duress: str) -> None:
    visit, opened = entered
    change_passphrases(visit=visit, passphrase=old, new=new, duress=duress, opened=opened)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_flipped_bit_is_counted_whether_the_passphrase_was_right_or_wrong(
    world: World, column: str
) -> None:
    own = world.boris.kept.passphrase
    enter(world, own)
    kept = columns_of(world)[column]
    at = secrets.randbelow(len(kept))
    write(world, **{column: kept[:at] + bytes([kept[at] ^ 1 << secrets.randbelow(8)]) + kept[at + 1 :]})
    for times, typed in enumerate((own, "mistyped by somebody"), 1):
        with suppress(StaffError):
            enter(world, typed)
        assert counted(world) == times
    write(world, **{column: kept})
    enter(world, own)
    assert counted(world) == 2


def test_a_mistyped_passphrase_is_counted_nowhere_and_refused_as_a_damaged_slot_is(world: World) -> None:
    enter(world, world.boris.kept.passphrase)
    with pytest.raises(UnlockRefused) as mistyped:
        enter(world, "mistyped by somebody")
    assert counted(world) == 0
    write(world, slot_one=b"", slot_two=b"")
    with pytest.raises(UnlockRefused) as damaged:
        enter(world, world.boris.kept.passphrase)
    assert (type(mistyped.value), mistyped.value.args) == (type(damaged.value), damaged.value.args)
    assert counted(world) == 1


def test_a_colleagues_slots_are_counted(world: World) -> None:
    own = world.boris.kept.passphrase
    enter(world, own)
    vera = columns_of(world, "vera")
    for changed in (vera, {"slot_one": vera["slot_one"]}, {"companion_sealed": vera["companion_sealed"]}):
        genuine, before = columns_of(world), counted(world)
        write(world, **changed)
        with suppress(StaffError):
            enter(world, own)
        assert counted(world) == before + 1
        write(world, **genuine)


def test_slots_changed_about_are_counted(world: World) -> None:
    enter(world, world.boris.kept.passphrase)
    kept = columns_of(world)
    write(world, slot_one=kept["slot_two"], slot_two=kept["slot_one"])
    with pytest.raises(UnlockRefused):
        enter(world, world.boris.kept.passphrase)
    assert counted(world) == 1


@pytest.mark.parametrize("duress", ["", DURESS])
@pytest.mark.django_db(transaction=True)
def test_older_slots_that_are_put_back_are_counted_though_they_open(world: World, duress: str) -> None:
    own = world.boris.kept.passphrase
    entered, older = enter(world, own), columns_of(world)
    change(world, entered, own, NEW, duress)
    enter(world, NEW)
    assert counted(world) == 0
    write(world, **older)
    enter(world, own)
    assert counted(world) == 1


@pytest.mark.django_db(transaction=True)
def test_an_empty_desk_is_noted_as_ones_own_is(world: World) -> None:
    own, lines = world.boris.kept.passphrase, [len(book(FILE).known())]
    for old, new, duress in (
        (own, NEW, DURESS),
        (NEW, own, ""),
        (own, NEW, DURESS),
        (DURESS, own + "!", own),
    ):
        change(world, enter(world, old), old, new, duress)
        lines.append(len(book(FILE).known()))
    assert [after - before for before, after in pairwise(lines)] == [4, 2, 2, 2]
    enter(world, own + "!")
    enter(world, NEW)
    assert counted(world) == 0
