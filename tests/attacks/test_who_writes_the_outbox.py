"""Somebody who can write any row tries to have the gateway send something, or send something twice, late or to another.

Whatever they write, nothing reaches a person but what was signed for them, once; and what was refused is counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.attacks.test_who_writes_rows_says_nothing import planted_reply
from tests.channels.rig import Desk
from tests.channels.scenes import ended, run
from tests.channels.test_the_contract_in_memory import FakeRig
from tests.desk.plans.flow import TEXT, approved, released
from tropa.desk.atlas.services import stop
from tropa.desk.audit.models import Refusal
from tropa.desk.messengers.models import Address, Outgoing, OutgoingKind, OutgoingState
from tropa.desk.plans.models import Plan, PlanStep, Release, ReleaseState
from tropa.desk.plans.services import release_step, withdraw
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.services import reply, take
from tropa.envelope import Seed, wrap

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned
    from tests.desk.world import Person, World
    from tropa.desk.cases.models import Case

pytestmark = pytest.mark.django_db(transaction=True)
ANSWER = "Мы здесь."


@dataclass(slots=True)
class Reached:
    """Two people who wrote by messenger, told the truth; Boris holds both cases."""

    world: World
    rig: FakeRig
    desk: Desk
    thread: Thread
    other: Thread
    case: Case

    def deliver(self) -> list[str]:
        """Let the gateway run until nothing waits; what the first person's device shows of answers."""
        run(self.desk.live(lambda: asyncio.to_thread(_nothing_waits)))
        return self.shown("anna")

    def shown(self, person: str) -> list[str]:
        return [text for text in self.rig.texts_to(person) if not text.startswith("Everybody")]

    def answered(self, thread: Thread | None = None, text: str = ANSWER) -> Outgoing:
        """Boris answers; not sent yet."""
        thread = thread or self.thread
        entry = reply(reader=self.world.boris.reader(datetime.now(UTC)), thread=thread, text=text)
        return Outgoing.objects.get(entry=entry)


def _nothing_waits() -> bool:
    from django.db import connection

    try:
        waits = Outgoing.objects.filter(state__in=["queued", "sending"]).exists()
    finally:
        connection.close()
    return ended() and not waits


@pytest.fixture
def reached(world: World) -> Reached:
    rig = FakeRig()
    desk = Desk.of(rig)
    rig.service.write("anna", "Помогите")
    run(_taken_in(desk))
    thread = Thread.objects.get()
    rig.service.write("otto", "И мне")
    run(_taken_in(desk))
    other = Thread.objects.exclude(pk=thread.pk).get()
    boris = world.boris.reader()
    case = take(reader=boris, thread=thread, second=world.anna.member)
    take(reader=boris, thread=other, second=world.anna.member)
    thread.refresh_from_db()
    other.refresh_from_db()
    found = Reached(world, rig, desk, thread, other, case)
    found.deliver()
    return found


async def _taken_in(desk: Desk) -> None:
    await desk.take_in()


def test_what_was_signed_leaves_once(reached: Reached) -> None:
    reached.answered()
    assert reached.deliver() == [ANSWER]
    assert reached.deliver() == [ANSWER]
    assert not Refusal.objects.exists()


def forged_by(reached: Reached, author: Person) -> None:
    from tests.desk.world import Written

    written = Written(reached.thread, None, None, None)  # type: ignore[arg-type]
    planted_reply(reached.world, written, author)
    entry = Entry.objects.get(sequence=90)
    Outgoing.objects.create(kind=OutgoingKind.REPLY, thread=reached.thread, entry=entry)


def test_an_answer_nobody_who_may_answer_signed_does_not_leave(reached: Reached) -> None:
    forged_by(reached, reached.world.stranger)
    assert reached.deliver() == []
    assert Refusal.objects.filter(table="messengers_outgoing").exists()


@pytest.mark.parametrize("column", ["signature", "sealed_applicant", "sequence", "author"])
def test_a_changed_answer_does_not_leave(reached: Reached, column: str) -> None:
    row = reached.answered()
    other = reached.answered(reached.other, "Другому")
    assert row.entry is not None
    assert other.entry is not None
    values: dict[str, Any] = {
        "signature": bytes(other.entry.signature or b""),
        "sealed_applicant": bytes(other.entry.sealed_applicant or b""),
        "sequence": 77,
        "author": reached.world.vera.member,
    }
    Entry.objects.filter(pk=row.entry_id).update(**{column: values[column]})
    assert reached.deliver() == []
    assert Refusal.objects.filter(table="messengers_outgoing", row=row.key).exists()


def test_an_answer_to_one_is_not_led_to_another_by_its_thread(reached: Reached) -> None:
    row = reached.answered(reached.other, "Только Отто")
    Outgoing.objects.filter(pk=row.pk).update(thread=reached.thread)
    assert reached.deliver() == []
    Entry.objects.filter(pk=row.entry_id).update(thread=reached.thread, sequence=50)
    Outgoing.objects.filter(pk=row.pk).update(state=OutgoingState.QUEUED)
    assert reached.deliver() == []
    assert reached.shown("otto") == []


