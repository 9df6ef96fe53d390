"""The one way everybody's plans come to be planned anew: a round over all cases the sentinel may read.

Kept true: what is called worst is read from rows that tell it anyway (a plan that was stopped or marked, a step the
person has read), so nothing is opened to put the cases in order: people under way on stopped plans first, then other
stopped ones, then those whose facts changed, then the rest, who may only find something better.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from tropa.desk import clock
from tropa.desk.plans.models import Mark, Plan, Release, ReleaseState
from tropa.desk.scrub import scrub
from tropa.desk.work.models import Finding, OpenCopy, Round
from tropa.desk.work.queue import begin
from tropa.desk.work.sentinel import destroy_keys, sentinel_public

UNDER_WAY = (ReleaseState.ACKNOWLEDGED, ReleaseState.DONE)
RANKS = {
    (Mark.STOPPED, True): 0,
    (Mark.STOPPED, False): 1,
    (Mark.CHANGED, True): 2,
    (Mark.CHANGED, False): 3,
    (Mark.NONE, True): 4,
    (Mark.NONE, False): 5,
}


def begin_round() -> Round | None:
    """Put every case the sentinel may read in line, the worst first; None while the sentinel is off."""
    if sentinel_public() is None:
        return None
    standing = _standing()
    cases = OpenCopy.objects.values_list("case_id", flat=True)
    last = RANKS[Mark.NONE, False]
    return begin([(case, standing.get(case, last)) for case in cases], day=clock.facts_day())


def _standing() -> dict[str, int]:
    """The rank of every case with a plan, by its newest version."""
    moved = Release.objects.filter(step__plan=OuterRef("pk"), state__in=UNDER_WAY)
    rows = Plan.objects.annotate(moved=Exists(moved)).order_by("version").values_list("case", "mark", "moved")
    return {case: RANKS[Mark(mark), moved] for case, mark, moved in rows}


@transaction.atomic
def forget_everything() -> None:
    """No copy, finding or task is left."""
    Round.objects.all().delete()
    OpenCopy.objects.all().delete()
    Finding.objects.all().delete()


def switch_off() -> None:
    """Destroy the keys and everything sealed to them."""
    destroy_keys()
    forget_everything()
    scrub()
