"""Small worlds changed as a whole: every price scaled, every name another, every figure a range or one of its ends."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from tropa.atlas import Fact, Hazard, Leg, Living, Obtain, Protection, Range, Requirement


def flat(facts: Sequence[Any]) -> list[Fact[Any]]:
    """The facts of a world, those written in bundles one by one."""
    return [one for each in facts for one in (each if isinstance(each, tuple) else (each,))]


def everywhere(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value with `change` done to each string and range in it; papers asked for stay in their normal form."""
    if type(value) is str or isinstance(value, Range):
        return change(value)
    if isinstance(value, Requirement):
        return Requirement.of(*(everywhere(one, change) for one in value.alternatives))
    if isinstance(value, tuple | frozenset):
        return type(value)(everywhere(one, change) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        return replace(value, **{name: everywhere(part, change) for name, part in parts.items()})
    return value


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A fact or a person with every known name replaced."""
    return everywhere(value, lambda one: names.get(one, one) if isinstance(one, str) else one)


def dearer(facts: Sequence[Any], times: float) -> list[Fact[Any]]:
    """The same facts with every price so many times as high."""

    def scaled(numbers: Range) -> Range:
        return Range(numbers.low * times, numbers.point * times, numbers.high * times)

    def priced(value: Any) -> Any:
        match value:
            case Leg() | Obtain() | Protection():
                return replace(value, euros=scaled(value.euros))
            case Living():
                return replace(value, euros_per_day=scaled(value.euros_per_day))
            case _:
                return value

    return [replace(one, value=priced(one.value)) for one in flat(facts)]


def uncertain(facts: Sequence[Any], seed: int) -> list[Fact[Any]]:
    """The same upper ends, and lower ends drawn by dice: from hardly knowing to knowing exactly."""
    dice = random.Random(seed)  # noqa: S311 - dice for a test

    def widened(value: Any) -> Any:
        if not isinstance(value, Range):
            return value
        low = value.high * dice.choice([0.05, 0.2, 0.6, 1.0])
        return Range(low, low + (value.high - low) * dice.choice([0.0, 0.5, 1.0]), value.high)

    return [everywhere(one, widened) for one in flat(facts)]


def at_one_end(facts: Sequence[Any]) -> list[Fact[Any]]:
    """Dangers and times at their better end for certain; prices and refusals at their worse one."""

    def low(numbers: Range) -> Range:
        return Range(numbers.low, numbers.low, numbers.low)

    def high(numbers: Range) -> Range:
        return Range(numbers.high, numbers.high, numbers.high)

    found = []
    for one in facts:
        value = everywhere(one.value, lambda part: high(part) if isinstance(part, Range) else part)
        match one.value:
            case Hazard():
                value = replace(value, chance=low(one.value.chance))
            case Leg():
                value = replace(value, hours=low(one.value.hours), wait_days=low(one.value.wait_days))
            case Obtain() | Protection():
                value = replace(value, days=low(one.value.days))
        found.append(replace(one, value=value))
    return found
