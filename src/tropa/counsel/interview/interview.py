"""The interview as one call: answers on a day in; conclusions, contradictions, changes and the next question out.

Kept true: nothing is remembered between two calls, so nothing has to be stored, and the same answers give the same
result in whatever order they came. The atlas and the day are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tropa.counsel.interview.answering import Answers
from tropa.counsel.interview.asking import next_question
from tropa.counsel.interview.conditions import NO
from tropa.counsel.interview.engine import Finding, Look, State, contradictions, finding_of, withheld_by
from tropa.counsel.interview.law import Law
from tropa.counsel.interview.model import Contradiction, Rule, Steers

A_YEAR: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Coming:
    """A rule that speaks of somebody like this begins or ends on a day after today."""

    day: date
    begins: bool
    rule: Rule


@dataclass(frozen=True, slots=True)
class Interview:
    """Where an interview stands. `next_question` None: nothing that could be asked would decide anything more."""

    day: date
    answers: Answers
    findings: tuple[Finding, ...]
    contradictions: tuple[Contradiction, ...]
    disputed: tuple[str, ...]
    coming: tuple[Coming, ...]
    next_question: str | None
    for_another: bool

    def finding(self, conclusion: str) -> Finding:
        """The finding of one conclusion; `KeyError` for one that does not exist."""
        for one in self.findings:
            if one.conclusion == conclusion:
                return one
        raise KeyError(conclusion)


def interview(law: Law, answers: Answers, on: date, *, skipped: Iterable[str] = ()) -> Interview:
    """Where the interview stands with these answers on this day."""
    found = contradictions(law, answers, on)
    withheld = withheld_by(found, answers)
    look = Look(law, law.on(on), answers, withheld)
    findings = tuple(finding_of(look, name) for name in law.book.conclusions)
    date_bits = 0
    for finding in findings:
        date_bits |= finding.date_bits
    return Interview(
        day=on,
        answers=answers,
        findings=findings,
        contradictions=found,
        disputed=tuple(sorted(answers.disputed)),
        coming=_coming(look),
        next_question=next_question(look, skipped=frozenset(skipped), date_bits=date_bits),
        for_another=_for_another(look),
    )


def _for_another(look: Look) -> bool:
    steering = look.law.book.steering(Steers.WORDING)
    return steering is not None and look.said(steering.id) == (steering.for_another or "")


def _coming(look: Look) -> tuple[Coming, ...]:
    """Rules that begin or end within a year, by dates alone, and whose condition these answers do not rule out."""
    law, found = look.law, []
    for day in law.changes_after(look.day, A_YEAR):
        for rule in law.book.rules:
            before, after = law.dated(rule, day - timedelta(days=1)), law.dated(rule, day)
            if before != after and rule.when.look(look)[0] != NO:
                found.append(Coming(day, after, rule))
    return tuple(found)


def settled(result: Interview) -> tuple[Finding, ...]:
    """The findings that say something: what holds, what does not, what a person must look at."""
    return tuple(one for one in result.findings if one.state not in (State.OPEN, State.SILENT))
