"""Two coordinators open a case nobody holds; one never does, and every coordinator sees what they did and why."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.desk.world import ROOT, Person, World, join, signed_in
from tropa.desk.audit.models import Refusal
from tropa.desk.audit.queries import latest_acts
from tropa.desk.cases.models import Case
from tropa.desk.staff.joining import Certifier
from tropa.desk.staff.leaving import leave
from tropa.desk.staff.models import Member, Role
from tropa.desk.staff.tending import tend
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import take
from tropa.desk.vault.break_glass import forget_asking
from tropa.desk.vault.errors import NoGrant, NotTogether
from tropa.desk.vault.models import BreakGlass, BreakGlassPart, CaseGrant, CaseKey, StandbyShare
from tropa.desk.vault.services import (
    ask_together,
    open_case_seed,
    open_together,
    rotate_case,
    told_acts,
    withdraw_asking,
)
from tropa.desk.vault.standby import on_standby
from tropa.desk.vault.statements import break_glass_context
from tropa.envelope import seal

REASON = "Борис не отвечает третий день, человек на границе"


def coordinator(world: World, pseudonym: str) -> Person:
    return join(pseudonym, Role.COORDINATOR, world.anna.member.team, Certifier(ROOT.signing()), now=world.now)


@pytest.fixture
def dina(world: World) -> Person:
    """A second coordinator."""
    return coordinator(world, "Дина")


def boris_alone(world: World) -> tuple[object, Case]:
    """A case of two epochs that Boris alone holds."""
    written = world.write_in("тайна")
    case = take(reader=world.boris.reader(), thread=written.thread, second=world.vera.member)
    rotate_case(reader=world.boris.reader(), case=case)
    CaseGrant.objects.filter(member=world.vera.member).delete()
    Case.objects.update(second=None)
    written.thread.refresh_from_db()
    return written, Case.objects.get(pk=case.pk)


def test_two_coordinators_open_a_case_together(world: World, dina: Person) -> None:
    written, case = boris_alone(world)
    leave(reader=world.anna.reader(), member=world.boris.member)
    assert not CaseGrant.objects.filter(key__case=case).exists()
    assert on_standby([case.pk]) == {case.pk}
    act = ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    open_together(reader=dina.reader(), act_id=act.pk)
    for person in (world.anna, dina):
        assert set(open_case_seed(reader=person.reader(), case=case).each()) == {1, 2}
        [entry] = thread_entries(reader=person.reader(), thread=written.thread)  # type: ignore[attr-defined]
        assert entry.text == "тайна"
    case.refresh_from_db()
    assert (case.lead, case.second) == (world.anna.member, dina.member)


def test_neither_alone_learns_anything(world: World, dina: Person) -> None:
    _written, case = boris_alone(world)
    act = ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    for person in (world.anna, dina):
        with pytest.raises(NoGrant):
            open_case_seed(reader=person.reader(), case=case)
    with pytest.raises(NotTogether):
        open_together(reader=world.anna.reader(), act_id=act.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        BreakGlass.objects.update(done_by=world.anna.member)


def test_every_coordinator_is_told_who_and_why_and_nobody_else(world: World, dina: Person) -> None:
    galina = coordinator(world, "Галина")
    _written, case = boris_alone(world)
    act = ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    assert [one.may_join for one in told_acts(reader=world.anna.reader())] == [False]
    open_together(reader=dina.reader(), act_id=act.pk)
    for person in (world.anna, dina, galina):
        [told] = told_acts(reader=person.reader())
        assert (told.reason, told.may_join) == (REASON, False)
        assert (told.act.asked_by, told.act.done_by) == (world.anna.member, dina.member)
        acts = [one.act for one in latest_acts(reader=person.reader(), count=2)]
        assert acts == ["glass-broken", "glass-asked"]
    for outsider in (world.boris, world.vera, world.stranger):
        assert told_acts(reader=outsider.reader()) == []
    assert not BreakGlassPart.objects.exclude(sealed_parts=None).exists()


@pytest.mark.parametrize("who", ["boris", "vera", "stranger"])
def test_only_coordinators_ask_or_join(world: World, dina: Person, who: str) -> None:
    _written, case = boris_alone(world)
    reader = getattr(world, who).reader()
    with pytest.raises(NoGrant):
        ask_together(reader=reader, case=case, reason=REASON)
    act = ask_together(reader=dina.reader(), case=case, reason=REASON)
    with pytest.raises(NoGrant):
        open_together(reader=reader, act_id=act.pk)
    Member.objects.filter(pk=reader.member.pk).update(role=Role.COORDINATOR)
    reader = dataclasses.replace(reader, member=Member.objects.get(pk=reader.member.pk))
    with pytest.raises(NoGrant):
        open_together(reader=reader, act_id=act.pk)


def test_no_reason_and_nobody_else_are_no_act(world: World) -> None:
    _written, case = boris_alone(world)
    with pytest.raises(NotTogether):
        ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    coordinator(world, "Дина")
    with pytest.raises(NotTogether):  # she came later and has no part yet
        ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    tend(reader=world.boris.reader())
    with pytest.raises(NotTogether):
        ask_together(reader=world.anna.reader(), case=case, reason="  \n ")
    assert ask_together(reader=world.anna.reader(), case=case, reason=REASON)


def test_what_was_withdrawn_or_is_a_week_old_is_not_done(world: World, dina: Person) -> None:
    _written, case = boris_alone(world)
    act = ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    with pytest.raises(NotTogether):
        withdraw_asking(reader=dina.reader(), act_id=act.pk)
    withdraw_asking(reader=world.anna.reader(), act_id=act.pk)
    with pytest.raises(NotTogether):
        open_together(reader=dina.reader(), act_id=act.pk)
    again = ask_together(reader=world.anna.reader(world.now), case=case, reason=REASON)
    later = world.now + timedelta(days=8)
    with pytest.raises(NotTogether):
        open_together(reader=dina.reader(later), act_id=again.pk)
    assert forget_asking(on=later.date()) > 0
    assert not BreakGlassPart.objects.exists()


def test_planted_parts_and_reasons_open_and_say_nothing(world: World, dina: Person) -> None:
    _written, case = boris_alone(world)
    act = ask_together(reader=world.anna.reader(), case=case, reason=REASON)
    part = BreakGlassPart.objects.get(act=act, member=dina.member)
    public = dina.seed.sealing().public
    keys = {key.pk: (b"\x01" + bytes(35)).hex() for key in CaseKey.objects.filter(case=case)}
    place = break_glass_context(act.pk, dina.member.pk, "sealed_parts")
    part.sealed_parts = seal(public, place, json.dumps(keys).encode())
    place = break_glass_context(act.pk, dina.member.pk, "sealed_reason")
    part.sealed_reason = seal(public, place, json.dumps(["Так велела Анна", "00" * 65]).encode())
    part.save()
    with pytest.raises(NotTogether):
        open_together(reader=dina.reader(), act_id=act.pk)
    assert [one.reason for one in told_acts(reader=dina.reader())] == [""]
    assert ("vault_breakglasspart", str(part.pk)) in set(Refusal.objects.values_list("table", "row"))
    assert not CaseGrant.objects.filter(member=dina.member).exists()


def test_shares_swapped_between_coordinators_give_nothing(world: World, dina: Person) -> None:
    _written, case = boris_alone(world)
    mine = StandbyShare.objects.filter(member=dina.member).first()
    assert mine is not None
    StandbyShare.objects.filter(key=mine.key, member=world.anna.member).update(sealed=mine.sealed)
    with pytest.raises(NotTogether):
        ask_together(reader=world.anna.reader(), case=case, reason=REASON)


@pytest.mark.parametrize("column", ["sealed", "signature"])
def test_a_part_that_was_changed_opens_nothing_and_is_counted(
    world: World, dina: Person, column: str
) -> None:
    """Flipped, cut, emptied, moved or planted: nobody asks or joins with it, and coordinators see which case it was."""
    _written, case = boris_alone(world)
    mine = list(StandbyShare.objects.filter(key__case=case, member=world.anna.member).order_by("pk"))
    first, second = (bytes(getattr(share, column)) for share in mine)
    at = len(first) // 2
    ways = {
        "flip": first[:at] + bytes([first[at] ^ 1]) + first[at + 1 :],
        "cut": first[:-1],
        "empty": b"",
        "move": second,
        "plant": bytes(byte ^ 0xFF for byte in first),
    }
    client, page = signed_in(world.anna), f"/cases/{case.pk}/together/"  # the act is undone; its count is not
    for times, (way, changed) in enumerate(ways.items(), 1):
        StandbyShare.objects.filter(pk=mine[0].pk).update(**{column: changed})
        assert client.post(page, {"reason": REASON}).status_code == 409, way
        assert not BreakGlass.objects.exists(), way
        refused = Refusal.objects.get(table="vault_standbyshare")
        assert (refused.row, refused.times) == (case.pk, times), way
    StandbyShare.objects.filter(pk=mine[0].pk).update(**{column: first})
    assert client.post(page, {"reason": REASON}).status_code == 302
    assert BreakGlass.objects.get().case_id == case.pk


def test_other_coordinators_get_parts_of_their_own_when_a_holder_unlocks(world: World, dina: Person) -> None:
    _written, case = boris_alone(world)
    galina = coordinator(world, "Галина")
    leave(reader=world.anna.reader(), member=dina.member)
    tend(reader=world.boris.reader())
    people = set(StandbyShare.objects.values_list("member__pseudonym", flat=True))
    assert people == {"Анна", "Галина"}
    act = ask_together(reader=galina.reader(), case=case, reason=REASON)
    open_together(reader=world.anna.reader(), act_id=act.pk)
    assert open_case_seed(reader=galina.reader(), case=case)


def test_with_one_coordinator_there_are_no_parts(world: World) -> None:
    _written, case = boris_alone(world)
    assert not StandbyShare.objects.exists()
    assert on_standby([case.pk]) == set()


def test_a_case_led_alone_gets_a_second_holder_when_its_lead_unlocks(world: World) -> None:
    _written, case = boris_alone(world)
    tend(reader=world.boris.reader())
    case.refresh_from_db()
    assert case.second == world.anna.member
    assert set(open_case_seed(reader=world.anna.reader(), case=case).each()) == {1, 2}