def test_an_answer_is_not_led_to_another_by_their_address(reached: Reached) -> None:
    theirs = Address.objects.get(pk=reached.other.pk)
    Address.objects.filter(pk=reached.thread.pk).update(sealed=bytes(theirs.sealed))
    reached.answered()
    assert reached.deliver() == []
    assert reached.shown("otto") == []


def test_an_address_sealed_by_a_stranger_is_not_believed(reached: Reached) -> None:
    """They know every public key, and none of the gateway's."""
    from tropa.gateway.addresses import AddressBook
    from tropa.gateway.addresses import Reached as Handle
    from tropa.gateway.credential import GatewayKeys

    own = AddressBook(GatewayKeys.generate())
    seed = Seed(bytes(range(32)))
    sealed = own.seal(reached.thread.pk, Handle("test", "otto", b"otto", seed, "ru"))
    Address.objects.filter(pk=reached.thread.pk).update(sealed=sealed)
    reached.answered()
    assert (reached.deliver(), reached.shown("otto")) == ([], [])


@pytest.mark.parametrize("anew", [False, True], ids=["its row put back", "a new row"])
def test_an_answer_that_was_sent_does_not_leave_again(reached: Reached, anew: bool) -> None:
    row = reached.answered()
    before = Entry.objects.filter(pk=row.entry_id).values().get()
    assert reached.deliver() == [ANSWER]
    Entry.objects.filter(pk=row.entry_id).update(sealed_applicant=before["sealed_applicant"])
    if anew:
        Outgoing.objects.filter(pk=row.pk).delete()
        Outgoing.objects.create(kind=OutgoingKind.REPLY, thread=reached.thread, entry_id=row.entry_id)
    else:
        Outgoing.objects.filter(pk=row.pk).update(state=OutgoingState.QUEUED, sealed_outcome=None)
    assert reached.deliver() == [ANSWER]
    assert Refusal.objects.filter(table="messengers_outgoing").exists()


@pytest.mark.parametrize("fault", ["unknown", "failed"])
def test_an_answer_that_ended_otherwise_does_not_leave_when_its_row_is_put_back(
    reached: Reached, fault: str
) -> None:
    row = reached.answered()
    before = Entry.objects.filter(pk=row.entry_id).values().get()
    if fault == "unknown":
        reached.rig.service.lose_next_reply = True
    else:
        reached.rig.service.block.add("anna")
    shown = reached.deliver()
    assert Outgoing.objects.get(pk=row.pk).state == fault
    reached.rig.service.block.clear()
    Entry.objects.filter(pk=row.entry_id).update(sealed_applicant=before["sealed_applicant"])
    Outgoing.objects.filter(pk=row.pk).update(state=OutgoingState.QUEUED)
    assert reached.deliver() == shown


def test_an_answer_taken_back_does_not_leave_when_its_row_is_put_back(reached: Reached) -> None:
    from tropa.desk.messengers.queueing import withdraw_waiting

    row = reached.answered()
    before = Entry.objects.filter(pk=row.entry_id).values().get()
    assert withdraw_waiting(reached.thread) == 1
    Entry.objects.filter(pk=row.entry_id).update(sealed_applicant=before["sealed_applicant"])
    Outgoing.objects.filter(pk=row.pk).update(state=OutgoingState.QUEUED)
    assert reached.deliver() == []


def test_an_answer_a_week_old_does_not_arrive_late(reached: Reached) -> None:
    row = reached.answered()
    reached.desk.ahead = timedelta(days=8)
    assert reached.deliver() == []
    assert Outgoing.objects.get(pk=row.pk).state == OutgoingState.EXPIRED


def test_an_automatic_text_somebody_else_wrote_or_moved_does_not_leave(reached: Reached) -> None:
    from tropa.gateway.automatic import _place

    reached.rig.service.write("nina", "Новая")
    run(_taken_in(reached.desk))
    genuine = Outgoing.objects.get(state=OutgoingState.QUEUED)
    moved = bytes(genuine.sealed or b"")
    Outgoing.objects.create(key="1" * 32, kind=OutgoingKind.AUTOMATIC, sealed=moved)
    key = Seed(bytes(32)).subkey("automatic messages")
    forged = wrap(key, _place("2" * 32), b"\x01{}", random=bytes)
    Outgoing.objects.create(key="2" * 32, kind=OutgoingKind.AUTOMATIC, sealed=forged)
    reached.deliver()
    assert len(reached.rig.texts_to("nina")) == 1
    assert Refusal.objects.filter(table="messengers_outgoing").count() == 2


def test_an_automatic_text_that_was_sent_does_not_leave_again(reached: Reached) -> None:
    reached.rig.service.write("nina", "Новая")
    run(_taken_in(reached.desk))
    values = Outgoing.objects.filter(state=OutgoingState.QUEUED).values().get()
    reached.deliver()
    Outgoing.objects.create(**values)
    reached.deliver()
    assert len(reached.rig.texts_to("nina")) == 1


