"""Somebody who can write any row, alone or with one volunteer's key, tries to say something in another's name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.plans.flow import approved, asked, released, seen
from tests.desk.world import signed_in
from tropa.desk.cases.card import Card, Danger
from tropa.desk.cases.card import encode as encode_card
from tropa.desk.cases.models import TriageCard
from tropa.desk.cases.services import _context as card_place
from tropa.desk.cases.services import open_card, save_card
from tropa.desk.identifiers import new_id
from tropa.desk.plans.applicant import acknowledge, done, keep
from tropa.desk.plans.check_ins import missed_check_ins
from tropa.desk.plans.errors import FactsDoNotOpen
from tropa.desk.plans.models import Plan, PlanFacts, PlanState, Release, ReleaseState
from tropa.desk.plans.opening import open_plan
from tropa.desk.plans.sealing import place, seal_into
from tropa.desk.plans.services import release_step, save_facts, saved_facts, withdraw
from tropa.desk.staff.models import Gender, Member
from tropa.desk.talk.applicant import unread_replies
from tropa.desk.talk.applicants import applicant_public
from tropa.desk.talk.body import AuthorNote, EntryBody, encode
from tropa.desk.talk.inbox import InboxFilters, inbox_page
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.queries import Problem, thread_entries
from tropa.desk.talk.seals import open_entry, seal_entry, seal_for_applicant, sign_entry
from tropa.desk.vault.services import case_public, open_case_seed
from tropa.envelope import CannotOpen, EnvelopeError, open_sealed, seal
from tropa.planning.plan_json import to_json

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned
    from tests.desk.world import Person, World, Written


def planted_reply(world: World, written: Written, author: Person) -> None:
    """An answer somebody on staff signs and writes straight into the table."""
    body = EntryBody(
        text="Идите к военкомату",
        at=world.now,
        kind=EntryKind.REPLY,
        author=AuthorNote(author.member.pk, "Борис", Gender.MASCULINE),
    )
    content = encode(body)
    case = case_public(Thread.objects.get(pk=written.thread.pk).case)
    entry = Entry(
        id=new_id(),
        thread=written.thread,
        sequence=90,
        kind=EntryKind.REPLY,
        case_epoch=case.epoch,
        author=author.member,
        size_class=512,
        day=world.now.date(),
    )
    entry.sealed = seal_entry(entry, case.public, content)
    entry.sealed_applicant = seal_for_applicant(entry, applicant_public(written.thread).sealing, content)
    entry.signature = sign_entry(entry, author.seed.signing(), content)
    entry.save(force_insert=True)


def shown_replies(world: World, written: Written) -> list[str]:
    replies = unread_replies(thread=written.thread, seed=written.keys.seed, now=world.now)
    return [one.text for one in replies]


def test_a_researchers_signature_is_no_answer(world: World) -> None:
    written, _case = world.taken()
    planted_reply(world, written, world.stranger)
    assert shown_replies(world, written) == []


def test_somebody_who_has_left_answers_nobody(world: World) -> None:
    written, _case = world.taken()
    Member.objects.filter(pk=world.vera.member.pk).update(active=False)
    planted_reply(world, written, world.vera)
    assert shown_replies(world, written) == []


def test_an_adviser_does_not_answer_under_a_colleagues_pseudonym(world: World) -> None:
    written, _case = world.taken()
    planted_reply(world, written, world.vera)
    replies = unread_replies(thread=written.thread, seed=written.keys.seed, now=world.now)
    assert [one.author_pseudonym for one in replies] in ([], ["Вера"])


def test_words_in_the_applicants_name_are_not_believed(world: World) -> None:
    written, case = world.taken()
    key = case_public(case)
    body = EntryBody(text="Всё хорошо, больше не пишите", at=world.now, kind=EntryKind.SAFE)
    entry = Entry(
        id=new_id(),
        thread=written.thread,
        sequence=91,
        kind=EntryKind.SAFE,
        case_epoch=key.epoch,
        size_class=512,
        day=world.now.date(),
    )
    entry.sealed = seal_entry(entry, key.public, encode(body))
    entry.save(force_insert=True)
    written.thread.refresh_from_db()
    read = thread_entries(reader=world.boris.reader(), thread=written.thread)
    assert all(one.problem for one in read if one.id == entry.id)


def test_words_planted_where_the_inbox_looks_are_not_shown(world: World) -> None:
    """First as a note that opens, so that it is kept wrapped; then called the applicant's."""
    written, case = world.taken()
    key = case_public(case)
    entry = Entry(
        id=new_id(),
        thread=written.thread,
        sequence=91,
        kind=EntryKind.NOTE,
        case_epoch=key.epoch,
        size_class=512,
        day=world.now.date(),
    )
    for said in (EntryKind.NOTE, EntryKind.APPLICANT):
        entry.id = new_id()
        entry.sealed = seal_entry(entry, key.public, encode(EntryBody("Не пишите", world.now, kind=said)))
        entry.save(force_insert=True)
        thread_entries(reader=world.boris.reader(), thread=written.thread)
        Entry.objects.filter(pk=entry.pk).update(kind=EntryKind.APPLICANT)
        Thread.objects.filter(pk=written.thread.pk).update(last_heard=91)
        [row] = inbox_page(reader=world.boris.reader(), filters=InboxFilters())
        assert (row.words, row.broken) == ("", True)
        Entry.objects.filter(pk=entry.pk).delete()


