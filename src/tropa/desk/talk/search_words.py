"""What somebody types into the search, as it is looked for in opened entries.

Every word has to be there, anywhere in a word: the beginning of a word finds its endings. Capitals and ё count for
nothing. Opened entries are scanned as the bytes they are, before anything of them is read as text, so each word is
spelt out in the ways people write it: small, with a capital, in capitals, and with a ё where an е was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LONGEST_QUERY = 200
MOST_WORDS = 8
SHORTEST_WORD = 2
MOST_YO = 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SearchWord:
    """One word: as it is compared with text, and the bytes it may stand in an entry as."""

    text: str = field(repr=False)
    spelt: tuple[bytes, ...] = field(repr=False)

    def may_be_in(self, content: bytes) -> bool:
        """Whether the bytes of one or many entries may hold the word; quick."""
        return any(spelling in content for spelling in self.spelt)


@dataclass(frozen=True, slots=True)
class Query:
    """The words of a search, the longest first: it is most likely the rarest. Empty: nothing can be looked for."""

    words: tuple[SearchWord, ...] = field(repr=False)

    def fits(self, text: str) -> bool:
        """Whether every word stands in this text."""
        plain = folded(text)
        return all(word.text in plain for word in self.words)


def read_query(typed: str) -> Query:
    """The words of what was typed; those of one letter are left out, and so is what follows the eighth."""
    words = dict.fromkeys(folded(word) for word in _WORD.findall(typed[:LONGEST_QUERY]))
    kept = [word for word in words if len(word) >= SHORTEST_WORD][:MOST_WORDS]
    return Query(tuple(SearchWord(word, _spellings(word)) for word in sorted(kept, key=len, reverse=True)))


def folded(text: str) -> str:
    """The text as it is compared: small letters, е for ё."""
    return text.lower().replace("ё", "е")


def _spellings(word: str) -> tuple[bytes, ...]:
    """How an entry may write it; a ё is tried in the place of each of the first three е."""
    places = [at for at, letter in enumerate(word) if letter == "е"][:MOST_YO]
    ways = [word, *(f"{word[:at]}ё{word[at + 1 :]}" for at in places)]
    written = [*ways, *(way[0].upper() + way[1:] for way in ways), word.upper()]
    return tuple(dict.fromkeys(way.encode() for way in written))
