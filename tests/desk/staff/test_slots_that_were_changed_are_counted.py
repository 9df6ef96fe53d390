"""Slots and companions that are not what was last written open nothing and are counted, at the unlock and once a day;
mistyped passphrases are counted nowhere.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tropa.desk.append_only import book
from tropa.desk.audit.models import Refusal
from tropa.desk.housekeeping import keep_house
from tropa.desk.staff import services, slots
from tropa.desk.staff.account import change_passphrases
from tropa.desk.staff.errors import UnlockRefused, WrongPassphraseTyped
from tropa.desk.staff.invitations import Applicant, invite, join
from tropa.desk.staff.joining import Secrets
from tropa.desk.staff.kept_slots import FILE, booked_anew, is_changed
from tropa.desk.staff.models import Gender, Member, Role, Visit
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
        with pytest.raises(UnlockRefused):
            enter(world, typed)
        assert counted(world) == times
    assert Visit.objects.exclude(sealed_seed=None).count() == 1
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
        with pytest.raises(UnlockRefused):
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
def test_older_slots_that_are_put_back_open_no_more_and_are_counted(world: World, duress: str) -> None:
    own = world.boris.kept.passphrase
    entered, older = enter(world, own), columns_of(world)
    change(world, entered, own, NEW, duress)
    enter(world, NEW)
    assert counted(world) == 0
    write(world, **older)
    for times, typed in enumerate((own, NEW), 1):
        with pytest.raises(UnlockRefused):
            enter(world, typed)
        assert counted(world) == times


@pytest.mark.parametrize("typed", ["own", "duress", "mistyped"])
@pytest.mark.django_db(transaction=True)
def test_refusing_takes_the_same_work_whatever_was_typed(
    world: World, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    own = world.boris.kept.passphrase
    change(world, enter(world, own), own, NEW, DURESS)
    write(world, companion_sealed=secrets.token_bytes(len(columns_of(world)["companion_sealed"])))
    tried: list[bytes] = []
    genuine = slots.unlock_seed

    def counting(blob: bytes, *given: Any, **more: Any) -> Any:
        tried.append(blob)
        return genuine(blob, *given, **more)

    monkeypatch.setattr(slots, "unlock_seed", counting)
    with pytest.raises(UnlockRefused):
        enter(world, {"own": NEW, "duress": DURESS}.get(typed, typed))
    columns = columns_of(world)
    assert tried == [columns["slot_one"], columns["slot_two"]]
    assert counted(world) == 1


@pytest.mark.django_db(transaction=True)
def test_passphrases_are_not_changed_over_slots_that_were_changed(world: World) -> None:
    own = world.boris.kept.passphrase
    entered = enter(world, own)
    write(world, companion_sealed=columns_of(world, "vera")["companion_sealed"])
    before = columns_of(world)
    with pytest.raises(WrongPassphraseTyped):
        change(world, entered, own, NEW, "")
    assert (columns_of(world), counted(world)) == (before, 1)


def test_once_a_day_all_accounts_are_looked_at_though_nobody_unlocks(world: World) -> None:
    enter(world, world.boris.kept.passphrase)
    assert keep_house(now=NOW).changed_slots == 0
    write(world, slot_two=columns_of(world, "vera")["slot_one"])
    for hours, times in ((0, 1), (0, 1), (24, 2)):
        assert keep_house(now=NOW + timedelta(hours=hours)).changed_slots == 1
        assert counted(world) == times


def test_what_somebody_writes_over_a_newcomer_is_refused_before_they_ever_unlock(world: World) -> None:
    anna, kept = world.anna, Secrets("a password", "a passphrase", bytes(20))
    code = invite(reader=anna.reader(), role=Role.ADVISER, team=anna.member.team)
    newcomer = join(code=code, applicant=Applicant("Новая", Gender.FEMININE, "ru", kept), now=NOW)
    assert not is_changed(newcomer)
    newcomer.slot_one = columns_of(world)["slot_one"]
    assert is_changed(newcomer)


@pytest.mark.django_db(transaction=True)
def test_what_was_booked_anew_is_genuine_and_nothing_else(world: World) -> None:
    own = world.boris.kept.passphrase
    entered, older = enter(world, own), columns_of(world)
    change(world, entered, own, NEW, "")
    newer = columns_of(world)
    write(world, **older)
    fresh = booked_anew()
    fresh.replace(fresh.with_suffix(""))
    enter(world, own)
    assert counted(world) == 0
    write(world, **newer)
    with pytest.raises(UnlockRefused):
        enter(world, NEW)
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
