"""Where to go on from after somebody said no, and which lines lead on from there.

Kept true: after a first refusal every line of the front is looked at; after a second one, too, until the effort set for
one person is over; from then on, and after decisions that are far off, the surest and the least dangerous line, and
the answer says so. States met twice are searched once.
What cannot be gone on from says why: no way the atlas knows, or so much money missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tropa.planning.graph import SafetyGraph, State
from tropa.planning.later import seen_later
from tropa.planning.moves import Move
from tropa.planning.plan import Reason, StepKind
from tropa.planning.search import Search, Way, by_danger, by_money, surest
from tropa.planning.units import day_of

REFUSALS_PLANNED = 2

FAR_OFF = (Reason("leave_in_time"), Reason("plan_anew_then"))
"""What is said of a way on after a decision on protection."""

LINES_WEIGHED = 12
"""So many lines from a refusal are looked at with their own ways on, least dangerous first."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What policies may cost one person, counted in searches for whole fronts after second refusals, their
    labels and states of the policy graph; not in seconds, so that the same input gives the same
    answer."""

    searches: int = 12
    labels: int = 3_000
    states: int = 20_000
    far_off: bool = False  # whether far-off decisions are looked at whole, too


class _Spending:
    """How much of the effort is left; `is_over`: something was looked at less closely."""

    def __init__(self, effort: Effort) -> None:
        self.effort = effort
        self.searches, self.labels = effort.searches, effort.labels
        self.is_over = False

    def allows(self) -> bool:
        """Whether another whole front may be looked for; a no is remembered."""
        self.is_over = self.is_over or self.searches <= 0 or self.labels <= 0
        return not self.is_over


class Onward:
    """Ways on from the states of one graph."""

    def __init__(
        self,
        search: Search,
        budget: int | None,
        effort: Effort | None = None,
        *,
        before: Onward | None = None,
    ) -> None:
        self.spending: _Spending = before.spending if before else _Spending(effort or Effort())
        self.far_off = before is not None
        self.search = search
        self.graph: SafetyGraph = search.graph
        self.budget = budget
        self._lines: dict[tuple[State, frozenset[str]], Sequence[Way]] = {}
        self._later: dict[tuple[int, tuple[int, ...]], Onward] = {}
        self._beyond: dict[tuple[State, frozenset[str]], tuple[Reason, ...]] = {}

    def lines(self, state: State, closed: frozenset[str], *, first: bool = False) -> Sequence[Way]:
        """The lines to look at, least dangerous first: of the front, or, once the effort is over, only its surest and
        its least dangerous one. `first`: after a first refusal, which is always looked at whole, far-off ones apart."""
        key = (state, closed)
        if key not in self._lines:
            whole = not self.far_off and (first or self.spending.allows())
            whole = whole or self.spending.effort.far_off
            self._lines[key] = self._front(state, closed) if whole else self._two(state, closed)
        return self._lines[key]

    def _front(self, state: State, closed: frozenset[str]) -> Sequence[Way]:
        made = self.search.labels_made
        lines = self.search.whole_front(state, budget=self.budget, without=closed)
        self.spending.searches -= 1
        self.spending.labels -= self.search.labels_made - made
        self.spending.is_over = self.spending.is_over or len(lines) > LINES_WEIGHED
        return sorted(lines, key=lambda one: one.cost)[:LINES_WEIGHED]

    def _two(self, state: State, closed: frozenset[str]) -> Sequence[Way]:
        self.spending.is_over = True
        found = [
            self.search.best(state, budget=self.budget, without=closed, order=order)
            for order in (by_danger, surest)
        ]
        return list({way.action_ids: way for way in found if way is not None}.values())

    def standing(self, move: Move, after: State) -> tuple[Onward, State]:
        """Where to go on from: after a decision on protection the days are counted from that decision."""
        if move.action.kind is not StepKind.PROTECTION:
            return self, after
        days = day_of(after.tick)
        graph, state = seen_later(self.graph, after, days)
        key = (days, tuple(sorted({self.graph.zone_number(stay.zone) for stay in after.past})))
        if key not in self._later:
            search = Search(
                graph, money_unit=self.search.money_unit, stop=self.search.stop, same_acts=self.search
            )
            self._later[key] = Onward(search, self.budget, before=self)
        return self._later[key], state

    def said(self, where: Onward) -> tuple[Reason, ...]:
        """What is said of a way on from there."""
        return () if where is self else FAR_OFF

    def beyond(self, state: State, closed: frozenset[str]) -> tuple[Reason, ...]:
        """What to say after the last refusal that is planned for."""
        key = (state, closed)
        if key not in self._beyond:
            known = self.search.best(state, budget=self.budget, without=closed) is not None
            values = (("refusals", str(REFUSALS_PLANNED + 1)),)
            self._beyond[key] = (Reason("fallback_not_planned", values) if known else Reason("no_fallback"),)
        return self._beyond[key]

    def why_none(self, state: State, closed: frozenset[str]) -> Reason:
        """Why nothing is left: money, or no way the atlas knows."""
        if self.budget is not None:
            unlimited = self.search.best(state, budget=None, without=closed, order=by_money)
            if unlimited is not None:
                missing = state.spent + unlimited.euros - self.budget
                if missing > 0:
                    return Reason("no_fallback_money", (("euros", str(missing)),))
        return Reason("no_fallback", ())