def test_words_signed_for_another_place_are_not_believed(world: World) -> None:
    """What they once wrote, sealed anew and put at the end: a signature holds in one place."""
    written, case = world.taken()
    key = case_public(case)
    first = Entry.objects.get(pk=written.entry.pk)
    seed = open_case_seed(reader=world.boris.reader(), case=case).seed
    content = open_entry(first, seed.sealing())
    entry = Entry(
        id=new_id(),
        thread=written.thread,
        sequence=92,
        kind=EntryKind.APPLICANT,
        case_epoch=key.epoch,
        signature=bytes(first.signature),
        size_class=512,
        day=world.now.date(),
    )
    entry.sealed = seal_entry(entry, key.public, content)
    entry.save(force_insert=True)
    read = thread_entries(reader=world.boris.reader(), thread=written.thread)
    assert [one.problem for one in read] == [None, Problem.NOT_SIGNED]


def test_planted_plan_facts_are_not_planned_on(planned: Planned) -> None:
    saved = saved_facts(reader=planned.world.boris.reader(), case=planned.case)
    assert saved is not None
    row = PlanFacts.objects.get(case=planned.case)
    forged = to_json(replace(saved.person, money_euros=99_000, statuses=())).encode()
    sealed = seal(case_public(planned.case).public, place(row, "sealed"), forged)
    PlanFacts.objects.update(sealed=sealed, wrapped=None)
    try:
        again = saved_facts(reader=planned.world.boris.reader(), case=planned.case)
    except (EnvelopeError, FactsDoNotOpen):
        return
    assert again is not None
    assert again.person == saved.person


def test_a_planted_card_is_not_read(planned: Planned) -> None:
    reader = planned.world.boris.reader()
    save_card(reader=reader, case=planned.case, card=Card(danger=Danger.YES), version=0)
    sealed = seal(
        case_public(planned.case).public,
        card_place(planned.case.pk, "sealed", 1),
        encode_card(Card(danger=Danger.NO)),
    )
    TriageCard.objects.update(sealed=sealed, wrapped=None)
    try:
        card, _version = open_card(reader=reader, case=planned.case)
    except Exception:  # noqa: BLE001  refused is as good
        return
    assert card.danger is Danger.YES


def test_a_planted_return_does_not_speak_for_anna(planned: Planned) -> None:
    plan = asked(planned)
    words = "Выбросьте этот план"
    body = {"by": planned.world.anna.member.pk, "reasons": [], "words": words, "at": ""}
    sealed = seal(case_public(planned.case).public, place(plan, "sealed_reason"), json.dumps(body).encode())
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.RETURNED, sealed_reason=sealed)
    page = signed_in(planned.world.boris).get(f"/review/{plan.pk}/").content.decode()
    assert words not in page


