"""Who or what a text names that no public answer may: people, telephones, addresses of people.

Kept true: it errs to the side of naming. It is a net below a reader, never instead of one: a surname the dictionary
does not hold, or a name in Latin letters, slips through.
"""

from __future__ import annotations

import re
from typing import Any, Final

from tropa.counsel.dictionary import dictionary

_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w@/])@\w{3,}|(?:t\.me|wa\.me|vk\.com)/\S+")
_TELEPHONE: Final = re.compile(r"(?<![\w.])\+?\d[\d\s()-]{8,}\d(?![\w.])")
_CAPITAL: Final = re.compile(r"\b[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\b")
_OF_PEOPLE: Final = ("Name", "Patr", "Surn")
_LIKELY: Final = 0.3
_DIGITS: Final = 10
"""Fewest digits of a telephone number: days and sums have fewer."""


def named_in(text: str) -> tuple[str, ...]:
    """What the text names, as it stands there, each once."""
    found = [hit[0] for hit in _ADDRESS.finditer(text)]
    found += [hit[0] for hit in _TELEPHONE.finditer(text) if sum(map(str.isdigit, hit[0])) >= _DIGITS]
    found += [hit[0] for hit in _CAPITAL.finditer(text) if _is_of_people(hit[0])]
    return tuple(dict.fromkeys(found))


def _is_of_people(word: str) -> bool:
    """Whether the dictionary holds the word, likely enough, as a name of people and not of a place."""
    readings: list[Any] = dictionary().parse(word)
    return any(
        one.score >= _LIKELY and "Geox" not in one.tag and any(mark in one.tag for mark in _OF_PEOPLE)
        for one in readings
    )
