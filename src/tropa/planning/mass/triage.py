"""Judges all open plans at once after a change of facts, before anything is searched.

Kept true: *broken* means that the line somebody follows uses an act that is closed now, or no longer can be done as
planned; *worse*: it can be done but costs more, or that cannot be told without searching; *could be better*: the line
stands, and something opened or became cheaper or safer for people like them, or another line of the front changed;
*untouched*: nothing that changed concerns anybody of their class, or nothing their front rests on and nothing improved.
Only *untouched* is a proof; the others are a waiting list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tropa.planning.compiling import Compilations
from tropa.planning.mass.difference import Difference, difference
from tropa.planning.mass.stored import Fleet, OpenPlan


class Verdict(IntEnum):
    """The worst first."""

    BROKEN = 0
    WORSE = 1
    COULD_BE_BETTER = 2
    UNTOUCHED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Triage:
    """Verdicts [plan] and, for each plan, the number of its class in `differences`."""

    verdicts: NDArray[np.int64]
    class_of: NDArray[np.int64]
    differences: tuple[Difference, ...]

    def counts(self) -> Mapping[Verdict, int]:
        """How many plans have each verdict."""
        return {verdict: int((self.verdicts == verdict).sum()) for verdict in Verdict}

    def worst_first(self, fleet: Fleet) -> list[int]:
        """Plans to be searched anew: people under way on broken plans, the other broken ones, then the rest."""
        waiting = [n for n, verdict in enumerate(self.verdicts.tolist()) if verdict != Verdict.UNTOUCHED]
        return sorted(waiting, key=lambda n: (*self._urgency(n, fleet.plans[n]), n))

    def _urgency(self, number: int, plan: OpenPlan) -> tuple[int, bool, int]:
        followed = plan.followed
        return int(self.verdicts[number]), not plan.under_way, -followed.cost[0] if followed else 0


class Classes:
    """The classes of many people under two atlases; each is compiled when a person first needs it."""

    def __init__(self, before: Compilations, after: Compilations, on: date) -> None:
        self.before, self.after, self.on = before, after, on
        self._numbers: dict[object, int] = {}
        self.differences: list[Difference] = []

    def number(self, plan: OpenPlan) -> int:
        """The number of a person's class."""
        key = self.before.key(plan.person)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            self.differences.append(
                difference(
                    self.before.of(plan.person, self.on, confirmed=False),
                    self.after.of(plan.person, self.on, confirmed=False),
                )
            )
        return self._numbers[key]


def triage(fleet: Fleet, classes: Classes) -> Triage:
    """Judge every plan. Plans without any way count as *could be better* wherever something improved."""
    class_of = np.array([classes.number(plan) for plan in fleet.plans], np.int64)
    verdicts = np.full(len(fleet.plans), Verdict.UNTOUCHED, np.int64)
    for number, changed in enumerate(classes.differences):
        if changed.is_empty:
            continue
        mine = class_of == number
        if changed.everything:
            verdicts[mine] = Verdict.WORSE
            continue
        if changed.improved:
            verdicts[mine] = Verdict.COULD_BE_BETTER
        lines = fleet.touching(changed.touched)
        verdicts[mine & fleet.by_plan(lines)] = Verdict.COULD_BE_BETTER
        verdicts[mine & fleet.followed(lines)] = Verdict.WORSE
        verdicts[mine & fleet.followed(fleet.touching(changed.vanished))] = Verdict.BROKEN
    return Triage(verdicts, class_of, tuple(classes.differences))
