"""Draws conclusions: what holds, what does not, what needs a person, what is still open, with reasons and days.

Kept true: a settled conclusion stays as it is whatever else is answered, unless a further answer contradicts an
earlier one, and then it is withheld until the person has said which is right. The order of answers cannot matter: there
is none here. Two rules that say different things, a fact nobody has confirmed, an answer nobody knows: a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tropa.counsel.interview.answering import Answer, Answers, NotKnown
from tropa.counsel.interview.book import asked_by
from tropa.counsel.interview.conditions import NO, OPEN, YES, Condition, asks, builds_on
from tropa.counsel.interview.law import Force, Law, LawOfDay
from tropa.counsel.interview.model import Contradiction, DateRole, Outcome, Rule


class State(StrEnum):
    """Where a conclusion stands."""

    HOLDS = "holds"
    NOT = "not"
    PERSON = "person"
    OPEN = "open"
    SILENT = "silent"  # no rule speaks of somebody like this


class WhyPerson(StrEnum):
    """Why a conclusion goes to a person."""

    RULE = "rule"  # a rule says so: the facts do not decide it
    RULES_CLASH = "rules clash"
    NOT_KNOWN = "not known"  # an answer the person does not know decides it
    HANGS = "hangs on another"  # on another conclusion that needs a person
    CONTRADICTED = "contradicted"
    FACTS_WAIT = "facts wait"  # a fact it rests on awaits review, is overdue or stopped
    ANOTHER_TIME = "another time"  # no rule on record was in force that day


@dataclass(frozen=True, slots=True)
class Dated:
    """A day a rule gives. `day` None: an answer or a clock is missing."""

    role: DateRole
    day: date | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that speaks: its answers are those of `asked_by(rule)` that were given."""

    rule: Rule
    dates: tuple[Dated, ...]
    answers: tuple[str, ...]
    because: tuple[str, ...] = ()  # the conclusions it builds on
    kept_by: tuple[str, ...] = ()  # facts that keep it from speaking


@dataclass(frozen=True, slots=True)
class Finding:
    """Where one conclusion stands, and why. `open_bits`: the questions that could settle it; `date_bits`: those that
    would only give it its days; `not_known`: the answers nobody knows, for WhyPerson.NOT_KNOWN.
    """

    conclusion: str
    state: State
    reasons: tuple[Reason, ...] = ()
    why: WhyPerson | None = None
    open_bits: int = 0
    date_bits: int = 0
    not_known: tuple[str, ...] = ()


