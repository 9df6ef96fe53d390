"""Who has not said how it went when they were expected to. The deadline lies sealed; only holders of the case
see it.

Kept true: no column takes a check-in off the list. That it was answered or withdrawn stands outside the
database (`ended_steps`), and a row that does not open is shown as one nobody can read. Whoever deletes the row
itself hides it still.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from tropa.desk.audit.refusals import refuse
from tropa.desk.plans.content import ReleasedStep, read_release
from tropa.desk.plans.ended_steps import unsettled
from tropa.desk.plans.models import Plan, Release
from tropa.desk.plans.sealing import open_row, place, release_signature_place
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Thread
from tropa.desk.vault.errors import BeforeGrant
from tropa.desk.vault.services import CaseSeed, of_held_cases, open_case_seeds, verified_certificate
from tropa.envelope import ROLES_OF_REVIEW, CannotOpen, EnvelopeError, open_sealed, verify
from tropa.planning.plan_json import WrongJson

EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MissedCheckIn:
    """A step whose check-in has passed unanswered. `due` is aware, UTC; None: it cannot be read any more, so
    that somebody has to ask now.
    """

    release: Release
    thread: Thread
    case_id: str
    step_number: int
    due: datetime | None

    @property
    def unreadable(self) -> bool:
        """Whether the row was damaged or changed outside the desk."""
        return self.due is None

    def is_missed(self, now: datetime) -> bool:
        """Whether it is time to ask."""
        return self.due is None or self.due <= now


def expected_check_ins(*, reader: Reader, plan: Plan | None = None) -> list[MissedCheckIn]:
    """Every open check-in of the cases the reader holds (of one plan, if given), past or still to come: first what
    cannot be read, then the earliest. A constant number of queries.
    """
    held = Release.objects.filter(step__plan__case_id__in=of_held_cases(reader=reader))
    of_plan = held.filter(step__plan=plan) if plan else held
    waiting = unsettled(of_plan.values_list("pk", flat=True))
    if not waiting:
        return []
    rows = Release.objects.filter(pk__in=waiting)
    releases = list(rows.select_related("thread", "step__plan", "releaser__issuer"))
    seeds = open_case_seeds(reader=reader, case_ids={release.step.plan.case_id for release in releases})
    found = []
    for release in releases:
        case_id = release.step.plan.case_id
        try:
            due = _opened(release, seeds.get(case_id), reader.now).check_in_at
        except BeforeGrant:
            continue  # other holders see it; one given no history is not to learn of it
        except (EnvelopeError, WrongJson, ValueError):
            refuse(table="plans_release", row=release.pk, day=reader.now.date())
            found.append(MissedCheckIn(release, release.thread, case_id, release.step.number, None))
            continue
        if due is not None:
            found.append(MissedCheckIn(release, release.thread, case_id, release.step.number, due))
    return sorted(found, key=lambda one: (one.due or EARLIEST, one.release.pk))


def missed_check_ins(*, reader: Reader, now: datetime) -> list[MissedCheckIn]:
    """Those it is time to ask about: lead and second holder both see them."""
    return [one for one in expected_check_ins(reader=reader) if one.is_missed(now)]


def _opened(release: Release, opened: CaseSeed | None, at: datetime) -> ReleasedStep:
    """The step as a holder wrapped it; else as it was sealed, if its releaser signed it. Raises EnvelopeError,
    WrongJson or ValueError.
    """
    if opened is None:
        raise CannotOpen
    try:
        return read_release(open_row(release, opened))[0]
    except CannotOpen:
        pass  # written over; what was sealed may still stand
    sealed = open_sealed(
        opened.at(release.case_epoch).seed.sealing(), place(release, "sealed"), bytes(release.sealed)
    )
    body, signature = read_release(sealed)
    releaser = verified_certificate(release.releaser, at.date())
    if releaser.role not in ROLES_OF_REVIEW or body.releaser != release.releaser_id:
        raise CannotOpen
    digest = body.released_digest(release.thread_id)
    verify(releaser.sign_public, release_signature_place(release.pk), digest, signature)
    return body