def test_a_withdrawn_step_put_back_is_not_shown(planned: Planned) -> None:
    release = released(planned)
    before = bytes(release.sealed_applicant)
    withdraw(reader=planned.world.anna.reader(), release=release)
    Release.objects.filter(pk=release.pk).update(
        state=ReleaseState.RELEASED, sealed_applicant=before, gone_after=None
    )
    assert seen(planned) is None


def test_a_voided_plan_made_approved_again_shows_nothing(planned: Planned) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    before = bytes(release.sealed_applicant)
    saved = saved_facts(reader=planned.world.boris.reader(), case=planned.case)
    assert saved is not None
    save_facts(
        reader=planned.world.boris.reader(),
        case=planned.case,
        facts=replace(saved.person, money_euros=10),
        version=saved.version,
    )
    assert seen(planned) is None
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED)
    Release.objects.filter(pk=release.pk).update(state=ReleaseState.RELEASED, sealed_applicant=before)
    assert seen(planned) is None


def test_an_older_version_is_not_shown_because_the_newer_is_called_returned(planned: Planned) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    before = bytes(release.sealed_applicant)
    newer = approved(planned)
    Plan.objects.filter(pk=newer.pk).update(state=PlanState.RETURNED)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED)
    Release.objects.filter(pk=release.pk).update(state=ReleaseState.RELEASED, sealed_applicant=before)
    assert seen(planned) is None


def test_a_step_that_is_done_is_not_shown_after_the_next_was_taken_away(planned: Planned) -> None:
    plan = approved(planned)
    first = released(planned, plan)
    assert seen(planned) is not None
    assert done(thread=planned.written.thread, release_id=first.pk)
    second = release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=2))
    Release.objects.filter(pk=second.pk).delete()
    Release.objects.filter(pk=first.pk).update(state=ReleaseState.RELEASED, gone_after=None)
    assert seen(planned) is None


def test_a_holder_who_empties_the_list_of_facts_after_approval_is_found_out(planned: Planned) -> None:
    """Boris, who holds the case, rewrites the approved row so that no closed fact stops the release."""
    plan = approved(planned)
    reader = planned.world.boris.reader()
    found = open_plan(reader=reader, plan=plan)
    assert found.content.plan.facts
    forged = replace(found.content, plan=replace(found.content.plan, facts=(), worst_euros=1))
    seal_into(plan, planned.case, open_case_seed(reader=reader, case=planned.case), forged.encode())
    Plan.objects.filter(pk=plan.pk).update(sealed=plan.sealed, wrapped=plan.wrapped)
    from tropa.desk.plans.errors import Altered

    with pytest.raises(Altered):
        open_plan(reader=planned.world.anna.reader(), plan=Plan.objects.get(pk=plan.pk))


def with_check_in(planned: Planned) -> tuple[Release, timedelta]:
    plan = approved(planned)
    due = planned.world.now + timedelta(hours=1)
    release = release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=1), check_in=due)
    return release, timedelta(hours=2)


@pytest.mark.parametrize("columns", [("wrapped",), ("wrapped", "sealed")])
def test_a_missed_check_in_is_not_hidden_by_breaking_its_row(
    planned: Planned, columns: tuple[str, ...]
) -> None:
    release, later = with_check_in(planned)
    Release.objects.filter(pk=release.pk).update(**dict.fromkeys(columns, b"\x01" + bytes(300)))
    at = planned.world.now + later
    assert missed_check_ins(reader=planned.world.anna.reader(at), now=at)


@pytest.mark.parametrize(("column", "value"), [("checked_in", True), ("state", ReleaseState.DONE)])
def test_a_missed_check_in_is_not_hidden_by_a_column(planned: Planned, column: str, value: object) -> None:
    release, later = with_check_in(planned)
    Release.objects.filter(pk=release.pk).update(**{column: value})
    at = planned.world.now + later
    assert missed_check_ins(reader=planned.world.anna.reader(at), now=at)


