"""What an act does to a label, compiled: `moves` on arrays. The search that calls it stands in `_kernel_ways`.

Keeps true: an act is done here exactly as `moves.attempt` does it, in the same floating-point operations in the same
order; every way found is walked again by `moves` and must come to the same cost. Nothing here is cached by itself:
the kernel of `_kernel_ways` is, and closes over the checksum of this file.
"""

# numpy scalars are whole numbers here, which its types do not say
# mypy: disable-error-code="no-any-return"

from typing import NamedTuple

import numpy as np
from numba import float64, int64
from numpy.typing import NDArray

from tropa.planning._kernel_cache import uncounted

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FAR = 1 << 60
SAFE = -1
HORIZON_DAYS, LOOK_AHEAD, EVERY_DAY, INCOME_DAYS, MONTHS_WAITED, WEEK = 365, 565, 7, 30, 6, 28
MOST_STARTS = LATEST = 4 * (HORIZON_DAYS + 1)  # marks[LATEST]: the latest marked start
# columns of a label
(
    PLACE, TICK, ENTRY, LAST, PAST, SPENT, APPLIED, EARNED, RISK, MONEY, DOUBT, PARENT, ACT, START,
    ALIVE, LAYER, PINNED,
) = range(17)  # fmt: skip
# columns of an act; its figures are nats, price, price for each who applies, own doubt
(
    TARGET, OPENS, CLOSES, BEFORE, TICKS, THERE, GAINS, GIVES_UP, RANK, LAWFUL, NEW_ZONE, STAYS, PINS, FREE, DEPARTS,
    ALIGNED,
) = range(16)  # fmt: skip
NATS, PRICE, PRICE_EACH, OWN_DOUBT = range(4)
# columns of a way in; its figures are the doubt and the chance of being turned back
PAPERS, TRAVEL, PASSPORT_DAYS, FIRST_DAY, LAST_DAY, LIMITS = range(6)
NOT_RECORDED, NOT_LIMITED, PER_VISIT, SLIDING, CALENDAR_YEAR = range(5)
ZONE, IS_POST, AT_START, AWAITS = range(4)
TRACKED, LEAST_DAYS, A_PLACE = range(3)
# columns of `lasting` after the least still to come from anywhere in the zone: millionths of a nat and cents of a day,
# ticks between the start of an act and the last at which it asks for the stay
DAILY, LIVING, HEAD_START = range(5, 8)
(GOAL, DEADLINE, SHIFTABLE, INCOME, MOST_PAPERS, LAST_EVENT, MEMBERS, MONEY_UNIT, NO_LIMIT) = range(9)
# what a run is told, and its counts
BUDGET, LEAST_RANK, ORDER, FIRST_TICK, MOST_RANK, EXACT = range(6)
BY_DANGER, BY_MONEY, SUREST = range(3)
HEAP, LABELS, PAST_STAYS, POOL, FOUND, POPS, RESUME_LABEL, RESUME_ACT, DONE, MISSING, LOOKED_AT = range(11)
EXHAUSTED, PAUSED, FULL, ARRIVED, NEW_LAYER = range(5)


class Laws(NamedTuple):
    """One party's graph. Acts stand by origin; `requires`, `admits` [act, member] number lists in `masks`, `ways`."""

    first_act: Ints
    acts: Ints
    figures: Floats
    requires: Ints
    admits: Ints
    first_mask: Ints
    masks: Ints
    first_way: Ints
    ways: Ints
    way_figures: Floats
    first_limit: Ints
    limits: Ints
    spots: Ints
    spot_figures: Floats
    zones: Ints
    held: Ints
    events: Ints
    years: Ints
    scalars: Ints


class Run(NamedTuple):
    """A run. `bounds` [layer, place]: danger, ticks, euros, doubt and money still to come for whoever has the papers of
    a layer, named by `layers` [layer, words]; `lasting` [place]: what whoever stays long in its zone pays at least;
    `over` [layer, layer]: whether the first holds whatever the second does, with as many applications left; `needs`
    [zone, applications left]: days a plan may still ask for there; `least` [act]: the least of one act; then labels and
    what is kept. `known` [zone]: the label last looked at, days there of which no way that spends more is of use, days
    of which one may be, and the row of `back` [row, place, 5] that says what going back there takes, -1 for none."""

    bounds: Ints
    lasting: Ints
    layers: Ints
    over: Ints
    wanted: Ints
    needs: Ints
    least: Ints
    closed: Ints
    told: Ints
    heap: Ints
    labels: Ints
    stays: Ints
    pool: Ints
    slices: Ints
    found: Ints
    marks: Ints
    counts: Ints
    known: Ints
    back: Ints


