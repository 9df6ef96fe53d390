"""Whether a fact may be used, as planning asks it: on the day of planning for reviews, on the day of acting for dates.

Kept true: a permission that is unverified, overdue or over opens nothing; one that begins later opens from that day, if
its review still holds then. A prohibition binds from its first day for ever. `Setting.confirmed` asks what would
hold if somebody confirmed the overdue and unverified facts today; it never brings back a permission whose validity
is over, nor one that is stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, assert_never

from tropa.atlas import Atlas, Effect, Fact, Leg, Standing, Value
from tropa.planning.graph import ALWAYS_FIRST, ALWAYS_LAST
from tropa.planning.plan import Reason

MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Window:
    """Days from planning, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class FactBook:
    """The atlas on one day."""

    atlas: Atlas
    on: date
    confirmed: bool

    def permission(self, fact: Fact[Value]) -> Window | Reason:
        """When a permission may be used, or why not at all."""
        begins = max(self.on, fact.valid_from) if fact.valid_from else self.on
        standing = self.atlas.standing(fact, begins)
        match standing:
            case Standing.USABLE:
                return self._dates(fact)
            case Standing.UNVERIFIED | Standing.REVIEW_OVERDUE:
                code = "fact_unverified" if standing is Standing.UNVERIFIED else "fact_overdue"
                named = (("fact", fact.id), ("owners", fact.owner))
                return self._dates(fact) if self.confirmed else Reason(code, named)
            case Standing.NO_LONGER_VALID | Standing.NOT_YET_VALID:
                return Reason("fact_over", (("fact", fact.id),))
            case Standing.STOPPED:
                stop = self.atlas.stops_on(fact)[0]
                return Reason(
                    "fact_stopped", (("fact", fact.id), ("stop", stop.id), ("scope", stop.value.scope))
                )
            case _:
                assert_never(standing)

    def prohibited_from(self, fact: Fact[Value]) -> int:
        """The first day a prohibition binds; it never ends by itself."""
        return (fact.valid_from - self.on).days if fact.valid_from else ALWAYS_FIRST

    def is_permission(self, fact: Fact[Value]) -> bool:
        """Whether the fact opens rather than closes."""
        return fact.effect is Effect.PERMISSION

    def _dates(self, fact: Fact[Value]) -> Window:
        first = (fact.valid_from - self.on).days if fact.valid_from else ALWAYS_FIRST
        last = (fact.valid_until - self.on).days if fact.valid_until else ALWAYS_LAST
        if isinstance(fact.value, Leg) and fact.value.months:
            season = _season(self.on + timedelta(days=max(first, 0)), fact.value.months)
            first, last = max(first, (season[0] - self.on).days), min(last, (season[1] - self.on).days)
        if isinstance(fact.value, Leg) and fact.value.departures:
            first = max(first, 1)  # what leaves on the day of planning may have left
        return Window(first, last)


def _season(day: date, months: tuple[int, ...]) -> tuple[date, date]:
    """The first and last day of the season a day lies in, or of the next one; later seasons are planned in theirs."""
    while day.month not in months:
        day += timedelta(days=1)
    end = day
    while len(months) < MONTHS and (end + timedelta(days=1)).month in months:
        end += timedelta(days=1)
    return day, end if len(months) < MONTHS else date.max
