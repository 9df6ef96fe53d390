"""Days that rules compute: an answer's day moved by a clock of the atlas, by plain days or months, or a yearly day.

Kept true: a day nobody knows stays unknown, and a clock that may not be used on the day gives none; a month added to
the 31st ends on the last day of a shorter month. `Look` is the pair every part of a rule gives: what is known, and the
bits of the unanswered questions that could still tell more (none: nobody is left to ask).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

YearDay = tuple[int, int]
"""Month and day of every year."""


class View(Protocol):
    """What a rule looks at: the answers on one day, under the law of one day."""

    @property
    def day(self) -> date: ...

    def said(self, question: str) -> object | None:
        """The answer, None where there is none or it is not known."""

    def bit(self, question: str) -> int:
        """The bit of a question that nobody has answered yet, 0 where it was answered or need not be asked."""

    def arises(self, question: str) -> bool:
        """Whether a question nobody has answered can matter: not where its "asked when" is known to be no."""

    def clock_days(self, clock: str) -> int | None:
        """The days of a clock of the atlas, None where it may not be used."""

    def holds(self, conclusion: str) -> tuple[int, int]:
        """Truth and open bits of another conclusion."""


DayLook = tuple[date | None, int]


@dataclass(frozen=True, slots=True)
class QuestionDay:
    """The day somebody answered."""

    question: str

    def look(self, view: View) -> DayLook:
        """The day, or the question that would tell it."""
        said = view.said(self.question)
        return (said, 0) if isinstance(said, date) else (None, view.bit(self.question))


@dataclass(frozen=True, slots=True)
class Today:
    """The day of the interview."""

    def look(self, view: View) -> DayLook:
        """Always known."""
        return view.day, 0


@dataclass(frozen=True, slots=True)
class Yearly:
    """The nearest of some days of the year: after today or on it (`forward`), or before it or on it."""

    days: tuple[YearDay, ...]
    forward: bool

    def look(self, view: View) -> DayLook:
        """Always known."""
        years = (view.day.year - 1, view.day.year, view.day.year + 1)
        all_days = [date(year, month, day) for year in years for month, day in self.days]
        if self.forward:
            return min(day for day in all_days if day >= view.day), 0
        return max(day for day in all_days if day <= view.day), 0


@dataclass(frozen=True, slots=True)
class ByClock:
    """A day moved by a clock of the atlas."""

    base: DayExpression
    clock: str

    def look(self, view: View) -> DayLook:
        """Unknown where the clock may not be used."""
        day, bits = self.base.look(view)
        days = view.clock_days(self.clock)
        if day is None or days is None:
            return None, bits if days is not None else 0
        return day + timedelta(days=days), 0


@dataclass(frozen=True, slots=True)
class ByMonths:
    """A day moved by whole months; the last day of the month where there is no such day."""

    base: DayExpression
    months: int

    def look(self, view: View) -> DayLook:
        """Unknown where the base is."""
        day, bits = self.base.look(view)
        if day is None:
            return None, bits
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)), 0


DayExpression = QuestionDay | Today | Yearly | ByClock | ByMonths


def questions_in(expression: DayExpression) -> frozenset[str]:
    """The questions a day depends on."""
    match expression:
        case QuestionDay(question):
            return frozenset({question})
        case ByClock(base, _) | ByMonths(base, _):
            return questions_in(base)
        case Today() | Yearly():
            return frozenset()


def clocks_in(expression: DayExpression) -> frozenset[str]:
    """The clocks a day is moved by."""
    match expression:
        case ByClock(base, clock):
            return clocks_in(base) | {clock}
        case ByMonths(base, _):
            return clocks_in(base)
        case QuestionDay() | Today() | Yearly():
            return frozenset()