def test_another_key_under_the_thread_gets_nothing(reached: Reached) -> None:
    row = reached.answered()
    Thread.objects.filter(pk=reached.thread.pk).update(applicant_public=bytes(reached.other.applicant_public))
    Outgoing.objects.filter(pk=row.pk).update(thread=reached.other)
    assert reached.deliver() == []
    assert reached.shown("otto") == []


# -- steps ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def on_the_way(reached: Reached) -> Iterator[Planned]:
    """A plan for the first person."""
    from tests.desk.plans.conftest import Planned
    from tests.desk.plans.example_plans import PERSON, ReadyPlanner
    from tests.desk.world import Written
    from tropa.desk.plans import planner
    from tropa.desk.plans.services import save_facts

    ready = ReadyPlanner()
    planner.use(ready)
    save_facts(reader=reached.world.boris.reader(), case=reached.case, facts=PERSON, version=0)
    written = Written(reached.thread, None, None, None)  # type: ignore[arg-type]
    yield Planned(reached.world, written, reached.case, ready)
    planner.use(None)


def test_a_released_step_leaves_once_and_its_copy_is_gone(reached: Reached, on_the_way: Planned) -> None:
    release = released(on_the_way)
    assert reached.deliver() == [TEXT]
    assert reached.deliver() == [TEXT]
    assert bytes(Release.objects.get(pk=release.pk).sealed_applicant) == b""


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (PlanStep, "author_signature"),
        (PlanStep, "approver_signature"),
        (PlanStep, "step_digest"),
        (Plan, "facts_digest"),
        (Plan, "expires"),
        (Plan, "version"),
        (Release, "sequence"),
        (Release, "releaser"),
    ],
)
def test_a_changed_step_does_not_leave(
    reached: Reached, on_the_way: Planned, model: type[Any], column: str
) -> None:
    release = released(on_the_way)
    values: dict[str, Any] = {
        "author_signature": bytes(64),
        "approver_signature": bytes(64),
        "step_digest": bytes(32),
        "facts_digest": bytes(32),
        "expires": release.step.plan.expires + timedelta(days=30),
        "version": 9,
        "sequence": 7,
        "releaser": reached.world.stranger.member,
    }
    rows = {PlanStep: release.step_id, Plan: release.step.plan_id, Release: release.pk}
    model.objects.filter(pk=rows[model]).update(**{column: values[column]})
    assert reached.deliver() == []
    assert Outgoing.objects.get(release=release).state == OutgoingState.REFUSED
    assert Refusal.objects.filter(table="messengers_outgoing").exists()


def test_a_step_is_not_led_to_another(reached: Reached, on_the_way: Planned) -> None:
    release = released(on_the_way)
    Release.objects.filter(pk=release.pk).update(thread=reached.other)
    Outgoing.objects.filter(release=release).update(thread=reached.other)
    assert (reached.deliver(), reached.shown("otto")) == ([], [])


@pytest.mark.parametrize("how", ["withdrawn", "stopped", "sent"])
def test_a_step_that_is_over_does_not_leave_when_its_rows_are_put_back(
    reached: Reached, on_the_way: Planned, how: str
) -> None:
    release = released(on_the_way)
    before = bytes(release.sealed_applicant)
    if how == "withdrawn":
        withdraw(reader=reached.world.anna.reader(), release=release)
    elif how == "stopped":
        stop(reader=reached.world.stranger.reader(), scope="AM", reason="Двоих выдали.")
        assert bytes(Release.objects.get(pk=release.pk).sealed_applicant) == b""  # before the gateway looks
    shown = reached.deliver()
    if how != "sent":
        assert Outgoing.objects.get(release=release).state == OutgoingState.WITHDRAWN
    Release.objects.filter(pk=release.pk).update(
        state=ReleaseState.RELEASED, sealed_applicant=before, gone_after=None
    )
    Outgoing.objects.filter(release=release).update(state=OutgoingState.QUEUED)
    assert reached.deliver() == shown
    assert shown == ([TEXT] if how == "sent" else [])


def test_an_older_step_does_not_leave_after_a_newer_one(reached: Reached, on_the_way: Planned) -> None:
    plan = approved(on_the_way)
    first = released(on_the_way, plan)
    before = bytes(first.sealed_applicant)
    second = release_step(
        reader=reached.world.boris.reader(), step=plan.steps.get(number=2), out_of_turn=True
    )
    shown = reached.deliver()
    assert TEXT not in shown
    Outgoing.objects.filter(release=second).delete()
    Release.objects.filter(pk=second.pk).delete()
    Release.objects.filter(pk=first.pk).update(state=ReleaseState.RELEASED, sealed_applicant=before)
    Outgoing.objects.filter(release=first).update(state=OutgoingState.QUEUED)
    assert reached.deliver() == shown


def test_a_step_of_a_plan_that_ran_out_does_not_leave_and_is_taken_back(
    reached: Reached, on_the_way: Planned
) -> None:
    release = released(on_the_way)
    Plan.objects.filter(pk=release.step.plan_id).update(expires=datetime.now(UTC) - timedelta(days=1))
    assert reached.deliver() == []
    assert Outgoing.objects.get(release=release).state == OutgoingState.EXPIRED
    assert Release.objects.get(pk=release.pk).state == ReleaseState.WITHDRAWN