@dataclass(slots=True)
class Look:
    """The answers on one day, as rules look at them. `withheld`: answers that contradict each other count for
    nothing. Conclusions and guards are worked out once and kept.
    """

    law: Law
    today: LawOfDay
    answers: Answers
    withheld: frozenset[str] = frozenset()
    drawn: dict[str, tuple[int, int]] = field(default_factory=dict)
    guards: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day of the interview."""
        return self.today.day

    def said(self, question: str) -> Answer | None:
        """The answer, None where there is none, or none that counts."""
        found = self.answers.given.get(question)
        return None if isinstance(found, NotKnown) or question in self.withheld else found

    def bit(self, question: str) -> int:
        """The bit of a question nobody has answered."""
        return 0 if question in self.answers.given else self.law.book.bits[question]

    def guard(self, question: str) -> tuple[int, int]:
        """Truth and open bits of what a question waits for."""
        if question not in self.guards:
            asked_when = self.law.book.questions[question].asked_when
            self.guards[question] = (YES, 0) if asked_when is None else asked_when.look(self)
        return self.guards[question]

    def arises(self, question: str) -> bool:
        """Whether a question nobody has answered can matter. One that was answered "I do not know" can."""
        return question in self.answers.given or self.guard(question)[0] != NO

    def clock_days(self, clock: str) -> int | None:
        """The days of a clock that may be used today."""
        return self.today.clocks.get(clock)

    def holds(self, conclusion: str) -> tuple[int, int]:
        """Truth and open bits of a conclusion: only one that is settled is yes or no."""
        if conclusion not in self.drawn:
            self.drawn[conclusion] = self._draw(conclusion)
        return self.drawn[conclusion]

    def _draw(self, conclusion: str) -> tuple[int, int]:
        state, bits = state_of(self, conclusion)
        return {State.HOLDS: YES, State.NOT: NO}.get(state, OPEN), bits


def state_of(look: Look, conclusion: str) -> tuple[State, int]:
    """Where a conclusion stands and the bits that could settle it, without reasons: what the choice of the next
    question asks thousands of times.
    """
    firm: set[Outcome] = set()
    bits, unsure = 0, False
    forces = look.today.forces
    for rule in look.law.book.rules_of[conclusion]:
        truth, open_bits = rule.when.look(look)
        if truth == OPEN:
            bits |= open_bits
            unsure = True
        elif truth == YES:
            if forces[rule.id].force is Force.SPEAKS:
                firm.add(rule.outcome)
            else:
                unsure = True
    if firm:
        return (_of(next(iter(firm))) if len(firm) == 1 else State.PERSON), 0
    if bits:
        return State.OPEN, bits
    return (State.PERSON if unsure else State.SILENT), 0


def _of(outcome: Outcome) -> State:
    match outcome:
        case Outcome.HOLDS:
            return State.HOLDS
        case Outcome.NOT:
            return State.NOT
        case Outcome.PERSON:
            return State.PERSON


def contradictions(law: Law, answers: Answers, day: date) -> tuple[Contradiction, ...]:
    """The contradictions among some answers."""
    look = Look(law, law.on(day), answers)
    return tuple(one for one in law.book.contradictions if one.when.look(look)[0] == YES)


def withheld_by(found: tuple[Contradiction, ...], answers: Answers) -> frozenset[str]:
    """The questions whose answers count for nothing until the person has said which is right."""
    named = {name for one in found for name in asks(one.when)}
    return frozenset(named & set(answers.given)) | answers.disputed


def finding_of(look: Look, conclusion: str) -> Finding:
    """Where a conclusion stands, with its reasons."""
    state, bits = state_of(look, conclusion)
    rules = look.law.book.rules_of[conclusion]
    looks = [(rule, rule.when.look(look)[0], look.today.forces[rule.id]) for rule in rules]
    firm = [rule for rule, truth, force in looks if truth == YES and force.force is Force.SPEAKS]
    if state in (State.SILENT, State.OPEN):
        return Finding(conclusion, state, open_bits=bits)
    if firm:
        reasons = tuple(_reason(look, rule) for rule in firm)
        clash = len({rule.outcome for rule in firm}) > 1
        why = WhyPerson.RULES_CLASH if clash else (WhyPerson.RULE if state is State.PERSON else None)
        return Finding(conclusion, state, reasons, why, date_bits=_date_bits(look, firm))
    kept = [(rule, force) for rule, truth, force in looks if truth == YES]
    if kept:
        waits = any(force.force is Force.SUSPENDED for _, force in kept)
        why = WhyPerson.FACTS_WAIT if waits else WhyPerson.ANOTHER_TIME
        reasons = tuple(_reason(look, rule, force.because) for rule, force in kept)
        return Finding(conclusion, state, reasons, why)
    unsure = [rule for rule, truth, _ in looks if truth == OPEN]
    missing = tuple(sorted({name for rule in unsure for name in _missing(look, rule.when)}))
    return Finding(conclusion, state, (), _why_unsure(look, missing), not_known=missing)


def _why_unsure(look: Look, missing: tuple[str, ...]) -> WhyPerson:
    if any(name in look.withheld for name in missing):
        return WhyPerson.CONTRADICTED
    return WhyPerson.NOT_KNOWN if missing else WhyPerson.HANGS


def _missing(look: Look, condition: Condition) -> frozenset[str]:
    found = {name for name in asks(condition) if look.said(name) is None}
    for other in builds_on(condition):
        if look.holds(other)[0] == OPEN:
            for rule in look.law.book.rules_of[other]:
                found |= _missing(look, rule.when)
    return frozenset(found)


def _reason(look: Look, rule: Rule, kept_by: tuple[str, ...] = ()) -> Reason:
    return Reason(
        rule=rule,
        dates=tuple(Dated(dated.role, dated.day.look(look)[0]) for dated in rule.dates),
        answers=tuple(name for name in sorted(asked_by(rule)) if look.said(name) is not None),
        because=tuple(sorted(builds_on(rule.when))),
        kept_by=kept_by,
    )


def _date_bits(look: Look, rules: list[Rule]) -> int:
    bits = 0
    for rule in rules:
        for dated in rule.dates:
            bits |= dated.day.look(look)[1]
    return bits
