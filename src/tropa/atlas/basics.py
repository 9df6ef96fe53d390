"""The small values every fact is made of: texts in both languages, ranges, dates as far as they are known,
papers asked for.

Kept true here: a range is never reversed, a probability never reaches one, a date that is known to the month
only is never made into a day without saying which end of the month is meant. Refused: floats that are no
number, empty texts.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the two languages of the desk. Neither may be empty."""

    en: str
    ru: str

    def __post_init__(self) -> None:
        if not self.en.strip() or not self.ru.strip():
            raise ValueError("a text needs both English and Russian")


@dataclass(frozen=True, slots=True)
class Range:
    """low <= point <= high; the unit is that of the field (hours, days, euros, probability)."""

    low: float
    point: float
    high: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(number) for number in (self.low, self.point, self.high)):
            raise ValueError("a range holds finite numbers only")
        if not 0 <= self.low <= self.point <= self.high:
            raise ValueError(
                f"a range needs 0 <= low <= point <= high, got {self.low}, {self.point}, {self.high}"
            )

    @property
    def pessimistic(self) -> Range:
        """The range closed at its upper end: what is left of a number nobody has confirmed in time."""
        return Range(self.high, self.high, self.high)


def probability(low: float, point: float, high: float) -> Range:
    """A range of chances. One is refused: -ln(1 - p) must stay finite, and no judgement is certain."""
    if high >= 1:
        raise ValueError(f"a chance stays below 1, got {high}")
    return Range(low, point, high)


_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date as far as a source gives it: day, month, year, or two of them with "/" between.

    `earliest` and `latest` are the first and last day it may mean; `text` is what the source allows to be
    said.
    """

    earliest: date
    latest: date
    text: str

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """ISO 8601 shortened to month or year, or a range with "/". ValueError for anything else."""
        first, slash, second = text.partition("/")
        earliest, latest = _span(first)
        if slash:
            latest = _span(second)[1]
        if latest < earliest:
            raise ValueError(f"the range {text} ends before it begins")
        return cls(earliest=earliest, latest=latest, text=text)


def _span(text: str) -> tuple[date, date]:
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no date of the form 2026, 2026-11 or 2026-11-22")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        first = date(year, month, 1)
        return first, date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


@dataclass(frozen=True, slots=True)
class Requirement:
    """Papers asked for, in disjunctive normal form: any one alternative is enough, each needs all its papers.

    No alternative at all can never be met; one empty alternative asks for nothing. An alternative that
    contains another is dropped, so equal rules are equal values; the order is by size, then by name.
    """

    alternatives: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, *alternatives: AbstractSet[str]) -> Requirement:
        """The normal form of these alternatives."""
        sets = {frozenset(alternative) for alternative in alternatives}
        least = [one for one in sets if not any(other < one for other in sets)]
        return cls(tuple(sorted(least, key=lambda one: (len(one), sorted(one)))))

    def met_by(self, papers: AbstractSet[str]) -> bool:
        """Whether these papers satisfy some alternative."""
        return any(alternative <= papers for alternative in self.alternatives)

    @property
    def papers(self) -> frozenset[str]:
        """Every paper named in some alternative."""
        return frozenset().union(*self.alternatives)

    @property
    def asks_nothing(self) -> bool:
        """Whether it is met without any paper."""
        return any(not alternative for alternative in self.alternatives)


NOTHING_ASKED = Requirement((frozenset(),))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. `dated` is the day of the text; None where the text bears none. `title` may be
    cited, in either language.
    """

    id: str
    title: Text
    url: str | None
    dated: PartialDate | None

    @property
    def cited(self) -> Text:
        """The citation as one line, in both languages."""
        day = f" ({self.dated.text})" if self.dated else ""
        address = f", {self.url}" if self.url else ""
        return Text(en=f"{self.title.en}{day}{address}", ru=f"{self.title.ru}{day}{address}")
