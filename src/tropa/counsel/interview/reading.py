"""Reads a folder of rule texts into a `Book`, or refuses it whole and names every fault with file and line.

Kept true: every name is declared once and used somewhere; a conclusion that others build on can also be found not to
hold, so that "no rule speaks" is never read as no; conclusions do not build on themselves, by whatever way round.
What the rules say of the atlas is held against a pack by `binding`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeVar

from tropa.counsel.interview.blockreading import Reading
from tropa.counsel.interview.blocks import Block, Line, cut
from tropa.counsel.interview.book import Book, asked_by
from tropa.counsel.interview.conditions import Concluded, Condition, asks, builds_on
from tropa.counsel.interview.days import DayExpression
from tropa.counsel.interview.errors import Fault, RulesRefused
from tropa.counsel.interview.grammar import Names, NotUnderstood, condition_of, day_of
from tropa.counsel.interview.model import (
    AnswerKind,
    Conclusion,
    Contradiction,
    DatedBy,
    DateRole,
    Outcome,
    Question,
    Rule,
    Steers,
    Topic,
)

SHIPPED_RULES = Path(__file__).parent / "rulebook"
SUFFIX = ".rules"
CLOSED = (AnswerKind.CHOICE, AnswerKind.SEVERAL)
NOTHING = Concluded("")
WORDED = ("en", "ru")
NO_FACT = "none"
FOR_ANOTHER = ("en for another", "ru for another")
T = TypeVar("T")


def read_book(folder: Path = SHIPPED_RULES) -> Book:
    """The book of a folder, or `RulesRefused`."""
    files = sorted(folder.glob(f"*{SUFFIX}"))
    if not files:
        raise RulesRefused([Fault(folder.name, 0, f"no file *{SUFFIX}")])
    return book_of({file.name: file.read_bytes() for file in files})


def book_of(files: Mapping[str, bytes]) -> Book:
    """The book of some texts by file name, or `RulesRefused`."""
    faults: list[Fault] = []
    blocks: list[Block] = []
    for name, content in files.items():
        found, wrong = cut(content, name)
        blocks += found
        faults += wrong
    writing = _Writing(blocks, faults)
    book = writing.book()
    if faults:
        raise RulesRefused(faults)
    return book


@dataclass(slots=True)
class _Writing:
    blocks: list[Block]
    faults: list[Fault]
    names: Names = field(init=False)

    def book(self) -> Book:
        self._once()
        topics = {one.id: one for one in self._each("topic", self._topic)}
        drafts = {one.name: (one, reading) for one in self._of("question") for reading in (Reading(one),)}
        options = {name: reading.options() for name, (_, reading) in drafts.items()}
        kinds = {name: self._kind(reading) for name, (_, reading) in drafts.items()}
        self.names = Names(
            kinds={name: kind.value for name, kind in kinds.items()},
            values={
                name: {"yes", "no"} if kind is AnswerKind.YES_NO else {one.id for one in options[name]}
                for name, kind in kinds.items()
            },
            conclusions={block.name for block in self._of("conclusion")},
        )
        questions = {name: self._question(reading, kinds[name]) for name, (_, reading) in drafts.items()}
        conclusions = {one.id: one for one in self._each("conclusion", lambda r: self._conclusion(r, topics))}
        rules = self._each("rule", self._rule)
        contradictions = self._each("contradiction", self._contradiction)
        self._whole(topics, questions, conclusions, rules)
        ordered = {name: conclusions[name] for name in self._order(conclusions, rules)}
        return Book(topics, questions, ordered, tuple(rules), tuple(contradictions))

    def _of(self, kind: str) -> list[Block]:
        return [block for block in self.blocks if block.kind == kind]

    def _each(self, kind: str, read: Callable[[Reading], T]) -> list[T]:
        found = []
        for block in self._of(kind):
            reading = Reading(block)
            found.append(read(reading))
            self.faults += reading.faults
        return found

    def _once(self) -> None:
        seen: dict[tuple[str, str], Block] = {}
        for block in self.blocks:
            named = "condition" if block.kind in ("question", "conclusion") else block.kind
            first = seen.setdefault((named, block.name), block)
            if first is not block:
                self._fault(block, f"“{block.name}” is declared already, {first.file}:{first.number}")

    def _fault(
        self, block: Block | Rule | Question | Conclusion, what: str, line: Line | None = None
    ) -> None:
        number = line.number if line else (block.number if isinstance(block, Block) else block.line)
        self.faults.append(Fault(block.file, number, what))

    def _topic(self, reading: Reading) -> Topic:
        reading.keys(WORDED)
        return Topic(reading.block.name, reading.text())

    def _kind(self, reading: Reading) -> AnswerKind:
        line = reading.line("kind")
        try:
            return AnswerKind(line.text if line else "yes/no")
        except ValueError:
            kinds = ", ".join(kind.value for kind in AnswerKind)
            reading.fault(line, f"no kind of answer; kinds are {kinds}")
            return AnswerKind.YES_NO

    def _question(self, reading: Reading, kind: AnswerKind) -> Question:
        reading.keys(
            (*WORDED, *FOR_ANOTHER, "kind", "asked when", "steers", "another is"), repeated=("option",)
        )
        options = Reading(reading.block).options()
        if (kind in CLOSED) != bool(options):
            reading.fault(None, "options belong to “choice” and “several”, and to no other kind")
        question = Question(
            id=reading.block.name,
            kind=kind,
            wording=reading.wording(),
            options=options,
            asked_when=self._condition(reading, "asked when", needed=False),
            steers=self._steers(reading),
            for_another=self._another(reading, {one.id for one in options}),
            file=reading.block.file,
            line=reading.block.number,
        )
        self.faults += reading.faults
        return question

    def _steers(self, reading: Reading) -> Steers | None:
        line = reading.line("steers", needed=False)
        if line is None:
            return None
        try:
            return Steers(line.text)
        except ValueError:
            reading.fault(line, "a question steers “wording” or “topic”")
            return None

    def _another(self, reading: Reading, options: set[str]) -> str | None:
        line = reading.line("another is", needed=False)
        if line is not None and line.text not in options:
            reading.fault(line, f"no option “{line.text}”")
        return line.text if line else None

    def _conclusion(self, reading: Reading, topics: Mapping[str, Topic]) -> Conclusion:
        reading.keys((*WORDED, "topic", "weight"))
        topic, weight = reading.line("topic"), reading.line("weight", needed=False)
        if topic is not None and topic.text not in topics:
            reading.fault(topic, f"no topic “{topic.text}”")
        if weight is not None and not (weight.text.isdigit() and 1 <= int(weight.text) <= 100):
            reading.fault(weight, "a weight is a whole number from 1 to 100")
            weight = None
        return Conclusion(
            id=reading.block.name,
            topic=topic.text if topic else "",
            weight=float(weight.text) if weight else 1.0,
            title=reading.text(),
            file=reading.block.file,
            line=reading.block.number,
        )

    def _rule(self, reading: Reading) -> Rule:
        keys = (*WORDED, "says", "when", "rests on", "in force", *(role.value for role in DateRole))
        reading.keys(keys, repeated=("case",))
        conclusion, outcome = self._says(reading)
        first, last = reading.in_force()
        rests_on = reading.names("rests on")
        if rests_on == (NO_FACT,):
            rests_on = ()
            if outcome is not Outcome.PERSON:
                reading.fault(None, "only a rule that asks for a person may rest on no fact")
        return Rule(
            id=reading.block.name,
            conclusion=conclusion,
            outcome=outcome,
            when=self._condition(reading, "when") or NOTHING,
            dates=tuple(self._dates(reading)),
            rests_on=rests_on,
            first=first,
            last=last,
            text=reading.text(),
            cases=reading.cases(),
            file=reading.block.file,
            line=reading.block.number,
        )

    def _says(self, reading: Reading) -> tuple[str, Outcome]:
        line = reading.line("says")
        name, _, rest = (line.text if line else "").partition(" ")
        if line is not None and name not in self.names.conclusions:
            reading.fault(line, f"nobody has declared the conclusion “{name}”")
        try:
            return name, Outcome(rest)
        except ValueError:
            if line is not None:
                reading.fault(line, f"a rule says that something {', '.join(one.value for one in Outcome)}")
            return name, Outcome.PERSON

    def _condition(self, reading: Reading, key: str, *, needed: bool = True) -> Condition | None:
        line = reading.line(key, needed=needed)
        if line is None:
            return None
        try:
            return condition_of(line.text, self.names)
        except NotUnderstood as error:
            reading.fault(line, f"“{key}”: {error}")
            return None

    def _dates(self, reading: Reading) -> Iterable[DatedBy]:
        for role in DateRole:
            line = reading.line(role.value, needed=False)
            day = self._day(reading, line) if line else None
            if day is not None:
                yield DatedBy(role, day)

    def _day(self, reading: Reading, line: Line) -> DayExpression | None:
        try:
            return day_of(line.text, self.names)
        except NotUnderstood as error:
            reading.fault(line, f"“{line.key}”: {error}")
            return None

    def _contradiction(self, reading: Reading) -> Contradiction:
        reading.keys((*WORDED, "when"))
        when = self._condition(reading, "when") or NOTHING
        if when is not NOTHING and (builds_on(when) or len(asks(when)) < 1):
            reading.fault(None, "a contradiction names answers, not conclusions")
        block = reading.block
        return Contradiction(block.name, when, reading.text(), block.file, block.number)

    def _whole(
        self,
        topics: Mapping[str, Topic],
        questions: Mapping[str, Question],
        conclusions: Mapping[str, Conclusion],
        rules: list[Rule],
    ) -> None:
        said = {(rule.conclusion, rule.outcome) for rule in rules}
        built_on = {name for rule in rules for name in builds_on(rule.when)}
        for conclusion in conclusions.values():
            if not any(name == conclusion.id for name, _ in said):
                self._fault(conclusion, f"no rule says anything of “{conclusion.id}”")
            if conclusion.id in built_on:
                for outcome in (Outcome.HOLDS, Outcome.NOT):
                    if (conclusion.id, outcome) not in said:
                        self._fault(
                            conclusion, f"rules build on “{conclusion.id}”; none says it {outcome.value}"
                        )
        used = {name for rule in rules for name in asked_by(rule)}
        used |= {name for one in questions.values() if one.asked_when for name in asks(one.asked_when)}
        for question in questions.values():
            if question.id not in used and question.steers is None:
                self._fault(question, f"no rule needs the answer to “{question.id}”")
            if question.asked_when is not None and builds_on(question.asked_when):
                self._fault(question, "“asked when” names answers, not conclusions")
        self._no_circle(
            {one.id: set(asks(one.asked_when)) for one in questions.values() if one.asked_when}, questions
        )
        for steer in Steers:
            if sum(one.steers is steer for one in questions.values()) > 1:
                self.faults.append(Fault("", 0, f"two questions steer the {steer.value}"))
        topic_question = next((one for one in questions.values() if one.steers is Steers.TOPIC), None)
        if topic_question and not set(topics) <= {one.id for one in topic_question.options}:
            self._fault(topic_question, "not every topic is an option")

    def _no_circle(self, waits: Mapping[str, set[str]], questions: Mapping[str, Question]) -> None:
        try:
            TopologicalSorter(waits).prepare()
        except CycleError as error:
            self._fault(
                questions[error.args[1][0]], f"questions wait for each other: {' <- '.join(error.args[1])}"
            )

    def _order(self, conclusions: Mapping[str, Conclusion], rules: list[Rule]) -> list[str]:
        needs: dict[str, set[str]] = {name: set() for name in conclusions}
        for rule in rules:
            needs.get(rule.conclusion, set()).update(builds_on(rule.when) & set(conclusions))
        try:
            return list(TopologicalSorter(needs).static_order())
        except CycleError as error:
            circle = error.args[1]
            first = next(rule for rule in rules if rule.conclusion in circle)
            self._fault(first, f"conclusions build on each other: {' <- '.join(circle)}")
            return list(conclusions)


__all__ = ["SHIPPED_RULES", "book_of", "read_book"]
