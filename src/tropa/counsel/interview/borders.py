"""The borders of a rule, and whether the cases beside it stand on both sides of each.

A border is a day or an age at which the rule begins or ceases to say something: its first and last day in force, the
day before, the day, the day after; the ages on both sides of a limit; a compared day one day earlier, the same, one
later; both ends of a part of the year. A rule whose cases leave a border out is as unproven as one without cases, and
`missing` names what is not stood on. Each rule also needs a case in which it applies and one in which it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from tropa.atlas import Atlas
from tropa.counsel.interview.answering import Answers, read_answers
from tropa.counsel.interview.book import Book
from tropa.counsel.interview.conditions import OPEN, YES, Aged, Compares, Within, atoms
from tropa.counsel.interview.engine import Finding, Look, WhyPerson, contradictions, finding_of, withheld_by
from tropa.counsel.interview.errors import BadAnswers, Fault
from tropa.counsel.interview.law import Force, Law
from tropa.counsel.interview.model import Case, Expected, Rule

DAY = timedelta(days=1)
AROUND = (-1, 0, 1)
A_YEAR_OF_NO_LEAP = 2027


def failures(book: Book, atlas: Atlas) -> Iterator[Fault]:
    """The cases that come out otherwise than they say, and those whose answers cannot be read."""
    law = Law(book, _confirmed(atlas))
    for rule in book.rules:
        for case in rule.cases:
            for day, expected in zip(case.days, case.expected, strict=True):
                try:
                    finding = _found(law, case, day, rule.conclusion)
                except BadAnswers as error:
                    yield Fault(rule.file, case.line, f"{day}: {error}")
                    continue
                if not _as_expected(finding, expected):
                    yield Fault(rule.file, case.line, f"{day}: {_said(finding)}, not {_wanted(expected)}")


def _confirmed(atlas: Atlas) -> Atlas:
    """The atlas as if everything in it were confirmed for ever: cases are about the rules, not about who reviewed."""
    facts = [replace(fact, review_by=date.max) for fact in atlas.facts.values()]
    return Atlas(meta=atlas.meta, facts=facts, reviewed_as_of=date.min)


def _found(law: Law, case: Case, day: date, conclusion: str) -> Finding:
    answers = read_answers(case.answers, law.book, day)
    withheld = withheld_by(contradictions(law, answers, day), answers)
    return finding_of(Look(law, law.on(day), answers, withheld), conclusion)


def _as_expected(finding: Finding, expected: Expected) -> bool:
    if finding.state.value != expected.state or finding.why is WhyPerson.RULES_CLASH:
        return False
    days = {(dated.role, dated.day) for reason in finding.reasons for dated in reason.dates}
    return expected.role is None or (expected.role, expected.day) in days


def _said(finding: Finding) -> str:
    days = [f"{dated.role.value} {dated.day}" for reason in finding.reasons for dated in reason.dates]
    return " ".join([finding.state.value, *days])


def _wanted(expected: Expected) -> str:
    return f"{expected.state} {expected.role.value} {expected.day}" if expected.role else expected.state


def missing(book: Book, atlas: Atlas) -> Iterator[Fault]:
    """The borders on which no case stands."""
    law = Law(book, _confirmed(atlas))
    for rule in book.rules:
        stands = [
            (case, day, look) for case in rule.cases for day in case.days if (look := _look(law, case, day))
        ]
        truths = {rule.when.look(look)[0] for _, _, look in stands}
        if YES not in truths:
            yield Fault(rule.file, rule.line, f"{rule.id}: no case in which it applies")
        if not truths - {YES}:
            yield Fault(rule.file, rule.line, f"{rule.id}: no case in which it does not apply")
        reached = {border for _, _, look in stands for border in _stood_on(rule, look)}
        for border in _borders(rule):
            if border not in reached:
                yield Fault(rule.file, rule.line, f"{rule.id}: no case stands on the border: {border}")
        if rule.dates and not any(one.role for case in rule.cases for one in case.expected):
            yield Fault(rule.file, rule.line, f"{rule.id}: no case says which day it computes")


def _look(law: Law, case: Case, day: date) -> Look | None:
    try:
        answers: Answers = read_answers(case.answers, law.book, day)
    except BadAnswers:
        return None
    return Look(law, law.on(day), answers)


def _borders(rule: Rule) -> Iterator[str]:
    for name, first in (("first day", rule.first), ("day after the last", rule.last and rule.last + DAY)):
        if first is not None:
            yield from (f"{name} in force {first}{_shift(shift)}" for shift in AROUND)
    for number, atom in enumerate(atoms(rule.when)):
        match atom:
            case Aged(_, least, most):
                yield from (f"age {age}" for age in _ages(least, most))
            case Compares():
                yield from (f"compared days {number + 1}{_shift(shift)}" for shift in AROUND)
            case Within(parts):
                yield from (f"day of the year {day:%m-%d}" for part in parts for day in _year_days(part))
            case _:
                pass


def _ages(least: int | None, most: int | None) -> tuple[int, ...]:
    lower = (least - 1, least) if least is not None else ()
    upper = (most, most + 1) if most is not None else ()
    return tuple(dict.fromkeys((*lower, *upper)))


def _year_days(part: tuple[tuple[int, int], tuple[int, int]]) -> Iterator[date]:
    first, last = (date(A_YEAR_OF_NO_LEAP, month, day) for month, day in part)
    yield from (first - DAY, first, last, last + DAY)


def _shift(days: int) -> str:
    return f" {days:+d} day" if days else ""


def _stood_on(rule: Rule, look: Look) -> Iterator[str]:
    """The borders a case stands on; it must not be left open by an answer that is missing. Out of force the rule's
    clocks do not count either, so there it may be.
    """
    open_still = rule.when.look(look)[0] == OPEN
    for name, first in (("first day", rule.first), ("day after the last", rule.last and rule.last + DAY)):
        if first is not None and (not open_still or look.today.forces[rule.id].force is Force.NOT_IN_FORCE):
            yield f"{name} in force {first}{_shift((look.day - first).days)}"
    if open_still:
        return
    for number, atom in enumerate(atoms(rule.when)):
        match atom:
            case Aged(question, _, _):
                yield f"age {look.said(question)}"
            case Compares(left, _, right):
                first_day, second_day = left.look(look)[0], right.look(look)[0]
                if first_day is not None and second_day is not None:
                    yield f"compared days {number + 1}{_shift((first_day - second_day).days)}"
            case Within():
                yield f"day of the year {look.day:%m-%d}"
            case _:
                pass