def test_broken_plan_facts_are_a_sentence_and_not_an_error(planned: Planned) -> None:
    PlanFacts.objects.update(sealed=b"\x01" + bytes(1300), wrapped=b"\x01" + bytes(300))
    client = signed_in(planned.world.boris)
    client.raise_request_exception = False
    assert client.get(f"/cases/{planned.case.pk}/plan/").status_code < 500


def test_a_step_that_was_read_no_longer_opens_with_the_words(planned: Planned) -> None:
    release = released(planned)
    assert seen(planned) is not None
    acknowledge(thread=planned.written.thread, release_id=release.pk)
    stored = Release.objects.get(pk=release.pk)
    with pytest.raises(CannotOpen):
        open_sealed(
            planned.written.keys.seed.sealing(),
            place(stored, "sealed_applicant"),
            bytes(stored.sealed_applicant),
        )


def test_a_step_that_was_erased_does_not_come_back_by_keeping_it(planned: Planned) -> None:
    release = released(planned)
    assert seen(planned) is not None
    acknowledge(thread=planned.written.thread, release_id=release.pk)
    assert seen(planned) is None
    keep(thread=planned.written.thread, release_id=release.pk)
    assert seen(planned) is None


def test_a_member_whose_role_was_raised_in_the_row_approves_nothing_that_is_shown(planned: Planned) -> None:
    plan = asked(planned)
    Member.objects.filter(pk=planned.world.vera.member.pk).update(role="coordinator")
    from tropa.desk.plans.services import approve
    from tropa.desk.vault.errors import NoGrant

    with pytest.raises(NoGrant):
        approve(reader=planned.world.vera.reader(), plan=plan)


def test_an_approval_written_into_the_row_sends_nothing(planned: Planned) -> None:
    from tropa.desk.plans.errors import Altered

    plan = asked(planned)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED, approver=planned.world.anna.member)
    with pytest.raises(Altered):
        release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=1))
    for step in plan.steps.all():
        step.approver_signature = bytes(step.author_signature)
        step.save()
    with pytest.raises(Altered):
        release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=1))


def test_an_author_exchanged_for_the_approver_lets_nobody_approve_their_own(planned: Planned) -> None:
    """Boris wrote it; the row now says Anna did, so that Boris may 'approve'."""
    from tropa.desk.plans.errors import Altered
    from tropa.desk.plans.services import approve

    plan = asked(planned)
    Plan.objects.filter(pk=plan.pk).update(author=planned.world.anna.member)
    with pytest.raises(Altered):
        approve(reader=planned.world.boris.reader(), plan=plan)


def test_an_expiry_moved_on_is_refused_everywhere(planned: Planned) -> None:
    from tropa.desk.plans.errors import Altered

    plan = approved(planned)
    released(planned, plan)
    Plan.objects.filter(pk=plan.pk).update(expires=plan.expires + timedelta(days=90))
    assert seen(planned) is None
    with pytest.raises(Altered):
        release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=2), out_of_turn=True)


def test_signatures_swapped_between_steps_are_refused(planned: Planned) -> None:
    from tropa.desk.plans.errors import Altered

    plan = approved(planned)
    one, two = plan.steps.get(number=1), plan.steps.get(number=2)
    one.author_signature, two.author_signature = two.author_signature, one.author_signature
    one.save()
    two.save()
    with pytest.raises(Altered):
        release_step(reader=planned.world.boris.reader(), step=one)


def test_a_step_of_an_applicants_twin_thread_with_the_same_case_is_not_shown(planned: Planned) -> None:
    release = released(planned)
    twin = planned.world.write_in("Второй телефон")
    Thread.objects.filter(pk=twin.thread.pk).update(case=planned.case, duty_epoch=None)
    Release.objects.filter(pk=release.pk).update(thread=twin.thread)
    Plan.objects.update(thread=twin.thread)
    from tropa.desk.plans.applicant import current_step

    thread = Thread.objects.get(pk=twin.thread.pk)
    assert current_step(thread=thread, seed=twin.keys.seed, now=planned.world.now) is None
