"""What an action does to a state: when it may start, whether it is lawful, where it leads and what it costs.

This is the only place that knows; search, exact recomputation and fallbacks all call it. Kept true: the stay must be
lawful for as long as the party is in a place, offices and waiting included; papers must be good on the day they are
shown; money in hand plus the income of whole months before the first leg must cover every payment. The money of one
action is rounded up to whole euros once, its time to quarters of a day, in the model itself and not only in the search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tropa.atlas import Range
from tropa.planning.graph import SAFE, Action, Admission, SafetyGraph, Spot, State
from tropa.planning.plan import StepKind
from tropa.planning.stays import HORIZON_DAYS, Stay, StayLimit, last_lawful_day, worthwhile_entries
from tropa.planning.timetables import WEEK, in_week
from tropa.planning.units import TICKS_A_DAY, World, day_of, nats, up

INCOME_DAYS = 30
"""Income counts when a whole month of this many days has passed."""

MOST_DOUBT = 0.9999
"""A refusal that is certain still has a finite doubt, so that the way can be shown for what it is."""

EVERY_DAY = 7
"""Where something opens within a week every day of waiting is looked at; farther ahead one waits until the day itself,
or leaves so as to arrive on it."""

MONTHS_WAITED = 6
"""For how many months of income a party may wait before an action, in the place where it is now."""


@dataclass(frozen=True, slots=True)
class Move:
    """An action done: started at `start` (after waiting since the state's tick), with its cost beyond the state.

    `waited_nats` and `waited_euros` are the part of the waiting. `refusals`: chances that somebody says no.
    """

    action: Action
    start: int
    after: State
    nats: float
    euros: int
    waited_nats: float
    waited_euros: int
    refusals: tuple[Range, ...]
    admissions: tuple[Admission, ...]
    applicants: tuple[int, ...]

    @property
    def doubt(self) -> float:
        """-ln of the least chance that everybody who decides says yes."""
        return sum(nats(min(refusal.high, MOST_DOUBT)) for refusal in self.refusals)


def moves(
    graph: SafetyGraph, state: State, action: Action, world: World, budget: int | None
) -> Iterator[Move]:
    """Every useful way to do an action from a state: at once, or at a later day on which more becomes lawful."""
    now = state.tick
    dateless = graph.last_event <= now // TICKS_A_DAY and not (action.new_zone and state.past)
    dateless = dateless and not (action.departs or action.aligned)
    earning = graph.person.income_euros and state.earned is None
    starts = (now,) if dateless and not earning else _starts(graph, state, action, world)
    for start in starts:
        move = attempt(graph, state, action, start, world, budget)
        if move is not None:
            yield move


def attempt(
    graph: SafetyGraph, state: State, action: Action, start: int, world: World, budget: int | None
) -> Move | None:
    """The action started at tick `start`, or None if it is not lawful or not affordable then."""
    spot = graph.spots[state.place]
    day = day_of(start)
    leaves = start + action.before[world]
    end = start + action.ticks[world]
    if not action.first_day <= day <= action.last_day or day > HORIZON_DAYS:
        return None
    if action.departs and not action.departs >> start % WEEK & 1:
        return None
    if day > state.last or (action.stay_needed and day_of(leaves) > state.last):
        return None
    if day + action.lawful_days - 1 > state.last:
        return None
    if not _before_deadline(graph, spot, action, leaves, end, day):
        return None
    applicants = _applicants(graph, state, action, day)
    if applicants is None:
        return None
    entered = _enter(graph, state, action, end) if action.new_zone else ()
    if entered is None:
        return None
    waited = _time_spent(spot, start - state.tick, world)
    during = _time_spent(spot, ticks_there(action, world), world)
    if waited is None or during is None or (start > state.tick and spot.is_post and not action.departs):
        return None
    price = action.price[world] + action.price_each[world] * len(applicants)
    waited_euros = up(waited[1])
    euros = up(waited[1] + during[1] + price)
    if budget is not None and not _affordable(graph, state, start, up(waited[1] + price), euros, budget):
        return None
    return Move(
        action=action,
        start=start,
        after=_after(graph, state, action, start, end, leaves, euros, entered, applicants),
        nats=waited[0] + during[0] + action.danger.nats[world],
        euros=euros,
        waited_nats=waited[0],
        waited_euros=waited_euros,
        refusals=_refusals(action, entered),
        admissions=entered,
        applicants=applicants,
    )


def ticks_there(action: Action, world: World) -> int:
    """Ticks that are lived at the origin: travel counts there too, waiting for a decision on protection does not."""
    return 0 if action.kind is StepKind.PROTECTION else action.ticks[world]


def _time_spent(spot: Spot, ticks_: int, world: World) -> tuple[float, float] | None:
    """Nats and euros of time at a place; None where the danger of a day, or the price of more than one, is not
    known.
    """
    if ticks_ <= 0:
        return 0.0, 0.0
    days = ticks_ / TICKS_A_DAY
    if spot.daily is None or (spot.living is None and days > 1):
        return None
    return spot.daily.nats[world] * days, (spot.living[world] if spot.living else 0.0) * days


def _before_deadline(graph: SafetyGraph, spot: Spot, action: Action, leaves: int, end: int, day: int) -> bool:
    """Whether the party is not in the country of the start beyond its deadline."""
    target_at_start = action.target != SAFE and graph.spots[action.target].country == graph.start_country
    if spot.country == graph.start_country:
        last_there = day if action.target == SAFE else day_of(end if target_at_start else leaves)
        return last_there <= graph.deadline_day
    return not target_at_start or day_of(end) <= graph.deadline_day


def _applicants(graph: SafetyGraph, state: State, action: Action, day: int) -> tuple[int, ...] | None:
    """Who applies (members who lack the paper); for other actions nobody. None if a member may not do the action."""
    if action.free:
        return ()
    applicants: list[int] = []
    for member, masks in enumerate(action.requires):
        shown = graph.shown(state.bits, member, day)
        if action.gains >= 0:
            if shown >> action.gains & 1:
                continue
            applicants.append(member)
        if not satisfied(masks, shown):
            return None
    if action.gains >= 0 and (not applicants or state.applied >= graph.person.further_papers):
        return None
    return tuple(applicants)


def satisfied(masks: Sequence[int], shown: int) -> bool:
    """Whether the papers shown meet a requirement in disjunctive normal form."""
    return any(mask & ~shown == 0 for mask in masks)


def _enter(graph: SafetyGraph, state: State, action: Action, end: int) -> tuple[Admission, ...] | None:
    """For each member the admission that gives the longest stay; None if somebody is not let in."""
    day = day_of(end)
    past = past_in(state, graph.spots[action.target].zone)
    chosen: list[Admission] = []
    for member, ways in enumerate(action.admissions):
        best: tuple[int, float] | None = None
        choice: Admission | None = None
        shown = graph.shown(state.bits, member, day)
        for way in ways:
            if way.papers & ~shown or not way.first_day <= day <= way.last_day:
                continue
            if way.passport_days and way.travel & ~graph.shown(state.bits, member, day + way.passport_days):
                continue
            refused = way.turned_back.high if way.turned_back else 0.0
            worth = (last_lawful_day(way.limits, day, past, graph.on), -refused)
            if best is None or worth > best:
                best, choice = worth, way
        if choice is None or best is None or best[0] < day:
            return None
        chosen.append(choice)
    return tuple(chosen)


def past_in(state: State, zone: str) -> tuple[tuple[int, int], ...]:
    """Days already used in a zone, the stay the state is in not included."""
    return tuple((stay.first, stay.last) for stay in state.past if stay.zone == zone)


def _affordable(graph: SafetyGraph, state: State, start: int, due: int, whole: int, budget: int) -> bool:
    most = budget + earned_by(graph, state, start)
    return state.spent + due <= most and state.spent + whole <= most


def earned_by(graph: SafetyGraph, state: State, tick: int) -> int:
    """Income that counts at a tick: of whole months, and only of those before the first leg. Nobody is taken to earn
    on the way."""
    if state.earned is not None:
        return state.earned
    return graph.person.income_euros * (day_of(tick) // INCOME_DAYS)


def _after(
    graph: SafetyGraph,
    state: State,
    action: Action,
    start: int,
    end: int,
    leaves: int,
    euros: int,
    entered: tuple[Admission, ...],
    applicants: tuple[int, ...],
) -> State:
    bits = state.bits | action.pins
    for member in applicants:
        for paper in range(len(graph.paper_ids)):
            if action.surrenders >> paper & 1:
                bits &= ~(graph.held_bit(member, paper) | graph.obtained_bit(member, paper))
        bits |= graph.obtained_bit(member, action.gains)
    entry, last, limits, past = state.entry, state.last, state.limits, state.past
    if action.new_zone:
        zone = graph.spots[state.place].zone
        if zone in graph.tracked_zones:
            past = tuple(sorted((*past, Stay(zone, state.entry, max(state.entry, day_of(leaves))))))
        target = graph.spots[action.target]
        entry = day_of(end)
        before = tuple((stay.first, stay.last) for stay in past if stay.zone == target.zone)
        limits = _tightest(graph, entered, entry, before)
        last = last_lawful_day(limits, entry, before, graph.on)
    return State(
        place=action.target,
        tick=end,
        bits=bits,
        entry=entry,
        last=last,
        limits=limits,
        past=past,
        spent=state.spent + euros,
        applied=state.applied + (action.gains >= 0),
        earned=earned_by(graph, state, start) if action.kind is StepKind.LEG else state.earned,
    )


def _tightest(
    graph: SafetyGraph, entered: tuple[Admission, ...], entry: int, past: tuple[tuple[int, int], ...]
) -> tuple[StayLimit, ...]:
    """The limits of the member whose stay ends first."""
    return min(
        (way.limits for way in entered), key=lambda limits: last_lawful_day(limits, entry, past, graph.on)
    )


def least_doubt(action: Action) -> float:
    """The doubt no way of doing the action can fall below."""
    own = nats(min(action.refusal.high, MOST_DOUBT)) if action.refusal else 0.0
    return own + sum(
        min(nats(min(way.turned_back.high, MOST_DOUBT)) if way.turned_back else 0.0 for way in ways)
        for ways in action.admissions
    )


def _refusals(action: Action, entered: tuple[Admission, ...]) -> tuple[Range, ...]:
    own = (action.refusal,) if action.refusal else ()
    return own + tuple(way.turned_back for way in entered if way.turned_back)


def _starts(graph: SafetyGraph, state: State, action: Action, world: World) -> tuple[int, ...]:
    """Ticks at which it is worth starting: now, and later days on which something opens or a longer stay begins.

    As long as anything in the graph opens later, where one waits is a choice of its own, between danger, money and the
    stay that runs. With nothing to wait for, waiting never helps. For a departure one waits whole days, or until just
    before it leaves, or so as to arrive for it.
    """
    now = state.tick
    found = {now}
    length = action.ticks[world]
    for event in graph.events:
        if event > day_of(now):
            found.update((event * TICKS_A_DAY, event * TICKS_A_DAY - length))
    if graph.person.income_euros and state.earned is None:
        months = range(INCOME_DAYS, MONTHS_WAITED * INCOME_DAYS + 1, INCOME_DAYS)
        found.update(month * TICKS_A_DAY for month in months)
    if action.new_zone:
        found.update(_entries_worth_waiting_for(graph, state, action, now + length, length))
    if action.departs or action.aligned:
        week = action.departs | action.aligned
        found.update(tick for start in tuple(found) if start >= now for tick in in_week(week, start))
        found.update(range(now, now + WEEK, TICKS_A_DAY))
    for event in graph.events:
        if 0 < event - day_of(now) <= EVERY_DAY:
            found.update(range(now, event * TICKS_A_DAY + 1, TICKS_A_DAY))
    return tuple(sorted(start for start in found if start >= now))


def _entries_worth_waiting_for(
    graph: SafetyGraph, state: State, action: Action, arrival: int, length: int
) -> Iterator[int]:
    zone = graph.spots[action.target].zone
    past = past_in(state, zone)
    if not past:
        return
    need = graph.longest_need[zone]
    for ways in action.admissions:
        for way in ways:
            for day in worthwhile_entries(way.limits, day_of(arrival), past, graph.on, need):
                if day > day_of(arrival):
                    yield day * TICKS_A_DAY - length
