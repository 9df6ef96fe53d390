"""Turns a way found by the search into the steps people read, with every figure recomputed exactly.

Kept true: days and dates are those of the pessimistic world, so a date is "no later than"; the high end of each figure
is the one the search counted (danger in exact nats instead of thousandths); the parts of all steps add up to the whole:
days and euros as sums, danger as 1 - product of survivals. Each step names its facts and says what its place is for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tropa.atlas import Leg, Protection, Range
from tropa.planning.graph import SAFE, SafetyGraph, State
from tropa.planning.moves import Move, past_in, ticks_there
from tropa.planning.plan import Clock, Cost, Reason, Span, Step, StepKind
from tropa.planning.search import Way
from tropa.planning.stays import NO_LIMIT, last_lawful_day, used_days
from tropa.planning.timetables import boarded
from tropa.planning.units import TICKS_A_DAY, World, chance, date_of, day_of, up

Figure = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Charge:
    """Exact cost of one step in the three worlds, optimistic first: nats, ticks, euros."""

    nats: Figure
    ticks: Figure
    euros: Figure


def steps_of(
    graph: SafetyGraph, start: State, way: Way, first_number: int = 1
) -> tuple[tuple[Step, ...], tuple[Charge, ...]]:
    """The steps of a way with their charges, numbered from `first_number`. Fallbacks and "why" are added later."""
    steps: list[Step] = []
    charges: list[Charge] = []
    now = [start.tick] * 3
    state = start
    for position, move in enumerate(way.moves):
        waits = [max(0, move.start - tick) if move.start > state.tick else 0 for tick in now]
        if move.start > state.tick:
            charges.append(_waiting(graph, state, waits))
            number = first_number + len(steps)
            steps.append(_wait_step(graph, state, way.moves, position, charges[-1], number))
        charges.append(_doing(graph, state, move, waits))
        steps.append(_action_step(graph, state, way.moves, position, charges[-1], first_number + len(steps)))
        now = [
            tick + wait + move.action.ticks[world]
            for world, (tick, wait) in enumerate(zip(now, waits, strict=True))
        ]
        state = move.after
    return tuple(steps), tuple(charges)


def _ordered(figures: Sequence[float]) -> Figure:
    """Low, point and high in order; the pessimistic end stands, a better world can only look better."""
    high = figures[World.PESSIMISTIC]
    point = min(figures[World.POINT], high)
    return min(figures[World.OPTIMISTIC], point), point, high


def _waiting(graph: SafetyGraph, state: State, waits: Sequence[int]) -> Charge:
    spot = graph.spots[state.place]
    days = [wait / TICKS_A_DAY for wait in waits]
    daily = spot.daily.nats if spot.daily else (0.0, 0.0, 0.0)
    living = spot.living or (0.0, 0.0, 0.0)
    return Charge(
        _ordered([daily[world] * days[world] for world in World]),
        _ordered([float(wait) for wait in waits]),
        _ordered([float(up(living[world] * days[world])) for world in World]),
    )


def _doing(graph: SafetyGraph, state: State, move: Move, waits: Sequence[int]) -> Charge:
    spot, action = graph.spots[state.place], move.action
    daily = spot.daily.nats if spot.daily else (0.0, 0.0, 0.0)
    living = spot.living or (0.0, 0.0, 0.0)
    nats, euros = [], []
    for world in World:
        days = ticks_there(action, world) / TICKS_A_DAY
        waited = living[world] * waits[world] / TICKS_A_DAY
        price = action.price[world] + action.price_each[world] * len(move.applicants)
        nats.append(action.danger.nats[world] + daily[world] * days)
        euros.append(float(up(waited + living[world] * days + price) - up(waited)))
    return Charge(_ordered(nats), _ordered([float(t) for t in action.ticks]), _ordered(euros))


def cost_of(charges: Sequence[Charge]) -> Cost:
    """The cost of steps together."""
    nats = [math.fsum(charge.nats[world] for charge in charges) for world in World]
    days = [math.fsum(charge.ticks[world] for charge in charges) / TICKS_A_DAY for world in World]
    euros = [math.fsum(charge.euros[world] for charge in charges) for world in World]
    return Cost(Span(*(chance(value) for value in nats)), Span(*days), Span(*euros))


def span_of(numbers: Range) -> Span:
    """A range of the atlas as a span of the answer."""
    return Span(numbers.low, numbers.point, numbers.high)


def refusal_of(move: Move) -> Span | None:
    """The chance that somebody says no in a move; several deciders together, None if nobody decides."""
    if not move.refusals:
        return None
    low, point, high = (
        1 - math.prod(1 - numbers[world] for numbers in ((r.low, r.point, r.high) for r in move.refusals))
        for world in World
    )
    return Span(low, point, high)


def granted(refusal: Span | None) -> Span | None:
    """The chance of a yes from the chance of a no."""
    return Span(1 - refusal.high, 1 - refusal.point, 1 - refusal.low) if refusal else None


def _wait_step(
    graph: SafetyGraph, state: State, moves: Sequence[Move], position: int, charge: Charge, number: int
) -> Step:
    spot, move = graph.spots[state.place], moves[position]
    facts = [*(spot.daily.facts if spot.daily else ()), *([spot.living_fact] if spot.living_fact else [])]
    return Step(
        number=number,
        kind=StepKind.WAIT,
        action="",
        mode="",
        origin=spot.id,
        target=spot.id,
        starts=date_of(state.tick, graph.on),
        ends=date_of(move.start, graph.on),
        papers_used=(),
        papers_gained=(),
        clock=_clock(graph, state, day_of(move.start)),
        cost=cost_of([charge]),
        chance=None,
        reasons=(_why_wait(graph, moves, position),),
        facts=tuple(dict.fromkeys((*facts, *_stay_facts(state)))),
        fallbacks=(),
        fragile=_judged(spot.daily.judged if spot.daily else ()),
    )


def _why_wait(graph: SafetyGraph, moves: Sequence[Move], position: int) -> Reason:
    move = moves[position]
    if move.action.departs:
        return Reason("wait_departure", _departure(graph, move))
    day = (("date", date_of(move.start, graph.on).isoformat()),)
    if move.action.first_day == day_of(move.start):
        return Reason("wait_until_open", (*day, ("fact", move.action.id)))
    for later in moves[position + 1 :] if move.action.aligned else ():
        if later.action.departs:
            place = graph.spots[later.action.origin].id
            return Reason("wait_before_departure", (*_departure(graph, later), ("place", place)))
    return Reason("wait_until", day)


def _departure(graph: SafetyGraph, move: Move) -> tuple[tuple[str, str], ...]:
    """The day and the time at which what is boarded leaves."""
    leaves = boarded(_timetable(graph, move), move.start, graph.on)
    return ("date", date_of(move.start, graph.on).isoformat()), ("clock", leaves.clock)


def _timetable(graph: SafetyGraph, move: Move) -> tuple[str, ...]:
    leg = graph.atlas.fact(move.action.id).value
    assert isinstance(leg, Leg)
    return leg.departures


def _action_step(
    graph: SafetyGraph, state: State, moves: Sequence[Move], position: int, charge: Charge, number: int
) -> Step:
    move = moves[position]
    action, after = move.action, move.after
    spot = graph.spots[state.place]
    target = spot if action.target == SAFE else graph.spots[action.target]
    gained = (graph.paper_ids[action.gains],) if action.gains >= 0 else ()
    ends_in = state if action.target == SAFE else after
    daily = spot.daily if spot.daily and ticks_there(action, World.PESSIMISTIC) else None
    facts = [
        *action.facts,
        *(fact for way in move.admissions for fact in (*way.facts, *way.stay_facts)),
        *(daily.facts if daily else ()),
        *([spot.living_fact] if spot.living_fact and daily else []),
        *_stay_facts(state),
    ]
    return Step(
        number=number,
        kind=action.kind,
        action=action.id,
        mode=action.mode,
        origin=spot.id,
        target=target.id,
        starts=date_of(move.start, graph.on),
        ends=date_of(after.tick, graph.on),
        papers_used=_papers_used(graph, state, move),
        papers_gained=gained,
        clock=_clock(graph, ends_in, day_of(move.start if action.target == SAFE else after.tick)),
        cost=cost_of([charge]),
        chance=granted(refusal_of(move)),
        reasons=tuple(_purpose(graph, moves, position)),
        facts=tuple(dict.fromkeys(facts)),
        fallbacks=(),
        fragile=tuple(dict.fromkeys((*action.fragile, *_judged(daily.judged if daily else ())))),
    )


def _judged(facts: Sequence[str]) -> tuple[Reason, ...]:
    return tuple(Reason("judged_danger", (("fact", fact),)) for fact in facts)


def _stay_facts(state: State) -> tuple[str, ...]:
    return tuple(limit.fact for limit in state.limits if limit.fact)


def _clock(graph: SafetyGraph, state: State, day: int) -> Clock | None:
    """Days used of the limit that ends first; None at home or where no limit bites."""
    if state.last >= NO_LIMIT:
        return None
    past = past_in(state, graph.spots[state.place].zone)
    if not state.limits:
        return Clock(used=max(0, day - state.entry + 1), allowed=1, fact=None)
    limit = min(state.limits, key=lambda one: last_lawful_day((one,), state.entry, past, graph.on))
    allowed = limit.days or 1
    return Clock(
        used=used_days(limit, state.entry, day, past, graph.on), allowed=allowed, fact=limit.fact or None
    )


def _papers_used(graph: SafetyGraph, state: State, move: Move) -> tuple[str, ...]:
    """Papers any member shows: of the admission taken, or of the smallest alternative met."""
    mask = 0
    for way in move.admissions:
        mask |= way.papers
    for member, masks in enumerate(move.action.requires):
        if move.action.gains >= 0 and member not in move.applicants:
            continue
        shown = graph.shown(state.bits, member, day_of(move.start))
        met = [one for one in masks if one & ~shown == 0]
        mask |= min(met, key=lambda one: (one.bit_count(), one), default=0)
    return tuple(id_ for number, id_ in enumerate(graph.paper_ids) if mask >> number & 1)


def _purpose(graph: SafetyGraph, moves: Sequence[Move], position: int) -> Iterator[Reason]:
    """What the step is there for, from what comes after it."""
    move = moves[position]
    action = move.action
    if action.kind is StepKind.OBTAIN:
        paper = graph.paper_ids[action.gains]
        opened = next((later for later in moves[position + 1 :] if _shows(later, action.gains)), None)
        if opened is None:
            yield Reason("obtain_wished", (("paper", paper),))
        else:
            place = graph.spots[
                opened.action.origin if opened.action.target == SAFE else opened.action.target
            ]
            yield Reason("obtain_opens", (("paper", paper), ("country", place.country)))
    elif action.kind is StepKind.PROTECTION:
        haven = graph.atlas.fact(action.id).value
        assert isinstance(haven, Protection)
        country = graph.spots[action.origin].country
        yield Reason("haven_reached", (("haven", haven.what.value), ("country", country)))
    elif action.new_zone:
        yield from _entry_reasons(graph, moves, position)
    else:
        yield Reason("leg_towards", (("place", graph.spots[action.target].id),))
    if action.departs:
        departures = ("departures", ";".join(_timetable(graph, move)))
        yield Reason("leg_departs", (departures, *_departure(graph, move)))


def _entry_reasons(graph: SafetyGraph, moves: Sequence[Move], position: int) -> Iterator[Reason]:
    move = moves[position]
    country = graph.spots[move.action.target].country
    ends_here = position + 1 < len(moves) and moves[position + 1].action.kind is StepKind.PROTECTION
    yield Reason("leg_to_haven" if ends_here else "leg_enters", (("country", country),))
    if move.after.last < NO_LIMIT and move.after.limits:
        days = move.after.last - move.after.entry + 1
        yield Reason("stay_allowed", (("country", country), ("days", str(days))))
    for way in move.admissions[:1]:
        for fact in way.stay_facts:
            days_to_register = getattr(graph.atlas.fact(fact).value, "register_days", None)
            if days_to_register is not None:
                yield Reason("register_within", (("country", country), ("days", str(days_to_register))))


def _shows(move: Move, paper: int) -> bool:
    bit = 1 << paper
    shown = any(way.papers & bit for way in move.admissions)
    return shown or any(mask & bit for masks in move.action.requires for mask in masks)