@uncounted()
def up(amount: float, unit: float) -> int:
    return int64(np.ceil(amount / unit - 1e-9))  # type: ignore[return-value]  # numba: a cast


@uncounted()
def _shown(laws: Laws, row: Ints, member: int, day: int) -> int:
    valid = 0
    for n in range(laws.held.shape[0]):
        if laws.held[n, 0] == member and laws.held[n, 2] <= day <= laws.held[n, 3]:
            valid |= laws.held[n, 1]
    at = PINNED + 1 + 2 * member
    return row[at + 1] | row[at] & valid


@uncounted()
def _satisfied(laws: Laws, which: int, shown: int) -> bool:
    for n in range(laws.first_mask[which], laws.first_mask[which + 1]):  # noqa: SIM110 - numba knows no generators
        if laws.masks[n] & ~shown == 0:
            return True
    return False


@uncounted()
def _used_days(laws: Laws, stays: Ints, limit: int, entry: int, day: int, past: int, zone: int) -> int:
    begins = day - laws.limits[limit, 2] + 1
    if laws.limits[limit, 0] == CALENDAR_YEAR:
        begins = laws.years[0]
        for n in range(1, laws.years.size):
            if laws.years[n] <= day:
                begins = laws.years[n]
    used = day - max(entry, begins) + 1
    while past >= 0:
        if stays[past, 1] == zone:
            used += max(0, min(stays[past, 3], day) - max(stays[past, 2], begins) + 1)
        past = stays[past, 0]
    return used


@uncounted()
def _last_lawful(laws: Laws, stays: Ints, which: int, entry: int, past: int, zone: int) -> int:
    """The last lawful day of a stay from `entry` on; see `stays.last_lawful_day`."""
    first, end = laws.first_limit[which], laws.first_limit[which + 1]
    if first == end:
        return entry
    least = FAR
    for limit in range(first, end):
        counts = laws.limits[limit, 0]
        if counts == NOT_LIMITED:
            last = laws.scalars[NO_LIMIT]
        elif counts == NOT_RECORDED:
            last = entry
        elif counts == PER_VISIT:
            last = entry + laws.limits[limit, 1] - 1
        else:
            day, last = entry, entry + LOOK_AHEAD
            while day <= entry + LOOK_AHEAD:
                left = laws.limits[limit, 1] - _used_days(laws, stays, limit, entry, day, past, zone)
                if left < 0:
                    last = day - 1
                    break
                day += left + 1
        least = min(least, last)
    return least


