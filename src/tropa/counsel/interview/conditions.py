"""Conditions in three values: yes, no, and open. Kleene's strong logic (S. C. Kleene, Introduction to Metamathematics,
1952, section 64): "and" is the least, "or" the greatest of its parts, "not" turns yes and no about.

Kept true: every part is monotone, so a further answer can close what is open and never turns yes into no; not knowing
is never no. No condition can ask whether something is unknown: that alone would break both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tropa.counsel.interview.days import DayExpression, View, YearDay, clocks_in, questions_in

NO, OPEN, YES = 0, 1, 2
Look = tuple[int, int]
"""Truth, and the bits of the unanswered questions that could still settle it."""


def _unanswered(view: View, question: str) -> Look:
    """Open, unless the question does not arise: nobody who has no summons has one in the register."""
    return (OPEN, view.bit(question)) if view.arises(question) else (NO, 0)


class Compare(StrEnum):
    """How two days are compared."""

    BEFORE = "before"
    NOT_AFTER = "on or before"
    NOT_BEFORE = "on or after"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Is:
    """A closed question has one of these answers ("yes" and "no" for a yes/no question)."""

    question: str
    values: frozenset[str]

    def look(self, view: View) -> Look:
        """Open while not answered."""
        said = view.said(self.question)
        if said is None:
            return _unanswered(view, self.question)
        return (YES if said in self.values else NO), 0


@dataclass(frozen=True, slots=True)
class Includes:
    """A question with several answers has one of these among them."""

    question: str
    values: frozenset[str]

    def look(self, view: View) -> Look:
        """Open while not answered."""
        said = view.said(self.question)
        if not isinstance(said, frozenset):
            return _unanswered(view, self.question)
        return (YES if said & self.values else NO), 0


@dataclass(frozen=True, slots=True)
class Aged:
    """An age in whole years lies between two, both included; None: no limit on that side."""

    question: str
    least: int | None
    most: int | None

    def look(self, view: View) -> Look:
        """Open while not answered."""
        said = view.said(self.question)
        if not isinstance(said, int):
            return _unanswered(view, self.question)
        fits = (self.least is None or self.least <= said) and (self.most is None or said <= self.most)
        return (YES if fits else NO), 0


@dataclass(frozen=True, slots=True)
class Compares:
    """One day against another."""

    left: DayExpression
    how: Compare
    right: DayExpression

    def look(self, view: View) -> Look:
        """Open while either day is unknown."""
        left, left_bits = self.left.look(view)
        right, right_bits = self.right.look(view)
        if left is None or right is None:
            return OPEN, left_bits | right_bits
        return (YES if _compare(left, self.how, right) else NO), 0


def _compare(left: date, how: Compare, right: date) -> bool:
    match how:
        case Compare.BEFORE:
            return left < right
        case Compare.NOT_AFTER:
            return left <= right
        case Compare.NOT_BEFORE:
            return left >= right
        case Compare.AFTER:
            return left > right


@dataclass(frozen=True, slots=True)
class Within:
    """Today lies in one of these parts of every year, both ends included. No part crosses the new year."""

    parts: tuple[tuple[YearDay, YearDay], ...]

    def look(self, view: View) -> Look:
        """Always known."""
        today = (view.day.month, view.day.day)
        return (YES if any(first <= today <= last for first, last in self.parts) else NO), 0


@dataclass(frozen=True, slots=True)
class Concluded:
    """Another conclusion holds."""

    conclusion: str

    def look(self, view: View) -> Look:
        """What is known of it."""
        return view.holds(self.conclusion)


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    part: Condition

    def look(self, view: View) -> Look:
        """Open stays open."""
        truth, bits = self.part.look(view)
        return YES - truth, bits


@dataclass(frozen=True, slots=True)
class And:
    """All parts are true."""

    parts: tuple[Condition, ...]

    def look(self, view: View) -> Look:
        """No as soon as one part is no."""
        truth, bits = YES, 0
        for part in self.parts:
            one, open_bits = part.look(view)
            if one == NO:
                return NO, 0
            if one == OPEN:
                truth, bits = OPEN, bits | open_bits
        return truth, bits


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part is true."""

    parts: tuple[Condition, ...]

    def look(self, view: View) -> Look:
        """Yes as soon as one part is yes."""
        truth, bits = NO, 0
        for part in self.parts:
            one, open_bits = part.look(view)
            if one == YES:
                return YES, 0
            if one == OPEN:
                truth, bits = OPEN, bits | open_bits
        return truth, bits


Condition = Is | Includes | Aged | Compares | Within | Concluded | Not | And | Or
Atom = Is | Includes | Aged | Compares | Within | Concluded


def atoms(condition: Condition) -> tuple[Atom, ...]:
    """The parts a condition is made of, in the order of the text."""
    match condition:
        case Not(part):
            return atoms(part)
        case And(parts) | Or(parts):
            return tuple(atom for part in parts for atom in atoms(part))
        case _:
            return (condition,)


def asks(condition: Condition) -> frozenset[str]:
    """The questions a condition names itself; those of other conclusions are not among them."""
    found: set[str] = set()
    for atom in atoms(condition):
        match atom:
            case Is(question) | Includes(question) | Aged(question):
                found.add(question)
            case Compares(left, _, right):
                found |= questions_in(left) | questions_in(right)
            case Within() | Concluded():
                pass
    return frozenset(found)


def builds_on(condition: Condition) -> frozenset[str]:
    """The conclusions a condition names."""
    return frozenset(atom.conclusion for atom in atoms(condition) if isinstance(atom, Concluded))


def clocks_of(condition: Condition) -> frozenset[str]:
    """The clocks a condition counts by."""
    found: frozenset[str] = frozenset()
    for atom in atoms(condition):
        if isinstance(atom, Compares):
            found |= clocks_in(atom.left) | clocks_in(atom.right)
    return found
