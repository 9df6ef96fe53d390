"""What somebody types into the search, as it is looked for in opened entries.

Every word has to be there: as it was typed, anywhere in a word, so that the beginning of a word finds its endings; or
in another of its Russian or English forms, as a whole word. What is stored is never taken apart into words. Capitals
and ё count for nothing. Opened entries are scanned as the bytes they are, before anything of them is read as text, for
what all forms of a word begin with, spelt in the ways people write it: small, with a capital, in capitals, and with a ё
where an е was typed; only what holds that is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from tropa.counsel.inflected import forms_of

LONGEST_QUERY = 200
MOST_WORDS = 8
SHORTEST_WORD = 2
MOST_YO = 3
SHORTEST_ROOT = 3
_WORD = re.compile(r"\w+")
_BROKEN_LINE = re.compile(r"\\[nrt]")
"""As an encoded entry has it: its letter would stand before the first word of a line."""


@dataclass(frozen=True, slots=True)
class SearchWord:
    """One word: as it is compared with text; its bytes and those of its forms; what they all begin with; the forms."""

    text: str = field(repr=False)
    spelt: tuple[bytes, ...] = field(repr=False)
    roots: tuple[bytes, ...] = field(repr=False)
    forms: re.Pattern[str] | None = field(repr=False)

    def may_be_in(self, content: bytes) -> bool:
        """Whether the bytes of one or many entries may hold the word in some form; quick."""
        return any(spelling in content for spelling in self.roots)

    def is_likely_in(self, content: bytes) -> bool:
        """Whether the bytes of one entry hold the word in some form; what was found by another one is read for it."""
        if any(spelling in content for spelling in self.spelt):
            return True
        if self.forms is None or not self.may_be_in(content):
            return False
        plain = folded(content.decode(errors="replace"))
        return self.forms.search(_BROKEN_LINE.sub(" ", plain)) is not None

    def place_in(self, plain: str) -> tuple[int, int] | None:
        """Where the word stands first in a folded text, as typed or else in another form; None where it does not."""
        at = plain.find(self.text)
        if at >= 0:
            return at, at + len(self.text)
        found = self.forms.search(plain) if self.forms else None
        return found.span() if found else None


@dataclass(frozen=True, slots=True)
class Query:
    """The words of a search, the longest first: it is most likely the rarest. Empty: nothing can be looked for."""

    words: tuple[SearchWord, ...] = field(repr=False)

    def fits(self, text: str) -> bool:
        """Whether every word stands in this text."""
        plain = folded(text)
        return all(word.place_in(plain) is not None for word in self.words)


def read_query(typed: str) -> Query:
    """The words of what was typed; those of one letter are left out, and so is what follows the eighth."""
    words = dict.fromkeys(folded(word) for word in _WORD.findall(typed[:LONGEST_QUERY]))
    kept = [word for word in words if len(word) >= SHORTEST_WORD][:MOST_WORDS]
    return Query(tuple(_search_word(word) for word in sorted(kept, key=len, reverse=True)))


def folded(text: str) -> str:
    """The text as it is compared: small letters, е for ё."""
    return text.lower().replace("ё", "е")


def _search_word(word: str) -> SearchWord:
    forms = forms_of(word)
    others = [form for form in forms if word not in form]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, others))})\b") if others else None
    roots = tuple(spelling for root in _roots((word, *others)) for spelling in _spellings(root))
    usual = (way.encode() for form in others for way in (form, form[0].upper() + form[1:]))
    return SearchWord(word, (*_spellings(word), *usual), roots, pattern)


def _roots(forms: Iterable[str]) -> list[str]:
    """What forms begin with: one beginning for all that share their first letters."""
    alike: dict[str, list[str]] = {}
    for form in forms:
        alike.setdefault(form[:SHORTEST_ROOT], []).append(form)
    return [_beginning(min(some), max(some)) for some in alike.values()]


def _beginning(one: str, other: str) -> str:
    """What two words begin with: of many, the first and the last by the alphabet differ earliest."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(letter for letter, _other in same)


def _spellings(word: str) -> tuple[bytes, ...]:
    """How an entry may write it; a ё is tried in the place of each of the first three е."""
    places = [at for at, letter in enumerate(word) if letter == "е"][:MOST_YO]
    ways = [word, *(f"{word[:at]}ё{word[at + 1 :]}" for at in places)]
    written = [*ways, *(way[0].upper() + way[1:] for way in ways), word.upper()]
    return tuple(dict.fromkeys(way.encode() for way in written))
