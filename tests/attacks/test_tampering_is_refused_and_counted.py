"""Whoever writes to the database flips, cuts, empties, moves or swaps what is sealed or signed: each time it is refused
by a named error or not shown, never as somebody's word, and the row is counted where coordinators see it.

Columns that hold bytes stand here: tried, or named with the file that tries them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import BinaryField

from tests.desk.plans.flow import approved, released, seen
from tests.desk.world import World, signed_in
from tropa.desk.audit.models import Refusal
from tropa.desk.cases.card import Card, Danger
from tropa.desk.cases.errors import CaseError
from tropa.desk.cases.services import open_card, save_card
from tropa.desk.plans.errors import PlansError
from tropa.desk.plans.opening import open_plan
from tropa.desk.plans.working_facts import saved_facts
from tropa.desk.retention.queries import kept
from tropa.desk.retention.services import hold_case
from tropa.desk.staff.errors import StaffError
from tropa.desk.staff.services import sign_in
from tropa.desk.talk.hand_over import hand_over, handed_over
from tropa.desk.talk.inbox import InboxFilters
from tropa.desk.talk.queries import open_draft, thread_entries
from tropa.desk.talk.saved_replies import save_reply, saved_replies
from tropa.desk.talk.saved_views import save_view, saved_views
from tropa.desk.talk.services import reply, save_draft
from tropa.desk.vault.break_glass import ask_together, told_acts
from tropa.desk.vault.duty import current_duty_epoch
from tropa.desk.vault.errors import VaultError
from tropa.desk.vault.services import case_public, open_case_seed, open_duty_seeds
from tropa.envelope import EnvelopeError

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

NAMED = (CaseError, EnvelopeError, PlansError, StaffError, VaultError)
HOLD, ASKED = "ждём суда", "Борис не отвечает"


@dataclass(frozen=True)
class Desk:
    """A case with everything in it, and a second one from which rows are moved."""

    planned: Planned

    @property
    def world(self) -> World:
        return self.planned.world

    def talk(self) -> str:
        return "\n".join(
            one.text
            for one in thread_entries(reader=self.world.boris.reader(), thread=self.planned.written.thread)
        )

    def draft(self) -> str:
        return open_draft(reader=self.world.boris.reader(), thread=self.planned.written.thread)

    def card(self) -> str:
        return str(open_card(reader=self.world.boris.reader(), case=self.planned.case)[0].danger)

    def facts(self) -> str:
        return str(saved_facts(reader=self.world.boris.reader(), case=self.planned.case))

    def plan(self) -> str:
        from tropa.desk.plans.models import Plan

        plan = Plan.objects.select_related("case", "author__issuer", "approver__issuer").get(
            case=self.planned.case
        )
        return open_plan(reader=self.world.boris.reader(), plan=plan).content.steps[0].text

    def step(self) -> str:
        return str(seen(self.planned))

    def seed(self) -> str:
        return open_case_seed(reader=self.world.boris.reader(), case=self.planned.case).seed.raw.hex()

    def sealing(self) -> str:
        return case_public(self.planned.case).public.raw.hex()

    def duty(self) -> str:
        return "".join(seed.raw.hex() for seed in open_duty_seeds(reader=self.world.vera.reader()).values())

    def epoch(self) -> str:
        return bytes(current_duty_epoch().seal_public).hex()

    def why(self) -> str:
        return kept(reader=self.world.boris.reader(), case=self.planned.case).hold_reason

    def told(self) -> str:
        return "".join(each.reason for each in told_acts(reader=self.world.anna.reader()))

    def signing_in(self) -> str:
        boris, now = self.world.boris, self.world.now
        return str(sign_in(pseudonym="Борис", password=boris.kept.password, code=boris.code(now), now=now)[0])

    def handed(self) -> str:
        return "".join(each.text for each in handed_over(reader=self.world.vera.reader()))

    def replies(self) -> str:
        return "".join(each.text for each in saved_replies(reader=self.world.boris.reader()))

    def views(self) -> str:
        return "".join(each.name for each in saved_views(reader=self.world.boris.reader()))

    def page(self) -> str:
        return self.client.get(f"/threads/{self.planned.written.thread.pk}/").content.decode()

    client: Any = None


@dataclass(frozen=True)
class Row:
    """Whose row of a table is written to, by a column, and how it is looked at. `first`: what has to be emptied so
    that it is opened as for the first time.
    """

    look: str
    by: str
    first: tuple[str, ...] = ()


CASE, THREAD, KEY = "case_id", "thread_id", "key_id"
TRIED = {
    "talk_entry.wrapped": Row("talk", THREAD),
    "talk_entry.sealed": Row("talk", THREAD, ("wrapped",)),
    "talk_entry.signature": Row("talk", THREAD, ("wrapped",)),
    "talk_draft.sealed": Row("draft", THREAD),
    "cases_triagecard.wrapped": Row("card", CASE),
    "plans_planfacts.wrapped": Row("facts", CASE),
    "plans_plan.wrapped": Row("plan", CASE),
    "plans_plan.facts_digest": Row("plan", CASE),
    "plans_planstep.author_signature": Row("plan", "plan_id"),
    "plans_planstep.approver_signature": Row("plan", "plan_id"),
    "plans_planstep.step_digest": Row("plan", "plan_id"),
    "plans_release.sealed_applicant": Row("step", THREAD),
    "vault_casegrant.wrapped": Row("seed", "member_id"),
    "vault_casegrant.sealed": Row("seed", "member_id", ("wrapped",)),
    "vault_casegrant.signature": Row("seed", "member_id", ("wrapped",)),
    "vault_casekey.seal_public": Row("sealing", CASE),
    "vault_casekey.sign_public": Row("sealing", CASE),
    "vault_casekey.signature": Row("sealing", CASE),
    "vault_casekey.link": Row("sealing", CASE),
    "vault_dutygrant.wrapped": Row("duty", "member_id"),
    "vault_dutygrant.sealed": Row("duty", "member_id", ("wrapped",)),
    "vault_dutygrant.signature": Row("duty", "member_id", ("wrapped",)),
    "vault_dutyepoch.seal_public": Row("epoch", "id"),
    "vault_dutyepoch.sign_public": Row("epoch", "id"),
    "vault_dutyepoch.signature": Row("epoch", "id"),
    "vault_breakglasspart.sealed_reason": Row("told", "member_id"),
    "retention_hold.sealed_reason": Row("why", CASE),
    "talk_handover.sealed": Row("handed", "author_id"),
    "talk_handover.signature": Row("handed", "author_id"),
    "talk_savedreply.sealed": Row("replies", "team_id"),
    "talk_savedview.sealed": Row("views", "member_id"),
    "staff_member.totp_sealed": Row("signing_in", "id"),
    "staff_member.seal_public": Row("page", "id"),
    "staff_member.sign_public": Row("page", "id"),
    "staff_member.certificate": Row("page", "id"),
    "staff_visit.sealed_seed": Row("page", "member_id"),
}
WHOLE_ALL_THE_SAME = {"talk_entry.wrapped"}
"""What was sealed still stands beside it."""
LOOKS_LIKE_WHAT_IS_GONE = {("plans_release.sealed_applicant", "empty")}
"""A step whose text was emptied looks like one the person has read, and shows as little."""

PASSPHRASE = "tests/desk/staff/test_slots_that_were_changed_are_counted.py"  # a file
RECOVERY = "tests/desk/vault/test_recovery.py"
COPIES = "tests/attacks/test_tampering_with_copies_for_recovery_is_counted.py"
OUTBOX = "tests/attacks/test_who_writes_the_outbox.py"
EXHIBITS = "tests/desk/retention/test_exhibits.py"
LOG = "tests/desk/audit/test_the_log.py"
MOVES = "tests/channels/test_a_person_takes_their_conversation_along.py"
CONTACTS = "tests/desk/contacts/test_two_coordinators_sign_a_list.py"
NEWS = "tests/channels/test_news_about_our_addresses.py"
ELSEWHERE = {
    "staff_member.slot_one": PASSPHRASE, "staff_member.slot_two": PASSPHRASE,
    "staff_member.companion_sealed": PASSPHRASE,
    "staff_member.alarms_sealed": "tests/attacks/test_who_forces_somebody_to_unlock.py",
    "staff_member.recovery_codes_sealed": "tests/desk/staff/test_recovery_codes.py",
    "staff_passkey.passkey_sealed": "tests/desk/staff/test_passkeys.py",
    "atlas_change.signature": "tests/desk/atlas/test_planted_rows_change_nothing.py",
    "atlas_change.second_signature": "tests/desk/atlas/test_planted_rows_change_nothing.py",
    "contacts_publishingkey.sign_public": CONTACTS, "contacts_publishingkey.certificate": CONTACTS,
    "contacts_contactnotice.signature": NEWS, "contacts_contactnotice.second_signature": NEWS,
    "contacts_contactlist.signature": CONTACTS, "contacts_contactlist.second_signature": CONTACTS,
    "library_answerchange.signature": "tests/desk/library/test_two_people_write_an_answer.py",
    "library_answerchange.second_signature": "tests/desk/library/test_two_people_write_an_answer.py",
    "vault_dutylink.sealed": "tests/desk/vault/test_shifts.py",
    "vault_standbyshare.sealed": "tests/desk/vault/test_break_glass.py",
    "vault_standbyshare.signature": "tests/desk/vault/test_break_glass.py",
    "vault_breakglasspart.sealed_parts": "tests/desk/vault/test_break_glass.py",
    "vault_dutyepoch.recovery": COPIES, "vault_casekey.recovery": COPIES, "retention_exhibit.recovery": COPIES,
    "vault_dutyepoch.recovery_signature": COPIES, "vault_casekey.recovery_signature": COPIES,
    "retention_exhibit.recovery_signature": COPIES, "cases_triagecard.sealed": RECOVERY,
    "plans_planfacts.sealed": RECOVERY, "plans_plan.sealed": RECOVERY, "plans_release.sealed": RECOVERY,
    "plans_release.wrapped": "tests/desk/plans/test_forged_rows_are_never_shown.py",
    "plans_plan.sealed_reason": "tests/attacks/test_who_writes_rows_says_nothing.py",
    "plans_plan.fact_tags": "tests/attacks/test_who_writes_rows_says_nothing.py",
    "talk_thread.applicant_public": "tests/attacks/test_who_writes_rows_reads_nothing_new.py",
    "talk_entry.sealed_applicant": "tests/desk/talk/test_answers.py",
    "talk_chunk.sealed": "tests/desk/talk/test_bodies_and_files.py",
    "messengers_address.sealed": OUTBOX, "messengers_outgoing.sealed": OUTBOX,
    "messengers_outgoing.sealed_outcome": "tests/desk/messengers/test_a_thread_tells_the_truth_about_its_channel.py",
    "messengers_moveticket.sealed": MOVES, "messengers_doorway.sealed": MOVES,
    "staff_member.abilities_sealed": "tests/desk/talk/test_assigning.py",
    "messengers_outgoing.sealed_remote": OUTBOX, "messengers_channelstate.sealed": "tests/channels/rig.py",
    "push_pushsubscription.sealed": "tests/gateway/test_notices_outside_the_page.py",
    "vault_callinaddress.sealed": "tests/attacks/test_who_wants_to_reach_a_volunteer.py",
    "work_opencopy.sealed": "tests/desk/work/test_the_sentinel.py",
    "work_finding.sealed": "tests/desk/work/test_the_sentinel.py",
    "work_finding.signature": "tests/desk/work/test_the_sentinel.py",
    "retention_closing.sealed_reason": "tests/desk/retention/test_closing.py",
    "retention_exhibit.sealed": EXHIBITS,
    "retention_exhibit.signature": EXHIBITS,
    "retention_exhibitkey.sealed": EXHIBITS, "retention_exhibitchunk.sealed": EXHIBITS,
    "retention_receipt.signature": "tests/desk/retention/test_receipts.py",
    "audit_record.sealed": LOG, "audit_record.previous": LOG, "audit_record.hash": LOG,
}  # fmt: skip


def test_every_column_that_is_named_is_there_and_so_is_its_test() -> None:
    columns = {
        f"{model._meta.db_table}.{each.column}"
        for model in apps.get_models()
        for each in model._meta.concrete_fields
        if isinstance(each, BinaryField)
    }
    assert columns == TRIED.keys() | ELSEWHERE.keys()
    assert not TRIED.keys() & ELSEWHERE.keys()
    checkout = Path(__file__).resolve().parents[2]
    assert all((checkout / path).is_file() for path in ELSEWHERE.values())


@pytest.fixture
def desk(planned: Planned) -> Desk:
    world, boris, case = planned.world, planned.world.boris.reader(), planned.case
    save_card(reader=boris, case=case, card=Card(danger=Danger.YES), version=0)
    approved(planned)
    released(planned, _newest_plan(planned))
    reply(reader=boris, thread=planned.written.thread, text="Ответ Бориса")
    save_draft(reader=boris, thread=planned.written.thread, text="Черновик Бориса")
    hold_case(reader=boris, case=case, last_day=world.now.date() + timedelta(days=9), reason=HOLD)
    hand_over(reader=world.vera.reader(), text="Посольство не отвечает")
    save_reply(reader=boris, reply_id="", title="Прочитано", text="Мы прочитали ваше письмо.", version=0)
    save_view(reader=boris, name="Мои", filters=InboxFilters())
    other, others_case = world.taken("Другое письмо")
    save_draft(reader=boris, thread=other.thread, text="Другой черновик")
    save_card(reader=boris, case=others_case, card=Card(danger=Danger.NO), version=0)
    _asked_together(world, planned)
    desk = Desk(planned, signed_in(world.boris))
    for row in {row.look: row for row in TRIED.values()}.values():
        if row.look != "signing_in":
            assert getattr(desk, row.look)()
    assert not Refusal.objects.exists()
    return desk


def _newest_plan(planned: Planned) -> Any:
    from tropa.desk.plans.models import Plan

    return Plan.objects.get(case=planned.case)


def _asked_together(world: World, planned: Planned) -> None:
    from tests.desk.world import ROOT, join
    from tropa.desk.staff.joining import Certifier
    from tropa.desk.staff.models import Role
    from tropa.desk.staff.tending import tend

    join("Дина", Role.COORDINATOR, world.anna.member.team, Certifier(ROOT.signing()), now=world.now)
    tend(reader=world.boris.reader())
    ask_together(reader=world.anna.reader(), case=planned.case, reason=ASKED)


def _flip(value: bytes, _others: list[bytes]) -> bytes:
    at = secrets.randbelow(len(value))
    return value[:at] + bytes([value[at] ^ 1 << secrets.randbelow(8)]) + value[at + 1 :]


def _move(value: bytes, others: list[bytes]) -> bytes:
    """What lies in another row, or a stranger's bytes of the same length where there is none."""
    return next((other for other in others if other != value), secrets.token_bytes(len(value)))


