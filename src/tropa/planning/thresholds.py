"""From which amount, and until which day, a plan changes: found by bisection over exact searches, never guessed.

Kept true: at the value that is named the statement holds, one euro less or one day later it does not (both were
searched). Whatever is said of a later day means that nothing is begun before it: the wait is paid for in danger, in
money and in lawful stay, at the place where the party is now. Compared is always the surest way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from tropa.planning.building import build
from tropa.planning.explain import Explainer, danger_of, percent
from tropa.planning.graph import ALWAYS_LAST, SafetyGraph, State
from tropa.planning.plan import Reason
from tropa.planning.search import RISK, Search, Vector, Way, surest
from tropa.planning.setting import Setting
from tropa.planning.units import RISK_UNIT, TICKS_A_DAY, chance, up

FARTHEST_DAYS = 180
"""So many days ahead a threshold is looked for; beyond, nothing is said of one."""


@dataclass(frozen=True, slots=True)
class Later:
    """The surest way if nothing is begun before `day`, with the danger and time of the wait added."""

    day: int
    way: Way
    cost: Vector

    @property
    def key(self) -> tuple[int, ...]:
        """Comparable with `surest` of a way that begins at once."""
        return surest(self.cost)


class Thresholds:
    """Thresholds of one person's answer."""

    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        self.budget = explainer.person.money_euros
        self._later: dict[tuple[Search, int], Later | None] = {}

    def sharpened(self, change: Reason) -> Reason:
        """A change with the value at which it begins or ceases to bring a surer way."""
        today = self.explainer.surest(Setting())
        if today is None:
            return change
        values = dict(change.values)
        if change.code == "change_money":
            return self._money(today) or change
        if change.code == "change_paper":
            return self._paper(change, values["paper"], today)
        if change.code == "change_deadline":
            return self._deadline(today) or change
        return change

    def begin_by(self) -> Reason | None:
        """The last day on which the surest way of today is still the surest; None where it stays so for long."""
        today = self.explainer.surest(Setting())
        if today is None:
            return None
        search = self.explainer.search

        def same(day: int) -> bool:
            later = self.later(search, day)
            return later is not None and later.way.action_ids == today.action_ids

        last = last_that_holds(same, FARTHEST_DAYS)
        if last is None or last == FARTHEST_DAYS:
            return None
        after = self.later(search, last + 1)
        until = (("until", self._date(last)), ("was", danger_of(today)))
        if after is None:
            return Reason("begin_by_none", until)
        return Reason("begin_by", (*until, *self._figures(after)))

    # --- one thing changed by so much -------------------------------------------------------------------------------

    def _money(self, today: Way) -> Reason | None:
        """The least amount in hand that brings a surer way."""
        search, start = self.explainer.search, self.explainer.graph.start
        freest = self.explainer.surest(Setting(any_money=True))
        assert start is not None
        if freest is None or freest.euros <= self.budget:
            return None

        def way_with(euros: int) -> Way | None:
            found = search.best(start, budget=euros)
            return found if found is not None and surest(found.cost) < surest(today.cost) else None

        missing = last_that_holds(
            lambda more: way_with(self.budget + more) is None, freest.euros - self.budget
        )
        assert missing is not None
        way = way_with(self.budget + missing + 1)
        if way is None:
            return None
        needed = (
            ("needed", str(self.budget + missing + 1)),
            ("was", danger_of(today)),
        )
        return Reason("from_money", (*needed, *self.explainer.figures(way)))

    def _paper(self, change: Reason, paper: str, today: Way) -> Reason:
        """Until which day the paper must be in hand to be worth anything."""
        search = self._searching(Setting(given_papers=frozenset({paper})))

        def helps(day: int) -> bool:
            later = self.later(search, day)
            return later is not None and later.key < surest(today.cost)

        last = last_that_holds(helps, FARTHEST_DAYS)
        if last is None or last == FARTHEST_DAYS:
            return change
        was = ("was", danger_of(today))
        return Reason("by_paper", (*change.values, was, ("until", self._date(last))))

    def _deadline(self, today: Way) -> Reason | None:
        """The earliest later deadline that brings a surer way."""
        graph, start = self.explainer.graph, self.explainer.graph.start
        assert start is not None
        if graph.deadline_day >= ALWAYS_LAST:
            return None

        def way_until(more: int) -> Way | None:
            moved = replace(graph, deadline_day=graph.deadline_day + more)
            found = Search(moved, stop=self.explainer.search.stop, same_acts=self.explainer.search).best(
                start, budget=self.budget
            )
            return found if found is not None and surest(found.cost) < surest(today.cost) else None

        short = last_that_holds(lambda more: way_until(more) is None, FARTHEST_DAYS)
        if short is None or short == FARTHEST_DAYS:
            return None
        way = way_until(short + 1)
        assert way is not None
        until = (
            ("until", self._date(graph.deadline_day + short + 1)),
            ("was", danger_of(today)),
        )
        return Reason("to_deadline", (*until, *self.explainer.figures(way)))

    # --- a later beginning ------------------------------------------------------------------------------------------

    def later(self, search: Search, day: int) -> Later | None:
        """The surest way if nothing is begun before a day."""
        if (search, day) not in self._later:
            self._later[search, day] = self._begun_on(search, day)
        return self._later[search, day]

    def _begun_on(self, search: Search, day: int) -> Later | None:
        waited = waiting(search.graph, day, self.budget)
        if waited is None:
            return None
        state, nats = waited
        way = search.best(state, budget=self.budget)
        if way is None:
            return None
        risk, ticks, money, doubt = way.cost
        return Later(day, way, (risk + up(nats, RISK_UNIT), ticks + day * TICKS_A_DAY, money, doubt))

    def _searching(self, setting: Setting) -> Search:
        explainer = self.explainer
        graph = build(explainer.compilations, explainer.person, explainer.on, setting)
        return Search(graph, stop=explainer.search.stop)

    def _figures(self, later: Later) -> tuple[tuple[str, str], ...]:
        figures = dict(self.explainer.figures(later.way))
        figures["risk"] = percent(chance(later.cost[RISK] * RISK_UNIT))
        figures["days"] = str(round(later.cost[1] / TICKS_A_DAY))
        return tuple(figures.items())

    def _date(self, day: int) -> str:
        return (self.explainer.on + timedelta(days=day)).isoformat()


def waiting(graph: SafetyGraph, day: int, budget: int) -> tuple[State, float] | None:
    """The state on a day if nothing is done before, with the danger of the wait in nats; None where waiting is not
    lawful, not priced, beyond the deadline or more than there is money for."""
    start = graph.start
    assert start is not None
    spot = graph.spots[start.place]
    if day == 0:
        return start, 0.0
    if day > start.last or day > graph.deadline_day or spot.daily is None or spot.living is None:
        return None
    world = graph.setting.world
    spent = start.spent + up(spot.living[world] * day)
    if spent > budget + graph.person.income_euros * (day // 30):
        return None
    return replace(start, tick=start.tick + day * TICKS_A_DAY, spent=spent), spot.daily.nats[world] * day


def last_that_holds(holds: Callable[[int], bool], most: int) -> int | None:
    """The last number from 0 to `most` up to which something holds, if it holds without a break; None if not at 0.
    What is returned holds and the number after it does not, or it is `most`."""
    if not holds(0):
        return None
    if holds(most):
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            low = middle
        else:
            high = middle
    return low
