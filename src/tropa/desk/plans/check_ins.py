"""Who has not said how it went when they were expected to. The deadline lies sealed; only holders of the case
see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tropa.desk.audit.services import refuse
from tropa.desk.plans.content import read_release
from tropa.desk.plans.models import Release, ReleaseState
from tropa.desk.plans.sealing import open_row
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Thread
from tropa.desk.vault.services import held_case_ids, open_case_seeds
from tropa.envelope import EnvelopeError
from tropa.planning.plan_json import WrongJson

EXPECTED = (ReleaseState.RELEASED, ReleaseState.ACKNOWLEDGED, ReleaseState.FAILED)


@dataclass(frozen=True, slots=True)
class MissedCheckIn:
    """A step whose check-in has passed unanswered. `due` is aware, UTC."""

    release: Release
    thread: Thread
    case_id: str
    step_number: int
    due: datetime


def expected_check_ins(*, reader: Reader) -> list[MissedCheckIn]:
    """Every open check-in of the cases the reader holds, the earliest first, past or still to come."""
    releases = list(
        Release.objects.filter(
            step__plan__case_id__in=held_case_ids(reader=reader), checked_in=False, state__in=EXPECTED
        ).select_related("thread", "step__plan")
    )
    seeds = open_case_seeds(reader=reader, case_ids={release.step.plan.case_id for release in releases})
    found = []
    for release in releases:
        opened = seeds.get(release.step.plan.case_id)
        try:
            due = read_release(open_row(release, opened))[0].check_in_at if opened else None
        except (EnvelopeError, WrongJson, ValueError):
            refuse(table="plans_release", row=release.pk, day=reader.now.date())
            continue
        if due is not None:
            case_id = release.step.plan.case_id
            found.append(MissedCheckIn(release, release.thread, case_id, release.step.number, due))
    return sorted(found, key=lambda one: (one.due, one.release.pk))


def missed_check_ins(*, reader: Reader, now: datetime) -> list[MissedCheckIn]:
    """Those whose time has passed: lead and second holder both see them."""
    return [one for one in expected_check_ins(reader=reader) if one.due <= now]
