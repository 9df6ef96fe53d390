"""What unattended planning found meanwhile for the cases somebody leads or seconds: lines of Today.

Kept true: nobody is told of a case they do not hold; a finding is believed as on the workbench, only for the very facts
that are saved now. A row that does not open is passed over here and told where the case is opened. While there is no
sentinel nothing is asked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from tropa.desk.plans.models import PlanFacts
from tropa.desk.plans.shaken import OVER
from tropa.desk.plans.working_facts import person_in
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Thread
from tropa.desk.vault.errors import BeforeGrant
from tropa.desk.vault.services import of_held_cases, open_case_seeds
from tropa.desk.work.copies import Found, read_finding
from tropa.desk.work.models import Finding
from tropa.desk.work.sentinel import sentinel_public

WORST_FIRST = ("no_way", "changed", "cut_off", "not_planned")
"""Outcomes somebody has to look at."""


@dataclass(frozen=True, slots=True)
class FoundMeanwhile:
    """A case of mine and what was found for it."""

    thread: Thread
    case_id: str
    found: Found


def found_meanwhile(*, reader: Reader) -> list[FoundMeanwhile]:
    """Findings that call for a look, of open cases the reader leads or seconds, the worst first, then the oldest. A
    constant number of queries.
    """
    public = sentinel_public()
    if public is None:
        return []
    mine = Q(case__lead=reader.member) | Q(case__second=reader.member)
    held = Finding.objects.filter(mine, case_id__in=of_held_cases(reader=reader))
    rows = {row.case_id: row for row in held.exclude(case__phase__in=OVER)}
    seeds = open_case_seeds(reader=reader, case_ids=list(rows))
    threads = {row.case_id: row for row in Thread.objects.filter(case_id__in=rows).order_by("-id")}
    told = []
    for saved in PlanFacts.objects.filter(case_id__in=rows):
        opened, thread = seeds.get(saved.case_id), threads.get(saved.case_id)
        if opened is None or thread is None:
            continue
        try:
            person = person_in(saved, opened)
            if person is None:
                continue
            found = read_finding(rows[saved.case_id], public=public, person=person, opened=opened)
        except BeforeGrant:
            continue
        if found is not None and found.outcome in WORST_FIRST:
            told.append(FoundMeanwhile(thread, saved.case_id, found))
    return sorted(told, key=lambda one: (WORST_FIRST.index(one.found.outcome), one.found.on, one.case_id))


def counted(found: list[FoundMeanwhile]) -> list[tuple[str, int]]:
    """How many there are of each outcome, the worst first."""
    numbers = Counter(one.found.outcome for one in found)
    return [(outcome, numbers[outcome]) for outcome in WORST_FIRST if numbers[outcome]]
