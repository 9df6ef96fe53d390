"""What is over and whose check-in was answered stands in a file outside the database, and is believed before any
column.
"""

from __future__ import annotations

import multiprocessing
import stat
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.plans.flow import approved, asked, released, seen
from tropa.desk.conf import conf
from tropa.desk.plans import ended_steps
from tropa.desk.plans.applicant import acknowledge, checked_in, done, failed, forget_shown, keep
from tropa.desk.plans.check_ins import expected_check_ins, missed_check_ins
from tropa.desk.plans.ended_steps import Ending, is_over, unsettled, write_down
from tropa.desk.plans.errors import Altered
from tropa.desk.plans.models import Plan, PlanState, Release, ReleaseState
from tropa.desk.plans.services import approve, release_step, return_plan, withdraw
from tropa.envelope import seal

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

LATER = timedelta(hours=2)


def put_back(release: Release) -> None:
    """The row as somebody kept it who can write to the database."""
    Release.objects.filter(pk=release.pk).delete()
    release.save(force_insert=True)


@pytest.mark.parametrize(
    "end", ["acknowledge", "done", "failed", "withdraw", "a day passes", "the next step"]
)
def test_a_step_that_ended_is_not_shown_although_its_whole_row_is_put_back(
    planned: Planned, end: str
) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    thread = planned.written.thread
    assert seen(planned) is not None
    match end:
        case "acknowledge":
            assert acknowledge(thread=thread, release_id=release.pk)
        case "done":
            assert done(thread=thread, release_id=release.pk)
        case "failed":
            assert failed(thread=thread, release_id=release.pk)
        case "withdraw":
            withdraw(reader=planned.world.boris.reader(), release=Release.objects.get())
        case "a day passes":
            assert forget_shown(now=planned.world.now + timedelta(days=2)) == 1
        case _:
            following = plan.steps.get(number=2)
            release_step(reader=planned.world.boris.reader(), step=following, out_of_turn=True)
            Release.objects.filter(step=following).delete()
    put_back(release)
    assert seen(planned) is None


@pytest.mark.parametrize("end", ["failed", "done"])
def test_a_kept_step_that_is_over_leaves_no_copy(planned: Planned, end: str) -> None:
    release = released(planned)
    thread = planned.written.thread
    assert keep(thread=thread, release_id=release.pk)
    assert acknowledge(thread=thread, release_id=release.pk)
    assert seen(planned) is not None
    assert (failed if end == "failed" else done)(thread=thread, release_id=release.pk)
    stored = Release.objects.get()
    assert (bytes(stored.sealed_applicant), stored.kept, stored.gone_after) == (b"", False, None)
    assert seen(planned) is None


def test_a_kept_step_of_a_voided_plan_leaves_no_copy(planned: Planned) -> None:
    release = released(planned)
    keep(thread=planned.written.thread, release_id=release.pk)
    acknowledge(thread=planned.written.thread, release_id=release.pk)
    asked(planned)
    assert bytes(Release.objects.get().sealed_applicant) == b""
    assert seen(planned) is None


def test_a_step_whose_day_is_over_is_not_kept_any_more(planned: Planned) -> None:
    release = released(planned)
    Release.objects.update(gone_after=planned.world.now - timedelta(hours=1))
    assert not keep(thread=planned.written.thread, release_id=release.pk)
    assert seen(planned) is None


@pytest.mark.parametrize("state", [PlanState.IN_REVIEW, PlanState.APPROVED])
def test_a_plan_that_ended_is_not_acted_on_although_its_row_is_put_back(
    planned: Planned, state: PlanState
) -> None:
    plan = asked(planned)
    anna = planned.world.anna
    if state == PlanState.IN_REVIEW:
        return_plan(reader=anna.reader(), plan=plan, reasons=(), words="Нет запасного пути")
        Plan.objects.update(state=state)
        with pytest.raises(Altered):
            approve(reader=anna.reader(), plan=plan)
        return
    approve(reader=anna.reader(), plan=plan)
    newer = asked(planned)
    Plan.objects.filter(pk=newer.pk).delete()
    Plan.objects.filter(pk=plan.pk).update(state=state)
    with pytest.raises(Altered):
        release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=1))


def test_being_safe_done_or_withdrawn_ends_a_check_in_and_a_column_does_not(planned: Planned) -> None:
    plan = approved(planned)
    boris = planned.world.boris.reader()
    at = planned.world.now + LATER
    due = planned.world.now + timedelta(hours=1)
    release = release_step(reader=boris, step=plan.steps.get(number=1), check_in=due)
    Release.objects.update(checked_in=True, state=ReleaseState.WITHDRAWN)
    missed = missed_check_ins(reader=planned.world.anna.reader(at), now=at)
    assert [(one.release.pk, one.unreadable) for one in missed] == [(release.pk, False)]
    assert checked_in(thread=planned.written.thread) == 1
    assert missed_check_ins(reader=planned.world.anna.reader(at), now=at) == []


def test_a_deadline_sealed_by_somebody_without_a_key_is_not_believed(planned: Planned) -> None:
    """What stands in `sealed` is read when the wrapping is broken, and only under its releaser's signature."""
    from tropa.desk.plans.content import encode_release, read_release
    from tropa.desk.plans.sealing import open_row, place
    from tropa.desk.vault.services import case_public, open_case_seed

    boris = planned.world.boris.reader()
    due = planned.world.now + timedelta(hours=1)
    release = release_step(reader=boris, step=approved(planned).steps.get(number=1), check_in=due)
    Release.objects.update(wrapped=b"\x01" + bytes(300))
    [readable] = expected_check_ins(reader=boris)
    assert readable.due == due
    opened = open_case_seed(reader=boris, case=planned.case)
    body, signature = read_release(open_row(release, opened))
    from dataclasses import replace

    later = replace(body, check_in=(due + timedelta(days=9)).isoformat())
    public = case_public(planned.case).public
    forged = seal(public, place(release, "sealed"), encode_release(later, signature))
    Release.objects.update(sealed=forged)
    [found] = expected_check_ins(reader=boris)
    assert found.unreadable
    assert found.is_missed(planned.world.now)


def test_a_step_without_a_check_in_is_never_opened_for_one(planned: Planned) -> None:
    released(planned)
    Release.objects.update(wrapped=b"\x01" + bytes(300))
    assert expected_check_ins(reader=planned.world.boris.reader()) == []


def write_in_another_process(row: str) -> None:
    write_down(Ending(over=(row,)))


def test_what_one_process_writes_another_reads_and_lines_are_only_added() -> None:
    path = conf.pinned / ended_steps.FILE
    write_down(Ending(over=("a" * 32,), settled=("b" * 32,)))
    before = path.read_bytes()
    with path.open("ab") as file:
        file.write(b"torn by a cra")
    other = multiprocessing.get_context("fork").Process(target=write_in_another_process, args=("c" * 32,))
    other.start()
    other.join()
    assert is_over("c" * 32)
    assert is_over("a" * 32)
    assert not is_over("b" * 32)
    assert unsettled(["a" * 32, "b" * 32]) == ["a" * 32]
    after = path.read_bytes()
    assert after.startswith(before)
    write_down(Ending(over=("a" * 32, "c" * 32)))
    assert path.read_bytes() == after
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"a" * 32 not in after
