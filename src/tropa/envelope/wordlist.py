"""The two BIP-39 word lists a codename is written in, and which listed words lie one slip away from a word.

A slip is one letter replaced, left out, added, or two neighbours swapped (optimal string alignment distance
one). The look-up index holds every listed word and each way to leave one of its letters out: two words a slip
apart share such a form, so a word is looked up by its own few forms and a handful of candidates are then
compared exactly. The index is made once a process, at the first look-up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import assert_never

WORDS = 2048
LONGEST_WORD = 12
"""Letters looked at; the longest listed word has eight, so a longer text is no slip of any."""


class Language(StrEnum):
    """A language codenames are written in."""

    ENGLISH = "en"
    RUSSIAN = "ru"


@dataclass(frozen=True, slots=True)
class WordList:
    """2048 words, each one's place, and the places a shortened form may stand for."""

    words: tuple[str, ...]
    places: Mapping[str, int]
    forms: Mapping[str, tuple[int, ...]]

    def near(self, word: str) -> tuple[int, ...]:
        """Places of the listed words exactly one slip from `word`, in list order."""
        if len(word) > LONGEST_WORD:
            return ()
        found = {place for form in _forms(word) for place in self.forms.get(form, ())}
        return tuple(sorted(place for place in found if is_one_slip(word, self.words[place])))


def _forms(word: str) -> Iterator[str]:
    yield word
    for position in range(len(word)):
        yield word[:position] + word[position + 1 :]


def is_one_slip(one: str, other: str) -> bool:
    """Whether one letter replaced, left out or added, or two neighbours swapped, makes `other` of `one`."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one_rest, other_rest = one[start:], other[start:]
    if len(one) > len(other):
        return one_rest[1:] == other_rest
    if len(one) < len(other):
        return one_rest == other_rest[1:]
    return one_rest[1:] == other_rest[1:] or (
        one_rest[:2] == other_rest[1::-1] and one_rest[2:] == other_rest[2:]
    )


def _file_name(language: Language) -> str:
    match language:
        case Language.ENGLISH:
            return "english.txt"
        case Language.RUSSIAN:
            return "russian.txt"
        case _:
            assert_never(language)


@cache
def word_list(language: Language) -> WordList:
    """The list of `language`, read from the package and indexed at the first call."""
    text = (files("tropa.envelope") / "wordlists" / _file_name(language)).read_text(encoding="utf-8")
    words = tuple(text.split())
    forms: dict[str, tuple[int, ...]] = {}
    for place, word in enumerate(words):
        for form in set(_forms(word)):
            forms[form] = (*forms.get(form, ()), place)
    return WordList(words=words, places={word: place for place, word in enumerate(words)}, forms=forms)
