"""Words nobody wrote, read as the nearest that somebody did: typing errors, and Russian in Latin letters.

Kept true: a word that stands in the passages is never read as another one. A short word is not guessed at all; a
longer one only when a third of it at most would have to be typed anew, one in Latin letters only when it is longer
still: no dictionary at hand tells English words from slips, and «large» is none of «Ларс».
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from tropa.counsel.synonyms import same
from tropa.counsel.words import is_cyrillic, lemmas

_SHORTEST: Final = 4
_SHORTEST_LATIN: Final = 6
_MOST: Final = 3
"""Nearest words that are kept for one word."""
_CANDIDATES: Final = 24
_LATIN: Final = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yo", "е"),
    ("jo", "е"), ("yu", "ю"), ("ju", "ю"), ("ya", "я"), ("ja", "я"), ("ye", "е"), ("je", "е"), ("iy", "ий"),
    ("a", "а"), ("b", "б"), ("v", "в"), ("w", "в"), ("g", "г"), ("d", "д"), ("e", "е"), ("z", "з"), ("i", "и"),
    ("j", "й"), ("y", "ы"), ("k", "к"), ("q", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"),
    ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("f", "ф"), ("h", "х"), ("c", "ц"), ("x", "кс"), ("'", "ь"),
    ("4", "ч"), ("6", "ш"),
)  # fmt: skip


class Spelling:
    """The words of the passages, to be looked up by what they nearly are."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._words: Final = sorted(vocabulary)
        self._known: Final = frozenset(self._words)
        self._holding: defaultdict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self._words):
            for pair in _pairs(word):
                self._holding[pair].append(number)

    def nearest(self, word: str) -> tuple[str, ...]:
        """Words of the passages that this one may stand for, the nearest first; none when none is near."""
        tried = [word]
        if not is_cyrillic(word):
            tried += russian(word)
        for attempt in tried[1:]:
            here = tuple(form for form in lemmas(attempt) if form in self._known or same(form))
            if here:
                return here
        if len(word) < (_SHORTEST if is_cyrillic(word) else _SHORTEST_LATIN):
            return ()
        near = [
            pair
            for attempt in tried
            for form in dict.fromkeys((attempt, *lemmas(attempt)))
            for pair in self._near(form)
        ]
        best: dict[str, int] = {}
        for distance, found in near:
            best[found] = min(distance, best.get(found, distance))
        ranked = sorted(best.items(), key=lambda item: (item[1], item[0]))
        return tuple(found for found, distance in ranked if distance == ranked[0][1])[:_MOST]

    def _near(self, word: str) -> list[tuple[int, str]]:
        if len(word) < _SHORTEST or word.isdigit():
            return []
        shared: Counter[int] = Counter()
        for pair in _pairs(word):
            shared.update(self._holding.get(pair, ()))
        most = max(1, len(word) // 4)
        # of equally many the word that comes first: sorting keeps their order
        likely = sorted(sorted(shared), key=shared.__getitem__, reverse=True)[:_CANDIDATES]
        found = []
        for number in likely:
            other = self._words[number]
            if len(other) >= _SHORTEST and abs(len(other) - len(word)) <= most:
                distance = edits(word, other, most)
                if distance <= most:
                    found.append((distance, other))
        return found


@lru_cache(maxsize=20_000)
def russian(word: str) -> tuple[str, ...]:
    """What a Latin word would be in Russian letters; «y» may be «й» as well as «ы»."""
    letters, rest = [], word
    while rest:
        for latin, letter in _LATIN:
            if rest.startswith(latin):
                letters.append(letter)
                rest = rest[len(latin) :]
                break
        else:
            return ()
    joined = "".join(letters)
    return tuple(dict.fromkeys((joined, joined.replace("ы", "й"))))


def _pairs(word: str) -> set[str]:
    """Neighbouring letters, the ends marked."""
    marked = f"^{word}$"
    return {marked[at : at + 2] for at in range(len(marked) - 1)}


def edits(one: str, other: str, most: int) -> int:
    """Letters to change, leave out, add or swap with a neighbour; `most` + 1 when there are more.

    Source: optimal string alignment (Damerau 1964, restricted).
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        following = [i]
        for j, beside in enumerate(other, start=1):
            least = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (letter != beside))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == beside:
                least = min(least, before[j - 2] + 1)
            following.append(least)
        if min(following) > most:
            return most + 1
        before, row = row, following
    return min(row[-1], most + 1)