@uncounted()
def _earned(laws: Laws, row: Ints, tick: int) -> int:
    if row[EARNED] >= 0:
        return row[EARNED]
    return laws.scalars[INCOME] * (tick // 4 // INCOME_DAYS)


@uncounted()
def _let_in(laws: Laws, stays: Ints, row: Ints, act: int, day: int, out: Ints) -> float:
    """The doubt of entering on a day, the last lawful day of the party in `out`; -1 if somebody is not let in."""
    zone = laws.spots[laws.acts[act, TARGET], ZONE]
    doubt, tightest = 0.0, FAR
    for member in range(laws.scalars[MEMBERS]):
        shown = _shown(laws, row, member, day)
        best, refused, least = -FAR, 2.0, 0.0
        which = laws.admits[act, member]
        for way in range(laws.first_way[which], laws.first_way[which + 1]):
            if (
                laws.ways[way, PAPERS] & ~shown
                or not laws.ways[way, FIRST_DAY] <= day <= laws.ways[way, LAST_DAY]
            ):
                continue
            beyond = laws.ways[way, PASSPORT_DAYS]
            if beyond and laws.ways[way, TRAVEL] & ~_shown(laws, row, member, day + beyond):
                continue
            last = _last_lawful(laws, stays, laws.ways[way, LIMITS], day, row[PAST], zone)
            if last > best or (last == best and laws.way_figures[way, 1] < refused):
                best, refused, least = last, laws.way_figures[way, 1], laws.way_figures[way, 0]
        if best < day:
            return -1.0
        doubt += least
        tightest = min(tightest, best)
    out[LAST] = tightest
    return doubt


@uncounted()
def _papers_allow(laws: Laws, row: Ints, act: int, day: int, out: Ints) -> int:
    """How many apply, papers gained and given up written into `out`; -1 if a member may not do the act."""
    gains = laws.acts[act, GAINS]
    if laws.acts[act, FREE]:
        return 0
    if gains >= 0 and row[APPLIED] >= laws.scalars[MOST_PAPERS]:
        return -1
    applying = 0
    for member in range(laws.scalars[MEMBERS]):
        which = laws.requires[act, member]
        if which < 0:
            continue
        shown = _shown(laws, row, member, day)
        if gains >= 0:
            if shown >> gains & 1:
                continue
            applying += 1
            at = PINNED + 1 + 2 * member
            out[at] &= ~laws.acts[act, GIVES_UP]
            out[at + 1] = out[at + 1] & ~laws.acts[act, GIVES_UP] | (1 << gains)
        if not _satisfied(laws, which, shown):
            return -1
    return -1 if gains >= 0 and applying == 0 else applying


@uncounted()
def _in_time(laws: Laws, row: Ints, act: int, day: int, leaves: int, end: int) -> bool:
    """Whether the act may be begun on its day, within the lawful stay and the deadline."""
    last, target = row[LAST], laws.acts[act, TARGET]
    if not laws.acts[act, OPENS] <= day <= laws.acts[act, CLOSES] or day > HORIZON_DAYS or day > last:
        return False
    if (laws.acts[act, STAYS] and leaves // 4 > last) or day + laws.acts[act, LAWFUL] - 1 > last:
        return False
    back = target != SAFE and laws.spots[target, AT_START] == 1
    if laws.spots[row[PLACE], AT_START]:
        there = day if target == SAFE else (end // 4 if back else leaves // 4)
        return there <= laws.scalars[DEADLINE]
    return not back or end // 4 <= laws.scalars[DEADLINE]


@uncounted()
def attempt(laws: Laws, run: Run, row: Ints, label: int, act: int, start: int, out: Ints) -> bool:
    """`moves.attempt`: the state after the act in `out`, or False if it is not lawful or not affordable then."""
    place, ticks = row[PLACE], laws.acts[act, TICKS]
    day, leaves, end = start // 4, start + laws.acts[act, BEFORE], start + ticks
    if not _in_time(laws, row, act, day, leaves, end):
        return False
    departs = laws.acts[act, DEPARTS]
    if departs and not departs >> start % WEEK & 1:
        return False
    waits, there = start - row[TICK], laws.acts[act, THERE]
    daily, living = laws.spot_figures[place, 0], laws.spot_figures[place, 1]
    if waits > 0 and (np.isnan(daily) or (np.isnan(living) and waits > 4)):
        return False
    if waits > 0 and laws.spots[place, IS_POST] and not departs:
        return False
    if there > 0 and (np.isnan(daily) or (np.isnan(living) and there > 4)):
        return False
    for column in range(row.size):
        out[column] = row[column]
    applying = _papers_allow(laws, row, act, day, out)
    if applying < 0:
        return False
    doubt = laws.figures[act, OWN_DOUBT]
    if laws.acts[act, NEW_ZONE]:
        turned = _let_in(laws, run.stays, row, act, end // 4, out)
        if turned < 0:
            return False
        doubt += turned
    rate = 0.0 if np.isnan(living) else living
    waited_nats = daily * (waits / 4) if waits > 0 else 0.0
    waited_euros = rate * (waits / 4) if waits > 0 else 0.0
    during_nats = daily * (there / 4) if there > 0 else 0.0
    during_euros = rate * (there / 4) if there > 0 else 0.0
    price = laws.figures[act, PRICE] + laws.figures[act, PRICE_EACH] * applying
    euros = up(waited_euros + during_euros + price, 1.0)
    if run.told[BUDGET] >= 0:
        due = max(euros, up(waited_euros + price, 1.0))
        if row[SPENT] + due > run.told[BUDGET] + _earned(laws, row, start):
            return False
    _write(laws, row, label, act, start, out)
    out[SPENT] += euros
    out[RISK] += up(waited_nats + during_nats + laws.figures[act, NATS], 0.001)
    out[MONEY] += up(float64(euros), float64(laws.scalars[MONEY_UNIT]))
    out[DOUBT] += up(doubt, 0.01)
    return True


@uncounted()
def _write(laws: Laws, row: Ints, label: int, act: int, start: int, out: Ints) -> None:
    gains = laws.acts[act, GAINS]
    out[PLACE] = laws.acts[act, TARGET]
    out[TICK] = start + laws.acts[act, TICKS]
    out[PINNED] |= laws.acts[act, PINS]
    out[APPLIED] += 1 if gains >= 0 else 0
    if gains < 0 and laws.acts[act, TARGET] != SAFE:
        out[EARNED] = _earned(laws, row, start)
    if laws.acts[act, NEW_ZONE]:
        out[ENTRY] = out[TICK] // 4
    out[PARENT], out[ACT], out[START], out[ALIVE] = label, act, start, 1


@uncounted()
def remember_stay(laws: Laws, run: Run, row: Ints, act: int, start: int, out: Ints) -> None:
    """Where stays are remembered, the one that ends with the act joins the chain of past stays."""
    zone = laws.spots[row[PLACE], ZONE]
    if laws.acts[act, NEW_ZONE] and laws.zones[zone, TRACKED]:
        number = run.counts[PAST_STAYS]
        run.stays[number, 0], run.stays[number, 1] = row[PAST], zone
        run.stays[number, 2] = row[ENTRY]
        run.stays[number, 3] = max(row[ENTRY], (start + laws.acts[act, BEFORE]) // 4)
        out[PAST] = number
        run.counts[PAST_STAYS] += 1


@uncounted()
def mark_starts(laws: Laws, run: Run, row: Ints, act: int) -> None:
    """Mark the ticks at which it is worth starting; see `moves._starts`."""
    now, length = row[TICK], laws.acts[act, TICKS]
    week = laws.acts[act, DEPARTS] | laws.acts[act, ALIGNED]
    run.marks[LATEST] = now
    for n in range(laws.events.size):
        tick = 4 * laws.events[n]
        days = laws.events[n] - now // 4
        if days <= 0:
            continue
        for start in (tick, tick - length):
            _mark_from(run, now, start, week)
        if days <= EVERY_DAY:
            for start in range(now, tick + 1, 4):
                _mark(run, now, start)
    if laws.scalars[INCOME] and row[EARNED] < 0:
        for month in range(1, MONTHS_WAITED + 1):
            _mark_from(run, now, 4 * INCOME_DAYS * month, week)
    if laws.acts[act, NEW_ZONE]:
        _mark_entries(laws, run, row, act, week)
    _mark_from(run, now, now, week)
    if week:
        for start in range(now, now + WEEK, 4):
            _mark(run, now, start)


@uncounted()
def _mark_from(run: Run, now: int, start: int, week: int) -> None:
    """Mark a start, and the quarters of the week from it on at which something leaves; see `timetables`."""
    _mark(run, now, start)
    if week and start >= now:
        for tick in range(start, start + WEEK):
            if week >> tick % WEEK & 1:
                _mark(run, now, tick)


@uncounted()
def _mark(run: Run, now: int, start: int) -> None:
    if now <= start < MOST_STARTS:
        run.marks[start] = 1
        run.marks[LATEST] = max(run.marks[LATEST], start)


@uncounted()
def _mark_entries(laws: Laws, run: Run, row: Ints, act: int, week: int) -> None:
    """Mark starts that lead to a later day of entry with a longer stay; see `stays.worthwhile_entries`."""
    now, length = row[TICK], laws.acts[act, TICKS]
    zone, arrival, past = laws.spots[laws.acts[act, TARGET], ZONE], (now + length) // 4, row[PAST]
    while past >= 0 and run.stays[past, 1] != zone:
        past = run.stays[past, 0]
    if past < 0:
        return
    need = run.needs[zone, max(0, laws.scalars[MOST_PAPERS] - row[APPLIED])]
    latest = min(
        HORIZON_DAYS, row[LAST] + length // 4 + 1
    )  # nobody waits longer than is lawful where they are
    for member in range(laws.scalars[MEMBERS]):
        which = laws.admits[act, member]
        for way in range(laws.first_way[which], laws.first_way[which + 1]):
            limits = laws.ways[way, LIMITS]
            slides = False
            for limit in range(laws.first_limit[limits], laws.first_limit[limits + 1]):
                slides = slides or laws.limits[limit, 0] >= SLIDING
            if not slides:
                continue
            most = min(need, _last_lawful(laws, run.stays, limits, arrival, row[PAST], zone) - arrival + 1)
            for entry in range(arrival + 1, latest + 1):
                if most >= need:
                    break
                last = _last_lawful(laws, run.stays, limits, entry, row[PAST], zone)
                if min(need, last - entry + 1) > most:
                    most = min(need, last - entry + 1)
                    _mark_from(run, now, 4 * entry - length, week)
