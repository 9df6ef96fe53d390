"""The book of rules: everything the rule texts of one folder say, in an order in which conclusions can be drawn.

Kept true: conclusions stand after those they build on; each question has its bit, in the order of the texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tropa.counsel.interview.conditions import asks
from tropa.counsel.interview.days import questions_in
from tropa.counsel.interview.model import (
    Conclusion,
    Contradiction,
    Question,
    Rule,
    Steers,
    Topic,
)


@dataclass(frozen=True)
class Book:
    """Rules as one value. `conclusions` are in the order in which they are drawn."""

    topics: Mapping[str, Topic]
    questions: Mapping[str, Question]
    conclusions: Mapping[str, Conclusion]
    rules: tuple[Rule, ...]
    contradictions: tuple[Contradiction, ...]

    @cached_property
    def bits(self) -> Mapping[str, int]:
        """One bit for each question."""
        return {name: 1 << place for place, name in enumerate(self.questions)}

    @cached_property
    def by_bit(self) -> Mapping[int, str]:
        """The question of a bit."""
        return {bit: name for name, bit in self.bits.items()}

    @cached_property
    def rules_of(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules of each conclusion."""
        return {
            name: tuple(rule for rule in self.rules if rule.conclusion == name) for name in self.conclusions
        }

    def steering(self, what: Steers) -> Question | None:
        """The question that steers the wording or the topic, where the book has one."""
        return next((one for one in self.questions.values() if one.steers is what), None)


def asked_by(rule: Rule) -> frozenset[str]:
    """The questions a rule names in its condition and in the days it computes."""
    found = asks(rule.when)
    for dated in rule.dates:
        found |= questions_in(dated.day)
    return found
