"""Leaving is one act: whoever left reaches nothing from that moment, and no case loses its last holder."""

from __future__ import annotations

import pytest
from django.db import OperationalError, transaction

from tests.desk.world import World, signed_in
from tropa.desk.cases.models import Case
from tropa.desk.staff import leaving
from tropa.desk.staff.errors import NotCoordinator, NotOneself, SignInRefused
from tropa.desk.staff.invitations import invite
from tropa.desk.staff.leaving import leave, queued_rotations
from tropa.desk.staff.models import Claim, Invitation, Member, Passkey, Role, Visit
from tropa.desk.staff.recovery_codes import make_codes
from tropa.desk.staff.services import sign_in
from tropa.desk.staff.slots import open_slots
from tropa.desk.talk.services import claim, take
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.models import CaseGrant, DutyGrant, StandbyShare
from tropa.desk.vault.services import current_duty_epoch, open_case_seed, open_duty_seed


def let_go(world: World, who: str = "boris") -> object:
    return leave(reader=world.anna.reader(), member=getattr(world, who).member)


def test_visits_end_at_once_and_nobody_signs_in_again(world: World) -> None:
    client = signed_in(world.boris)
    assert client.get("/inbox/").status_code == 200
    let_go(world)
    assert client.get("/inbox/").status_code == 302
    assert not Visit.objects.filter(member=world.boris.member).exists()
    Member.objects.update(totp_last_step=0)
    with pytest.raises(SignInRefused):
        sign_in(pseudonym="Борис", password=world.boris.kept.password, code=world.boris.code(), now=world.now)


def test_grants_end_and_the_other_holder_leads(world: World) -> None:
    _written, case = world.taken()
    left = let_go(world)
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.boris.reader(), case=case)
    open_case_seed(reader=world.anna.reader(), case=case)
    case = Case.objects.get(pk=case.pk)
    assert (case.lead_id, case.second_id) == (world.anna.member.pk, None)
    assert (left.queued, left.held_by_nobody_else) == (1, 0)  # type: ignore[attr-defined]


def test_what_arrives_afterwards_is_sealed_to_a_key_they_never_had(world: World) -> None:
    before = current_duty_epoch()
    let_go(world)
    after = current_duty_epoch()
    assert after.number == before.number + 1
    assert not DutyGrant.objects.filter(member=world.boris.member).exists()
    open_duty_seed(reader=world.vera.reader(), epoch=after)
    open_duty_seed(reader=world.vera.reader(), epoch=before)
    with pytest.raises(NoGrant):
        open_duty_seed(reader=world.boris.reader(), epoch=before)


def test_every_case_they_could_open_waits_for_a_new_key_and_no_other(world: World) -> None:
    mine = [world.taken()[1], world.taken(by=world.anna)[1]]
    written = world.write_in()
    take(reader=world.vera.reader(), thread=written.thread, second=world.anna.member)
    let_go(world)
    assert {one.case_id for one in queued_rotations()} == {case.pk for case in mine}


def test_a_case_nobody_else_holds_keeps_its_one_grant_and_is_named(world: World) -> None:
    _written, case = world.taken()
    CaseGrant.objects.filter(member=world.anna.member).delete()
    left = let_go(world)
    assert left.held_by_nobody_else == 1  # type: ignore[attr-defined]
    assert CaseGrant.objects.filter(key__case=case).count() == 1
    page = signed_in(world.anna).get("/people/").content.decode()
    assert "никто; открыть может только восстановление" in page


def test_a_grant_that_ended_or_is_of_somebody_who_left_holds_nothing(world: World) -> None:
    _written, case = world.taken()
    let_go(world)
    left = leave_second(world, case)
    assert left.held_by_nobody_else == 1  # type: ignore[attr-defined]
    assert CaseGrant.objects.filter(key__case=case).exists()


def leave_second(world: World, case: Case) -> object:
    """Vera is given the case and lets the last holder be somebody who leaves."""
    from tropa.desk.vault.services import grant_case

    grant_case(reader=world.anna.reader(), case=case, member=world.vera.member)
    CaseGrant.objects.filter(member=world.anna.member).delete()
    return let_go(world, "vera")


def test_unused_invitations_and_claims_end(world: World) -> None:
    written = world.write_in()
    claim(reader=world.boris.reader(), thread=written.thread)
    invite(reader=world.anna.reader(), role=Role.ADVISER, team=world.anna.member.team)
    Invitation.objects.update(issuer=world.boris.member)
    let_go(world)
    assert not Claim.objects.exists()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("who", ["boris", "vera", "stranger"])
def test_only_coordinators_let_go_and_nobody_themselves(world: World, who: str) -> None:
    with pytest.raises(NotCoordinator):
        leave(reader=getattr(world, who).reader(), member=world.anna.member)
    with pytest.raises(NotOneself):
        leave(reader=world.anna.reader(), member=world.anna.member)
    assert Member.objects.filter(active=True).count() == 4


def test_somebodys_expired_certificate_keeps_nobody_from_being_let_go(world: World) -> None:
    Member.objects.filter(pk=world.vera.member.pk).update(certificate=b"damaged")
    let_go(world)
    assert not Member.objects.get(pk=world.boris.member.pk).active


def test_a_role_written_into_a_row_makes_nobody_a_coordinator(world: World) -> None:
    world.boris.member.role = Role.COORDINATOR
    with pytest.raises(NotCoordinator):
        leave(reader=world.boris.reader(), member=world.vera.member)
    with pytest.raises(NotCoordinator):
        invite(reader=world.boris.reader(), role=Role.ADVISER, team=world.anna.member.team)


KEPT_FOR_SIGNING_IN = (
    "password", "totp_sealed", "recovery_codes_sealed", "alarms_sealed", "slot_one", "slot_two", "companion_sealed",
)  # fmt: skip


def left_of(world: World, who: str = "boris") -> set[str]:
    row = Member.objects.get(pk=getattr(world, who).member.pk)
    return {column for column in KEPT_FOR_SIGNING_IN if getattr(row, column)}


def test_what_they_signed_in_and_unlocked_with_goes_in_the_same_act(world: World) -> None:
    Passkey.objects.create(id="a" * 64, member=world.boris.member, passkey_sealed=b"sealed")
    make_codes(member=world.boris.member, now=world.now)
    world.taken()
    assert {"slot_one", "slot_two", "recovery_codes_sealed"} <= left_of(world)
    let_go(world)
    assert left_of(world) == set()
    assert not Passkey.objects.exists()


def test_the_slots_stay_where_nothing_else_opens_a_case(world: World) -> None:
    written = world.write_in()
    case = take(reader=world.boris.reader(), thread=written.thread)
    CaseGrant.objects.filter(key__case=case).exclude(member=world.boris.member).delete()
    StandbyShare.objects.all().delete()
    let_go(world)
    assert left_of(world) == {"slot_one", "slot_two", "companion_sealed"}
    assert open_slots(Member.objects.get(pk=world.boris.member.pk), world.boris.kept.passphrase) is not None


def test_an_act_that_fails_ends_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full when the new duty epoch is written: everybody reaches what they reached before."""
    before = left_of(world)

    def full(**_what: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(leaving, "open_duty_epoch", full)
    with pytest.raises(OperationalError), transaction.atomic():
        let_go(world)
    assert left_of(world) == before
    assert Member.objects.get(pk=world.boris.member.pk).active
