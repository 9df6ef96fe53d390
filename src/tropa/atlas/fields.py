"""Readers for single fields: each turns one node into one value, or raises `Fault` with the node's line.

Kept true: nothing is guessed. A number is a finite decimal, a date an ISO date that exists, a word one of its
list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeVar

from tropa.atlas.basics import PartialDate, Range, Requirement, Text, probability
from tropa.atlas.document import Fault, line_of
from tropa.atlas.kinds import Exposure, Outcomes
from tropa.atlas.nodes import Items, Keys, Node, Scalar
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.timetable import Departure

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

Reader = Callable[[Node], T]

ACCEPTS: Final[dict[Reader[Any], Mapping[str, Any]]] = {}
"""What each made reader takes, in the words of JSON Schema with readers in it; `schema` resolves them."""


def _accepts(reader: Reader[T], **schema: Any) -> Reader[T]:
    ACCEPTS[reader] = schema
    return reader


_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_NUMBER: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,12})?", re.ASCII)
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]")


def text(node: Node) -> str:
    """A text that is not empty."""
    if not isinstance(node, Scalar):
        raise Fault(line_of(node), _("a list or mapping stands here"), _("a text"))
    value: str = node.value.strip()
    if not value:
        raise Fault(line_of(node), _("the text is empty"), _("a text"))
    return value


def identifier(node: Node) -> str:
    """Letters and digits with single hyphens or points between."""
    value = text(node)
    if not _IDENTIFIER.fullmatch(value) or len(value) > 80:
        raise Fault(
            line_of(node),
            _("“{value}” is no id", value=value),
            _("letters and digits joined by hyphens, at most 80"),
        )
    return value


def country(node: Node) -> str:
    """A country code of two capitals."""
    value = text(node)
    if not _COUNTRY.fullmatch(value):
        raise Fault(
            line_of(node), _("“{value}” is no country code", value=value), _("two capitals of ISO 3166-1")
        )
    return value


def word_of(words: type[E]) -> Reader[E]:
    """One word of a closed list."""

    def read(node: Node) -> E:
        value = text(node)
        try:
            return words(value)
        except ValueError:
            raise Fault(
                line_of(node),
                _("“{value}” is unknown", value=value),
                _("one of: {words}", words=", ".join(words)),
            ) from None

    return _accepts(read, enum=[str(word) for word in words])


def truth(node: Node) -> bool:
    """`true` or `false`, spelled so."""
    value = text(node)
    if value not in ("true", "false"):
        raise Fault(
            line_of(node), _("“{value}” is unknown", value=value), _("one of: {words}", words="true, false")
        )
    return value == "true"


def number(node: Node) -> float:
    """A decimal number."""
    value = text(node)
    if not _NUMBER.fullmatch(value):
        raise Fault(
            line_of(node), _("“{value}” is no number", value=value), _("a decimal number with a point")
        )
    return float(value)


def whole(node: Node) -> int:
    """A whole number."""
    value = number(node)
    if value != int(value):
        raise Fault(line_of(node), _("{value} is no whole number", value=value), _("a whole number"))
    return int(value)


def count(node: Node) -> int:
    """A whole number that is not negative."""
    value = whole(node)
    if value < 0:
        raise Fault(line_of(node), _("{value} is negative", value=value), _("0 or more"))
    return value


def month(node: Node) -> int:
    """A month by its number."""
    value = whole(node)
    if not 1 <= value <= 12:
        raise Fault(line_of(node), _("{value} is no month", value=value), _("1 to 12"))
    return value


def departure(node: Node) -> str:
    """A day of the week and a time of that day, `tue 10:00`."""
    value = text(node)
    try:
        Departure.parse(value)
    except ValueError:
        raise Fault(
            line_of(node),
            _("“{value}” is no departure", value=value),
            _("a day of the week and a time, such as: tue 10:00"),
        ) from None
    return value


def degrees(limit: int) -> Reader[float]:
    """Degrees from minus to plus `limit`."""

    def read(node: Node) -> float:
        value = number(node)
        if not -limit <= value <= limit:
            raise Fault(
                line_of(node), _("{n} degrees", n=value), _("{low} to {high}", low=-limit, high=limit)
            )
        return value

    return _accepts(read, type="number", minimum=-limit, maximum=limit)


@lru_cache(maxsize=4096)
def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if found.isoformat() == value else None


def day(node: Node) -> date:
    """A day that exists."""
    value = text(node)
    found = _day(value)
    if found is None:
        raise Fault(line_of(node), _("“{value}” is no day", value=value), _("an existing day as YYYY-MM-DD"))
    return found


_partial: Final = lru_cache(maxsize=4096)(PartialDate.parse)
"""A pack has few dates and cites each often."""


def partial_date(node: Node) -> PartialDate:
    """A day, a month, a year, or a range of them."""
    try:
        return _partial(text(node))
    except ValueError:
        raise Fault(
            line_of(node),
            _("“{value}” is no date", value=text(node)),
            _("YYYY, YYYY-MM, YYYY-MM-DD, or two of them in order with / between"),
        ) from None


def list_of(reader: Reader[T], *, at_least: int = 0) -> Reader[tuple[T, ...]]:
    """A list; its members are read by `reader` and none may repeat."""

    def read(node: Node) -> tuple[T, ...]:
        if not isinstance(node, Items):
            raise Fault(line_of(node), _("this is no list"), _("a list"))
        values = tuple(reader(member) for member in node.value)
        if len(values) < at_least:
            raise Fault(
                line_of(node), _("the list has {n} members", n=len(values)), _("at least {n}", n=at_least)
            )
        if len(set(values)) < len(values):
            raise Fault(line_of(node), _("a member of the list repeats"), _("each member once"))
        return values

    return _accepts(read, type="array", items=reader, minItems=at_least, uniqueItems=True)


def _three(node: Node) -> tuple[float, float, float]:
    if not isinstance(node, Items) or len(node.value) != 3:
        raise Fault(line_of(node), _("this is no range"), _("[low, point, high]"))
    low, point, high = (number(member) for member in node.value)
    return low, point, high


def _not_a_range(numbers: tuple[float, float, float]) -> Phrase:
    return _("the range {numbers} is impossible", numbers=", ".join(f"{number:g}" for number in numbers))


def span(node: Node) -> Range:
    """A range `[low, point, high]`, none negative, in this order."""
    numbers = _three(node)
    try:
        return Range(*numbers)
    except ValueError:
        raise Fault(line_of(node), _not_a_range(numbers), _("0 <= low <= point <= high")) from None


def chance(node: Node) -> Range:
    """A range of probabilities below 1."""
    numbers = _three(node)
    try:
        return probability(*numbers)
    except ValueError:
        raise Fault(line_of(node), _not_a_range(numbers), _("0 <= low <= point <= high < 1")) from None


def both_languages(node: Node) -> Text:
    """`{en: ..., ru: ...}`; the Russian has a Cyrillic letter, the English has none."""
    parts = mapping(node, required=("en", "ru"))
    english, russian = text(parts["en"]), text(parts["ru"])
    if not _CYRILLIC.search(russian):
        raise Fault(
            line_of(parts["ru"]), _("“{value}” is not in Russian", value=russian), _("a Russian text")
        )
    if _CYRILLIC.search(english):
        raise Fault(
            line_of(parts["en"]), _("“{value}” has Russian letters", value=english), _("an English text")
        )
    return Text(en=english, ru=russian)


def requirement(node: Node) -> Requirement:
    """A list of alternatives, each a list of papers: `[[fp5], [fp10, visa]]`. `[[]]` asks for nothing."""
    alternatives = _ALTERNATIVES(node)
    return Requirement.of(*(frozenset(alternative) for alternative in alternatives))


def outcomes(node: Node) -> Outcomes:
    """`{period: {en, ru}, positive: n, decided: n}`."""
    parts = mapping(node, required=("period", "positive", "decided"))
    positive, decided = whole(parts["positive"]), whole(parts["decided"])
    if not 0 <= positive <= decided:
        raise Fault(
            line_of(node),
            _("{positive} positive of {decided}", positive=positive, decided=decided),
            _("0 <= positive <= decided"),
        )
    return Outcomes(period=both_languages(parts["period"]), positive=positive, decided=decided)


def exposure(node: Node) -> Exposure:
    """`{units: n, what: {en, ru}}`."""
    parts = mapping(node, required=("units", "what"))
    units = number(parts["units"])
    if units <= 0:
        raise Fault(line_of(node), _("an exposure of {n}", n=units), _("a number above 0"))
    return Exposure(units=units, what=both_languages(parts["what"]))


def mapping(node: Node, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Node]:
    """A mapping with exactly these keys, the optional ones or not."""
    if not isinstance(node, Keys):
        raise Fault(line_of(node), _("this is no mapping"), _("the keys {keys}", keys=", ".join(required)))
    parts = node.items
    for name in required:
        if name not in parts:
            raise Fault(
                line_of(node),
                _("the key “{key}” is missing", key=name),
                _("the keys {keys}", keys=", ".join(required)),
            )
    for name in parts:
        if name not in required and name not in optional:
            raise Fault(
                line_of(node),
                _("the key “{key}” is unknown", key=name),
                _("the keys {keys}", keys=", ".join((*required, *optional))),
            )
    return parts


_ALTERNATIVES: Final = list_of(list_of(identifier), at_least=1)