WAYS: dict[str, Callable[[bytes, list[bytes]], bytes]] = {
    "flip": _flip,
    "cut": lambda value, _others: value[:-1],
    "cut short": lambda value, _others: value[: len(value) // 2],
    "empty": lambda _value, _others: b"",
    "plant": lambda value, _others: secrets.token_bytes(len(value)),
    "move": _move,
    "repeat": lambda value, _others: value + value,
}


def test_each_way_is_refused_and_counted(desk: Desk) -> None:
    tried = 0
    for column, row in TRIED.items():
        table, name = column.split(".")
        whose = _whose(desk, row.by)
        genuine = getattr(desk, row.look)() if row.look != "signing_in" else ""
        for way, changed in WAYS.items():
            if (column, way) in LOOKS_LIKE_WHAT_IS_GONE:
                continue
            with undone():
                _write(table, name, row, whose, changed)
                shown = ""
                with suppress(*NAMED):
                    shown = getattr(desk, row.look)()
                assert (shown == genuine) is (column in WHOLE_ALL_THE_SAME or not genuine), (column, way)
                assert Refusal.objects.exists(), (column, way)
            tried += 1
    assert tried > 200


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


def _whose(desk: Desk, by: str) -> str:
    planned = desk.planned
    match by:
        case "case_id":
            return planned.case.pk
        case "thread_id":
            return planned.written.thread.pk
        case "plan_id":
            return str(_newest_plan(planned).pk)
        case _:
            return ""


def _write(
    table: str, name: str, row: Row, whose: str, changed: Callable[[bytes, list[bytes]], bytes]
) -> None:
    """Change the column in every row that is looked at."""
    model = next(each for each in apps.get_models() if each._meta.db_table == table)
    mine = model._default_manager.exclude(**{name: None})
    if whose:
        mine = mine.filter(**{row.by: whose})
    values = {each.pk: bytes(getattr(each, name)) for each in mine}
    others = [bytes(getattr(each, name)) for each in model._default_manager.exclude(**{name: None})]
    assert values
    for key, value in values.items():
        empty = dict.fromkeys(row.first)
        with connection.cursor() as cursor:
            settings = ", ".join(f"{each} = %s" for each in (name, *empty))
            primary = model._meta.pk.column
            cursor.execute(
                f"UPDATE {table} SET {settings} WHERE {primary} = %s",  # noqa: S608
                [changed(value, [one for one in others if one != value]), *empty.values(), key],
            )
