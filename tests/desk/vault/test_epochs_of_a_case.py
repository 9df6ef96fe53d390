"""A case gets a new key when somebody is shut out or let in without its history; every row opens by its own epoch."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.plans.flow import approved, asked, released, seen
from tests.desk.world import RECOVERY
from tropa.desk.audit.queries import latest_acts
from tropa.desk.cases.card import Card, Danger
from tropa.desk.cases.services import open_card, save_card
from tropa.desk.plans.opening import open_plan
from tropa.desk.plans.services import return_plan, save_facts, saved_facts
from tropa.desk.staff.leaving import leave, queued_rotations
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.files import IncomingFile, open_file
from tropa.desk.talk.inbox import InboxFilters, inbox_page
from tropa.desk.talk.models import Draft, Entry
from tropa.desk.talk.queries import Problem, open_draft, thread_entries
from tropa.desk.talk.seals import open_entry
from tropa.desk.talk.services import note, release_to_duty, reply, save_draft
from tropa.desk.vault.errors import BeforeGrant, LastHolder, NoGrant
from tropa.desk.vault.models import CaseGrant, CaseKey
from tropa.desk.vault.recovery import reach_of
from tropa.desk.vault.services import (
    case_public,
    due_for_a_key,
    grant_case,
    open_case_seed,
    revoke_case,
    rotate_case,
    rotate_what_is_due,
)
from tropa.envelope import CannotOpen

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned
    from tests.desk.world import Person, World, Written


def writes(written: Written, world: World, text: str) -> Entry:
    """The applicant writes once more, with a file."""
    return receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text=text, at=world.now),
        files=[IncomingFile("повестка.txt", "text/plain", text.encode())],
        dedupe_tag=text[:30],
        now=world.now,
    ).entry


def read(person: Person, written: Written) -> list[tuple[str, Problem | None]]:
    entries = thread_entries(reader=person.reader(), thread=written.thread)
    return [(entry.text, entry.problem) for entry in entries]


def test_a_new_key_is_held_by_all_who_held_the_case_and_seals_what_comes(world: World) -> None:
    written, case = world.taken("старое")
    assert rotate_case(reader=world.boris.reader(), case=case) == 2
    entry = writes(written, world, "новое")
    assert entry.case_epoch == case_public(case).epoch == 2
    for person in (world.boris, world.anna):
        held = open_case_seed(reader=person.reader(), case=case)
        assert (held.epoch, set(held.earlier)) == (2, {1})
        assert read(person, written) == [("старое", None), ("новое", None)]
        with pytest.raises(CannotOpen):
            open_entry(entry, held.at(1).seed.sealing())
    assert "rotated" in {act.act for act in latest_acts(reader=world.anna.reader(), count=3)}


def test_somebody_shut_out_opens_nothing_and_their_seed_nothing_that_comes(world: World) -> None:
    written, case = world.taken("старое")
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    copied = open_case_seed(reader=world.vera.reader(), case=case)
    revoke_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.vera.reader(), case=case)
    entry = writes(written, world, "новое")
    answer = reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    for later in (entry, answer):
        with pytest.raises(CannotOpen):
            open_entry(Entry.objects.get(pk=later.pk), copied.seed.sealing())
    assert not CaseGrant.objects.filter(member=world.vera.member).exists()


def test_granted_without_history_one_reads_what_is_written_from_then_on(planned: Planned) -> None:
    world, written, case = planned.world, planned.written, planned.case
    save_card(reader=world.boris.reader(), case=case, card=Card(danger=Danger.YES), version=0)
    plan = asked(planned)
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member, history=False)
    vera = world.vera.reader()
    writes(written, world, "новое")
    assert read(world.vera, written) == [("", Problem.BEFORE_GRANT), ("новое", None)]
    for old in (
        lambda: open_card(reader=vera, case=case),
        lambda: saved_facts(reader=vera, case=case),
        lambda: open_plan(reader=vera, plan=plan),
        lambda: release_to_duty(reader=vera, thread=written.thread),
    ):
        with pytest.raises(NoGrant):
            old()
    with pytest.raises(BeforeGrant):
        open_case_seed(reader=vera, case=case).at(1)
    assert not _refused()


def _refused() -> bool:
    from tropa.desk.audit.models import Refusal

    return Refusal.objects.exists()


def test_the_page_of_a_thread_says_what_is_older_than_ones_access(world: World) -> None:
    from tests.desk.world import signed_in

    written, case = world.taken("секрет")
    save_card(reader=world.boris.reader(), case=case, card=Card(danger=Danger.YES), version=0)
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member, history=False)
    page = signed_in(world.vera).get(f"/threads/{written.thread.pk}/")
    assert page.status_code == 200
    assert "секрет" not in page.content.decode()
    assert "без истории" in page.content.decode()


def test_every_kind_of_row_opens_by_the_epoch_it_was_sealed_in(planned: Planned) -> None:
    world, written, case = planned.world, planned.written, planned.case
    boris, anna = world.boris.reader(), world.anna.reader()
    save_card(reader=boris, case=case, card=Card(danger=Danger.YES), version=0)
    returned = asked(planned)
    rotate_case(reader=boris, case=case)
    return_plan(reader=anna, plan=returned, reasons=(), words="иначе")
    plan = approved(planned)
    rotate_case(reader=boris, case=case)
    step = released(planned, plan)
    note(reader=anna, thread=written.thread, text="заметка")
    save_draft(reader=boris, thread=written.thread, text="черновик")
    rotate_case(reader=anna, case=case)
    for person in (world.boris, world.anna):
        reader = person.reader()
        assert open_card(reader=reader, case=case)[0].danger is Danger.YES
        assert saved_facts(reader=reader, case=case) is not None
        assert open_plan(reader=reader, plan=plan).plan.case_epoch == 2
        assert open_draft(reader=reader, thread=written.thread) == "черновик"
        assert [one[1] for one in read(person, written)] == [None, None]
    assert (step.case_epoch, Draft.objects.get().case_epoch, returned.reason_epoch) == (3, 3, 1)
    assert "иначе" in _page_of(world.boris, returned.pk)
    saved = saved_facts(reader=boris, case=case)
    assert saved is not None
    save_facts(reader=boris, case=case, facts=replace(saved.person, money_euros=7), version=saved.version)
    save_card(reader=anna, case=case, card=Card(danger=Danger.NO), version=1)
    assert open_card(reader=boris, case=case)[0].danger is Danger.NO


def _page_of(person: Person, plan_id: str) -> str:
    from tests.desk.world import signed_in

    return signed_in(person).get(f"/review/{plan_id}/").content.decode()


def test_files_of_every_epoch_open(world: World) -> None:
    written, case = world.taken()
    writes(written, world, "первый файл")
    rotate_case(reader=world.boris.reader(), case=case)
    writes(written, world, "второй файл")
    entries = thread_entries(reader=world.anna.reader(), thread=written.thread)
    contents = [b"".join(open_file(note)).decode() for entry in entries for note in entry.files]
    assert contents == ["первый файл", "второй файл"]


def test_the_inbox_shows_the_words_of_every_epoch(world: World) -> None:
    written, case = world.taken("старое")
    rotate_case(reader=world.boris.reader(), case=case)
    page = inbox_page(reader=world.boris.reader(), filters=InboxFilters())
    assert [row.words for row in page] == ["старое"]
    writes(written, world, "новое")
    for _again in range(2):  # opened first, then from what was kept
        page = inbox_page(reader=world.boris.reader(), filters=InboxFilters())
        assert [row.words for row in page] == ["новое"]


def test_what_is_opened_first_is_kept_under_the_key_of_its_own_epoch(world: World) -> None:
    written, case = world.taken("старое")
    Entry.objects.update(wrapped=None)
    rotate_case(reader=world.boris.reader(), case=case)
    read(world.boris, written)
    assert Entry.objects.get().wrapped is not None
    Entry.objects.update(sealed=b"not needed any more")
    assert read(world.anna, written) == [("старое", None)]


def test_the_applicant_reads_and_writes_on_whatever_becomes_of_the_keys(planned: Planned) -> None:
    world, written, case = planned.world, planned.written, planned.case
    released(planned)
    reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    before = (written.thread.pk, bytes(written.thread.applicant_public))
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member, history=False)
    revoke_case(reader=world.anna.reader(), case=case, member=world.vera.member)
    leave(reader=world.anna.reader(), member=world.vera.member)
    rotate_case(reader=world.boris.reader(), case=case)
    written.thread.refresh_from_db()
    assert (written.thread.pk, bytes(written.thread.applicant_public)) == before
    assert seen(planned) is not None
    assert [one.text for one in _replies(written, world)] == ["ответ"]
    assert writes(written, world, "я здесь").case_epoch == 4
    assert read(world.boris, written)[-1] == ("я здесь", None)


def _replies(written: Written, world: World) -> list:  # type: ignore[type-arg]
    from tropa.desk.talk.applicant import unread_replies

    return unread_replies(thread=written.thread, seed=written.keys.seed, now=world.now)


# leaving, and the end of a grant


def test_a_leavers_cases_get_new_keys_at_a_remaining_holders_next_visit(world: World) -> None:
    cases = [world.taken(f"дело {number}")[1] for number in range(3)]
    leave(reader=world.anna.reader(), member=world.boris.member)
    assert queued_rotations().count() == 3
    assert rotate_what_is_due(reader=world.vera.reader()) == 0  # holds none of them
    assert rotate_what_is_due(reader=world.anna.reader()) == 3
    assert not queued_rotations().exists()
    assert [case_public(case).epoch for case in cases] == [2, 2, 2]
    assert rotate_what_is_due(reader=world.anna.reader()) == 0


def test_one_visit_makes_a_bounded_number_of_keys_and_the_next_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tropa.desk.vault import rotating

    monkeypatch.setattr(rotating, "AT_ONCE", 2)
    for number in range(3):
        world.taken(f"дело {number}")
    leave(reader=world.anna.reader(), member=world.boris.member)
    assert [rotate_what_is_due(reader=world.anna.reader()) for _ in range(3)] == [2, 1, 0]


def test_the_day_after_a_grant_ended_the_case_gets_a_new_key(world: World) -> None:
    written, case = world.taken()
    today = world.now.date()
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member, ends_day=today)
    copied = open_case_seed(reader=world.vera.reader(), case=case)
    assert due_for_a_key(reader=world.boris.reader(world.now)) == []
    tomorrow = world.now + timedelta(days=1)
    assert rotate_what_is_due(reader=world.boris.reader(tomorrow)) == 1
    entry = writes(written, world, "после срока")
    with pytest.raises(CannotOpen):
        open_entry(entry, copied.seed.sealing())
    assert not CaseGrant.objects.filter(member=world.vera.member).exists()
    assert rotate_what_is_due(reader=world.boris.reader(tomorrow)) == 0


def test_a_grant_keeps_its_last_day_through_new_keys(world: World) -> None:
    _written, case = world.taken()
    last = world.now.date() + timedelta(days=3)
    grant_case(reader=world.boris.reader(world.now), case=case, member=world.vera.member, ends_day=last)
    rotate_case(reader=world.anna.reader(world.now), case=case)
    assert {one.ends_day for one in CaseGrant.objects.filter(member=world.vera.member)} == {last}
    assert open_case_seed(reader=world.vera.reader(world.now), case=case).epoch == 2
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.vera.reader(world.now + timedelta(days=4)), case=case)


# whom nobody shuts out, and who shuts out nobody


def test_the_last_holder_without_an_end_is_not_shut_out(world: World) -> None:
    _written, case = world.taken()
    last = world.now.date() + timedelta(days=3)
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member, ends_day=last)
    revoke_case(reader=world.anna.reader(), case=case, member=world.boris.member)
    case.refresh_from_db()
    assert (case.lead_id, case.second_id) == (world.anna.member.pk, None)
    with pytest.raises(LastHolder):
        revoke_case(reader=world.vera.reader(), case=case, member=world.anna.member)
    assert open_case_seed(reader=world.anna.reader(), case=case).epoch == 2


@pytest.mark.parametrize("who", ["vera", "stranger"])
def test_who_does_not_hold_a_case_grants_revokes_and_rotates_nothing(world: World, who: str) -> None:
    _written, case = world.taken()
    reader = getattr(world, who).reader()
    for act in (
        lambda: grant_case(reader=reader, case=case, member=world.vera.member),
        lambda: revoke_case(reader=reader, case=case, member=world.anna.member),
        lambda: rotate_case(reader=reader, case=case),
    ):
        with pytest.raises(NoGrant):
            act()
    assert CaseKey.objects.count() == 1


def test_nobody_is_granted_twice_or_revoked_who_holds_nothing(world: World) -> None:
    _written, case = world.taken()
    with pytest.raises(NoGrant):
        grant_case(reader=world.boris.reader(), case=case, member=world.anna.member)
    with pytest.raises(NoGrant):
        revoke_case(reader=world.boris.reader(), case=case, member=world.vera.member)


def test_recovery_reaches_every_epoch(world: World) -> None:
    _written, case = world.taken()
    rotate_case(reader=world.boris.reader(), case=case)
    reach = reach_of(RECOVERY.sealing())
    assert (reach.case_keys.there, reach.case_keys.opened) == (2, 2)


def test_a_new_key_that_fails_half_way_leaves_everything_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tropa.desk.vault import rotating

    _written, case = world.taken()

    def full_disk(**_what: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(rotating, "record", full_disk)
    with pytest.raises(OSError, match="space"):
        rotate_case(reader=world.boris.reader(), case=case)
    assert CaseKey.objects.count() == 1
    assert CaseGrant.objects.count() == 2
    assert case_public(case).epoch == 1


def test_unlocking_or_looking_at_today_makes_the_keys_that_are_due(world: World) -> None:
    from tests.desk.world import signed_in

    _written, case = world.taken()
    client = signed_in(world.anna)
    leave(reader=world.anna.reader(), member=world.boris.member)
    assert client.get("/people/").content.decode().count("Борис") == 1
    assert client.get("/").status_code == 200
    assert case_public(case).epoch == 2
    assert "Борис" not in client.get("/people/").content.decode()


def test_a_failing_key_keeps_nobody_from_their_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.desk.world import signed_in
    from tropa.desk.vault import rotating

    world.taken()
    leave(reader=world.anna.reader(), member=world.boris.member)

    def full_disk(**_what: object) -> None:
        raise OSError("no space left on device")

    client = signed_in(world.anna)
    monkeypatch.setattr(rotating, "record", full_disk)
    assert client.get("/").status_code == 200
    assert queued_rotations().count() == 1
