"""What waits for whom, as the sending process asks it: ids and counts alone, nothing opened.

A thread nobody holds waits for whoever opens what arrives today; a case that waits is its holders'. Whoever has no
shift today is not told of other people's threads: they are to rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from tropa.desk.talk.models import Thread
from tropa.desk.vault.shifts import roster_of

Waiting = frozenset[tuple[str, int]]
"""Threads that wait, each with how much was written in it."""


def waiting_for(members: Collection[str], *, on: date) -> Mapping[str, Waiting]:
    """By member id. Two queries and the roster's."""
    covering = {one.pk for one in roster_of(on)}
    rows = Thread.objects.filter(waiting=True).values_list(
        "pk", "last_sequence", "case_id", "case__lead_id", "case__second_id"
    )
    everybodys: set[tuple[str, int]] = set()
    own: dict[str, set[tuple[str, int]]] = {member: set() for member in members}
    for thread, sequence, case, lead, second in rows:
        if not case:
            everybodys.add((thread, sequence))
            continue
        for holder in (lead, second):
            if holder in own:
                own[holder].add((thread, sequence))
    return {one: frozenset(own[one] | (everybodys if one in covering else set())) for one in own}
