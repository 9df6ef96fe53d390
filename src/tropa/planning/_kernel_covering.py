"""Whether ways that are known already cover what a label can become, compiled: what a long stay is still good for.

Kept true: a stay in a zone is lived and paid for there, tick by tick, at no less than the zone's least danger and price
of a day, whatever is done in it; so whatever asks for many more days of it is dearer than that, and where a known way
is never worse, nobody needs those days. In one zone a plan makes at most `LEGS_IN_ZONE` departures, as for all needs of
stays. Called, and cached with it, by the kernel of `_kernel_ways`.
"""

# numpy scalars are whole numbers here, which its types do not say
# mypy: disable-error-code="no-any-return"

from tropa.planning._kernel_acts import (  # isort: skip
    A_PLACE, BUDGET, DAILY, DOUBT, EARNED, FAR, FIRST_TICK, FOUND, HEAD_START, HORIZON_DAYS, INCOME, INCOME_DAYS, LAST,
    LAYER, LIVING, LOOKED_AT, MONEY, MONEY_UNIT, PLACE, RISK, SPENT, TICK, ZONE, Ints, Laws, Run,
)  # fmt: skip
from tropa.planning._kernel_cache import uncounted
from tropa.planning.needs import LEGS_IN_ZONE

COUNTED_TWICE = 7 * (LEGS_IN_ZONE + 1)
"""A stay of so many ticks touches a quarter as many days, and up to seven quarters of a day more."""


@uncounted()
def covered(run: Run, risk: int, ticks: int, money: int, doubt: int) -> bool:
    """Whether a way to safety is known that is never worse; the one that answers moves forward."""
    found = run.found
    for n in range(run.counts[FOUND]):
        if found[n, 0] <= risk and found[n, 1] <= ticks and found[n, 2] <= money and found[n, 3] <= doubt:
            nearer = n >> 1
            for column in range(5):
                found[n, column], found[nearer, column] = found[nearer, column], found[n, column]
            return True
    return False


@uncounted()
def most_euros(laws: Laws, run: Run, row: Ints) -> int:
    """The most a party can still have in hand, with all it may earn."""
    earned = row[EARNED] if row[EARNED] >= 0 else laws.scalars[INCOME] * (HORIZON_DAYS // INCOME_DAYS)
    return run.told[BUDGET] + earned


@uncounted()
def last_of_use(laws: Laws, run: Run, row: Ints) -> int:
    """The last day on which a label's stay is of use: whatever asks for it later is covered, or too dear."""
    useless, last = row[TICK] // 4 - 1, row[LAST]
    while last - useless > 1:
        day = (useless + last) >> 1
        if _outlasts(laws, run, row, row[PLACE], 4 * (day + 1) - row[TICK], -1):
            last = day
        else:
            useless = day
    return last


@uncounted()
def of_no_use(laws: Laws, run: Run, row: Ints, zone: int, days: int) -> bool:
    """Whether everything a label can become that spends more than so many days in a zone is covered, or too dear; days
    below zero ask for whatever goes back there at all. What was found out about a label is remembered while it is
    looked at."""
    place, known = laws.zones[zone, A_PLACE], run.known[zone]
    back = known[3] if laws.spots[row[PLACE], ZONE] != zone else -1
    if place < 0 or (days < 0 and back < 0):
        return False
    days = max(days, -1)
    if known[0] != run.counts[LOOKED_AT]:
        known[0], known[1], known[2] = run.counts[LOOKED_AT], FAR, -2
    if known[2] < days < known[1]:
        if _outlasts(laws, run, row, place, 4 * (days + 1) - COUNTED_TWICE, back):
            known[1] = days
        else:
            known[2] = days
    return bool(days >= known[1])


@uncounted()
def _outlasts(laws: Laws, run: Run, row: Ints, place: int, ticks: int, back: int) -> bool:
    """Whether everything a label can become that is so many ticks in the zone of a place is covered, or too dear.

    Until the last act there begins all but the head start of that act passes; from there on it pays what is least from
    anywhere in the zone. Before all that it has to come there: `back` is the row that says what this takes, -1 where
    it is there already, or that is not known.
    """
    least, lasting = run.bounds[row[LAYER], row[PLACE]], run.lasting[place]
    nats, passes, spent, doubt = 0, max(0, ticks - lasting[HEAD_START]), 0, 0
    living, danger = passes * lasting[LIVING] // 400, passes * lasting[DAILY] // 4000
    if back >= 0:
        going = run.back[back, row[PLACE]]
        if going[0] >= FAR:
            return True
        nats, passes, spent, doubt = going[0], passes + going[1], going[2], going[3]
    spent += living
    euros = max(least[2], spent + lasting[2])
    if run.told[BUDGET] >= 0 and row[SPENT] + euros > most_euros(laws, run, row):
        return True
    risk = row[RISK] + max(least[0], nats + danger + lasting[0])
    end = row[TICK] - run.told[FIRST_TICK] + max(least[1], passes + lasting[1])
    money = row[MONEY] + max(least[4], spent // laws.scalars[MONEY_UNIT] + lasting[4])
    return covered(run, risk, end, money, row[DOUBT] + max(least[3], doubt + lasting[3]))
