"""Reads conditions and days as they stand in rule texts; docs/counsel.md gives the grammar with examples.

    condition   part {"and" part} {"or" ...}, "not" part, brackets; "and" binds closer than "or"
    part        QUESTION is [not] VALUE | QUESTION is [not] one of VALUE, VALUE
                QUESTION includes VALUE | QUESTION includes one of VALUE, VALUE
                QUESTION is under N | is over N | is N to N            (an age)
                DAY is before DAY | is on or before DAY | is on or after DAY | is after DAY
                today falls in MM-DD to MM-DD {, MM-DD to MM-DD}
                CONCLUSION holds | CONCLUSION does not hold
    day         today | QUESTION | next MM-DD {or MM-DD} | last MM-DD {or MM-DD}, then {+ CLOCK | + N months}

Refused by name: a word nobody has declared, a question used as if it were of another kind, an answer it does not have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from tropa.counsel.interview.conditions import (
    Aged,
    And,
    Compare,
    Compares,
    Concluded,
    Condition,
    Includes,
    Is,
    Not,
    Or,
    Within,
)
from tropa.counsel.interview.days import (
    ByClock,
    ByMonths,
    DayExpression,
    QuestionDay,
    Today,
    YearDay,
    Yearly,
)

TOKEN = re.compile(r"\s*(\d\d-\d\d(?!\d)|[A-Z][A-Za-z0-9.-]*|[a-z][a-z0-9_-]*|\d+|[(),+])")
DAY_KINDS = frozenset({"past day", "day"})
DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""29 February is no day of every year."""


class NotUnderstood(ValueError):
    """A sentence that is no condition; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named: questions with their kind and answers, and conclusions."""

    kinds: Mapping[str, str]
    values: Mapping[str, AbstractSet[str]]
    conclusions: AbstractSet[str]


def condition_of(text: str, names: Names) -> Condition:
    """The condition a text says, or `NotUnderstood`."""
    reader = _Reader(_words(text), names)
    found = reader.either()
    reader.end()
    return found


def day_of(text: str, names: Names) -> DayExpression:
    """The day a text says, or `NotUnderstood`."""
    reader = _Reader(_words(text), names)
    found = reader.day()
    reader.end()
    return found


def _words(text: str) -> list[str]:
    words: list[str] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = TOKEN.match(stripped, at)
        if match is None:
            raise NotUnderstood(f"cannot read “{stripped[at:].strip()[:30]}”")
        words.append(match.group(1))
        at = match.end()
    return words


@dataclass(slots=True)
class _Reader:
    words: list[str]
    names: Names
    at: int = field(default=0)

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.words[place] if place < len(self.words) else ""

    def take(self, *expected: str) -> str:
        word = self.peek()
        if not word or (expected and word not in expected):
            wanted = " or ".join(f"“{one}”" for one in expected) or "another word"
            raise NotUnderstood(f"expected {wanted}, found “{word or 'the end'}”")
        self.at += 1
        return word

    def accepts(self, *sequence: str) -> bool:
        if all(self.peek(ahead) == word for ahead, word in enumerate(sequence)):
            self.at += len(sequence)
            return True
        return False

    def end(self) -> None:
        if self.peek():
            raise NotUnderstood(f"“{self.peek()}” is one word too many")

    def either(self) -> Condition:
        parts = [self.both()]
        while self.accepts("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Condition:
        parts = [self.part()]
        while self.accepts("and"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def part(self) -> Condition:
        if self.accepts("not"):
            return Not(self.part())
        if self.accepts("("):
            inner = self.either()
            self.take(")")
            return inner
        name = self.peek()
        if name in self.names.conclusions:
            return self._concluded()
        kind = self.names.kinds.get(name)
        if name in {"today", "next", "last"} or kind in DAY_KINDS:
            return self._about_days()
        if kind is None:
            raise NotUnderstood(f"nobody has declared “{name or 'the end'}”")
        self.at += 1
        return self._about_answer(name, kind)

    def _concluded(self) -> Condition:
        name = self.take()
        if self.accepts("holds"):
            return Concluded(name)
        for word in ("does", "not", "hold"):
            self.take(word)
        return Not(Concluded(name))

    def _about_answer(self, name: str, kind: str) -> Condition:
        if kind == "age":
            self.take("is")
            return self._aged(name)
        if kind == "several":
            self.take("includes")
            return Includes(name, self._values(name))
        self.take("is")
        contrary = self.accepts("not")
        found = Is(name, self._values(name))
        return Not(found) if contrary else found

    def _aged(self, name: str) -> Condition:
        if self.accepts("under"):
            return Aged(name, None, self._number() - 1)
        if self.accepts("over"):
            return Aged(name, self._number() + 1, None)
        least = self._number()
        most = self._number() if self.accepts("to") else least
        if most < least:
            raise NotUnderstood(f"{least} to {most} is no age")
        return Aged(name, least, most)

    def _number(self) -> int:
        word = self.take()
        if not word.isdigit():
            raise NotUnderstood(f"expected a number, found “{word}”")
        return int(word)

    def _values(self, name: str) -> frozenset[str]:
        several = self.accepts("one", "of")
        found = [self._value(name)]
        while several and self.accepts(","):
            found.append(self._value(name))
        return frozenset(found)

    def _value(self, name: str) -> str:
        word = self.take()
        if word not in self.names.values[name]:
            raise NotUnderstood(f"“{name}” has no answer “{word}”")
        return word

    def _about_days(self) -> Condition:
        if self.accepts("today", "falls", "in"):
            parts = [self._year_part()]
            while self.accepts(","):
                parts.append(self._year_part())
            return Within(tuple(parts))
        left = self.day()
        self.take("is")
        if self.accepts("before"):
            how = Compare.BEFORE
        elif self.accepts("after"):
            how = Compare.AFTER
        else:
            self.take("on")
            self.take("or")
            how = Compare.NOT_AFTER if self.take("before", "after") == "before" else Compare.NOT_BEFORE
        return Compares(left, how, self.day())

    def _year_part(self) -> tuple[YearDay, YearDay]:
        first = self._year_day()
        self.take("to")
        last = self._year_day()
        if last < first:
            raise NotUnderstood("a part of the year cannot cross the new year: name two parts")
        return first, last

    def _year_day(self) -> YearDay:
        word = self.take()
        month, _, day = word.partition("-")
        if not (month.isdigit() and day.isdigit() and 1 <= int(month) <= 12):
            raise NotUnderstood(f"expected a day of the year as MM-DD, found “{word}”")
        if not 1 <= int(day) <= DAYS_IN_MONTH[int(month) - 1]:
            raise NotUnderstood(f"“{word}” is no day of every year")
        return int(month), int(day)

    def day(self) -> DayExpression:
        found = self._day_base()
        while self.accepts("+"):
            if self.peek().isdigit():
                months = self._number()
                self.take("month", "months")
                found = ByMonths(found, months)
            else:
                clock = self.take()
                if not clock[:1].isupper():
                    raise NotUnderstood(f"expected a clock of the atlas, found “{clock}”")
                found = ByClock(found, clock)
        return found

    def _day_base(self) -> DayExpression:
        word = self.take()
        if word == "today":
            return Today()
        if word in {"next", "last"}:
            days = [self._year_day()]
            while self.peek() == "or" and "-" in self.peek(1):
                self.at += 1
                days.append(self._year_day())
            return Yearly(tuple(days), forward=word == "next")
        if self.names.kinds.get(word) not in DAY_KINDS:
            raise NotUnderstood(f"“{word}” is no question for a day")
        return QuestionDay(word)
