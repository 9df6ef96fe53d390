"""Whether one label of a place can do whatever another can, never worse, compiled; the rules stand in `_ways_twin`.

Kept true: waiting is paid for in danger and money before two labels are compared (earlier and safer does not beat
later), and a stay that begins later, or leaves fewer used days, is never thrown out for being dearer. Called, and
cached with it, by the kernel of `_kernel_ways`.
"""

# numpy scalars are whole numbers here, which its types do not say
# mypy: disable-error-code="no-any-return"

import numpy as np
from numba import float64

from tropa.planning._kernel_acts import (  # isort: skip
    APPLIED, AWAITS, EARNED, ENTRY, INCOME, IS_POST, LAST, LAST_EVENT, LEAST_DAYS, MOST_PAPERS, MONEY, MONEY_UNIT, PAST,
    PINNED, PLACE, RISK, SHIFTABLE, SPENT, TICK, TRACKED, WEEK, ZONE, Ints, Laws, Run, up,
)  # fmt: skip
from tropa.planning._kernel_cache import uncounted
from tropa.planning._kernel_covering import of_no_use


@uncounted()
def _room(laws: Laws, run: Run, a: Ints, b: Ints, zone: int, here: int) -> bool:
    """Whether everything of use that b can still do in a zone fits beside the days a has used there."""
    left = laws.zones[zone, LEAST_DAYS] - here
    past = a[PAST]
    while past >= 0:
        if run.stays[past, 1] == zone:
            left -= run.stays[past, 3] - run.stays[past, 2] + 1
        past = run.stays[past, 0]
    need = run.needs[zone, max(0, laws.scalars[MOST_PAPERS] - b[APPLIED])]
    if need + max(0, laws.scalars[LAST_EVENT] - a[TICK] // 4) <= left:
        return True
    return of_no_use(laws, run, b, zone, left)


@uncounted()
def _stays_as_long(laws: Laws, run: Run, a: Ints, b: Ints, last: int, days: int) -> bool:
    """Whether a's stay, that many days later, is lawful until b's day `last` and leaves no more used days."""
    zone, today, stays = laws.spots[a[PLACE], ZONE], a[TICK] // 4, run.stays
    need = run.needs[zone, max(0, laws.scalars[MOST_PAPERS] - b[APPLIED])]
    until_event = max(0, laws.scalars[LAST_EVENT] - today)
    if a[LAST] - today - 1 < need + until_event and a[LAST] + days < last:
        return False
    older = laws.zones[zone, TRACKED] and a[ENTRY] + days < b[ENTRY]
    if older and not _room(laws, run, a, b, zone, today + 1 - a[ENTRY] + 1):
        return False
    if days == 0 and a[PAST] == b[PAST]:
        return True
    mine = a[PAST]
    while mine >= 0:
        within, other = False, b[PAST]
        while other >= 0 and not within:
            within = (
                stays[other, 1] == stays[mine, 1]
                and stays[other, 2] <= stays[mine, 2] + days
                and stays[mine, 3] + days <= stays[other, 3]
            )
            other = stays[other, 0]
        if not within and not _room(laws, run, a, b, stays[mine, 1], 0):
            return False
        mine = stays[mine, 0]
    return True


@uncounted()
def _can_wait(laws: Laws, a: Ints, b: Ints, waits: int, limited: bool) -> bool:
    if waits == 0:
        return True
    place = a[PLACE]
    daily, living = laws.spot_figures[place, 0], laws.spot_figures[place, 1]
    if laws.spots[place, IS_POST] or np.isnan(daily) or np.isnan(living):
        return False
    risk = up(daily * (waits / 4), 0.001)
    money = up(living * (waits / 4), float64(laws.scalars[MONEY_UNIT]))
    if limited and a[SPENT] + up(living * (waits / 4), 1.0) > b[SPENT]:
        return False
    return a[RISK] + risk <= b[RISK] and a[MONEY] + money <= b[MONEY]


@uncounted()
def imitates(laws: Laws, run: Run, a: Ints, b: Ints, last: int, limited: bool) -> bool:
    """Whether a can do whatever b can do, never worse; that no figure of a is larger was seen before. `last`: the last
    day on which b's stay may be of use. `limited`: money is, so exact euros count beside the units of the search."""
    if a[APPLIED] > b[APPLIED] or (limited and a[SPENT] > b[SPENT]):
        return False
    for word in range(PINNED, a.size):
        if b[word] & ~a[word]:
            return False
    waits, income = b[TICK] - a[TICK], laws.scalars[INCOME]
    if income and a[EARNED] != b[EARNED] and (a[EARNED] < 0 or b[EARNED] < 0 or a[EARNED] < b[EARNED]):
        return False
    if waits and income and a[EARNED] < 0:
        return False
    if waits == 0:
        return _stays_as_long(laws, run, a, b, last, 0)
    opens_later, awaits = laws.scalars[LAST_EVENT] > a[TICK] // 4, laws.spots[a[PLACE], AWAITS] == 1
    if waits % 4 and (opens_later or awaits):
        return False
    if laws.scalars[SHIFTABLE] and not opens_later:
        again = WEEK if awaits else 4
        days = waits // again * (again // 4)
        return _can_wait(laws, a, b, waits % again, limited) and _stays_as_long(laws, run, a, b, last, days)
    return _can_wait(laws, a, b, waits, limited) and _stays_as_long(laws, run, a, b, last, 0)
