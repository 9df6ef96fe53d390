"""The same graph seen from a later day: what may be done after a decision that takes longer than a plan looks ahead.

A claim for protection may be decided years from now. What could be done after a refusal is planned from the day of the
decision on, with today's facts, because no others are known. Kept true: every date of the graph (openings, closings,
papers in hand, deadline) means the same calendar day as before; reviews stay judged on the day of planning; days used
in zones that count them are remembered. The answer says that such a part must be planned anew when the day comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import cached_property
from typing import overload

import numpy as np

from tropa.planning.columns import Lists
from tropa.planning.graph import ALWAYS_LAST, DEPARTS, Action, Ints, SafetyGraph, State
from tropa.planning.moves import earned_by
from tropa.planning.stays import NO_LIMIT, Stay
from tropa.planning.timetables import earlier
from tropa.planning.units import TICKS_A_DAY

_ENDLESS = ALWAYS_LAST // 2
_FIRST_DAY, _LAST_DAY = 1, 2  # of the columns of acts
_WAY_FIRST, _WAY_LAST = 3, 4  # of the columns of ways into a country


class _LaterActions(Sequence[Action]):
    """The actions of a graph with their days counted from a later one; each made when first asked for."""

    def __init__(self, actions: Sequence[Action], days: int) -> None:
        self._actions, self._days = actions, days
        self._made: dict[int, Action] = {}

    def __len__(self) -> int:
        return len(self._actions)

    @overload
    def __getitem__(self, number: int) -> Action: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Action]: ...

    def __getitem__(self, number: int | slice) -> Action | Sequence[Action]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        if number not in self._made:
            self._made[number] = _action(self._actions[number], self._days)
        return self._made[number]


@dataclass(frozen=True, eq=False)
class _LaterGraph(SafetyGraph):
    """A graph counted from `days` after the day of planning; `today`: the graph of that day."""

    today: SafetyGraph | None = None
    days: int = 0

    @property
    def on(self) -> date:
        """The day its days are counted from."""
        return self.compiled.on + timedelta(days=self.days)

    @cached_property
    def actions(self) -> Sequence[Action]:
        """The actions by origin."""
        assert self.today is not None
        return _LaterActions(self.today.actions, self.days)


def seen_later(graph: SafetyGraph, state: State, days: int) -> tuple[SafetyGraph, State]:
    """The graph and a state of it, counted from `days` after the graph's own day."""
    moved = _state(graph, state, days)
    today = graph.today if isinstance(graph, _LaterGraph) and graph.today else graph
    gone = days + (graph.days if isinstance(graph, _LaterGraph) else 0)
    columns, shared = graph.compiled.columns, graph.compiled.shared
    acts, ways = columns.acts.copy(), shared.ways.rows.copy()
    for rows, column in ((acts, _FIRST_DAY), (acts, _LAST_DAY), (ways, _WAY_FIRST), (ways, _WAY_LAST)):
        rows[:, column] = _earlier_days(rows[:, column], days)
    acts[:, DEPARTS] = earlier(acts[:, DEPARTS], days * TICKS_A_DAY)
    compiled = replace(
        graph.compiled,
        columns=replace(columns, acts=acts),
        shared=replace(shared, ways=Lists(shared.ways.first, ways)),
    )
    compiled.__dict__["by_id"] = graph.compiled.by_id  # which act is which does not change with the day
    same = {one.name: getattr(graph, one.name) for one in fields(SafetyGraph)}
    changed = {
        "compiled": compiled,
        "last_days": _earlier_days(graph.last_days, days),
        "aligned": earlier(graph.aligned, days * TICKS_A_DAY),
        "held_dates": tuple(
            tuple((bit, _earlier(first, days), _earlier(last, days)) for bit, first, last in dates)
            for dates in graph.held_dates
        ),
        "deadline_day": _earlier(graph.deadline_day, days),
        "events": tuple(event - days for event in graph.events if event > days),
        "start": moved,
        "valid_cache": {},
    }
    return _LaterGraph(**(same | changed), today=today, days=gone), moved


def _earlier(day: int, days: int) -> int:
    return day if abs(day) >= _ENDLESS else day - days


def _earlier_days(column: Ints, days: int) -> Ints:
    return np.where(np.abs(column) >= _ENDLESS, column, column - days)


def _action(action: Action, days: int) -> Action:
    first, last = _earlier(action.first_day, days), _earlier(action.last_day, days)
    dated = any(
        abs(day) < _ENDLESS
        for ways in action.admissions
        for way in ways
        for day in (way.first_day, way.last_day)
    )
    action = replace(
        action,
        departs=earlier(action.departs, days * TICKS_A_DAY),
        aligned=earlier(action.aligned, days * TICKS_A_DAY),
    )
    if not dated and (first, last) == (action.first_day, action.last_day):
        return action
    admissions = tuple(
        tuple(
            replace(way, first_day=_earlier(way.first_day, days), last_day=_earlier(way.last_day, days))
            for way in ways
        )
        for ways in action.admissions
    )
    return replace(action, first_day=first, last_day=last, admissions=admissions)


def _state(graph: SafetyGraph, state: State, days: int) -> State:
    return replace(
        state,
        tick=state.tick - days * TICKS_A_DAY,
        entry=state.entry - days,
        last=state.last if state.last >= NO_LIMIT else state.last - days,
        past=_stays(state.past, days),
        earned=earned_by(graph, state, state.tick) if state.earned is None else state.earned,
    )


def _stays(past: Sequence[Stay], days: int) -> tuple[Stay, ...]:
    return tuple(Stay(stay.zone, stay.first - days, stay.last - days) for stay in past)
