"""How much of a question stands together in one sentence of a passage.

Sentences are numbered through, with one number left free after each passage, so that neighbours are of one passage.
Each word knows its sentences: what a question costs depends on where its words stand, not on how many there are.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_BESIDE: Final = 0.3
"""What the better neighbour of a sentence adds to it: whom «he» means stands in the sentence before."""
_LENGTH: Final = 0.25
"""How much of what a sentence is longer than others counts against it: a long one holds more words by chance."""
BEST: Final = 1 + _BESIDE
"""What a sentence is worth at most, its neighbour with it, as a share of what the whole question weighs."""
_MANY: Final = 400
"""Sentences of a word past which those of a passage are looked for instead of going through all."""

Parts = tuple[tuple[float, tuple[str, ...]], ...]
"""What a sentence gets for any of some words, the least first: where several stand, the last one counts."""


@dataclass(frozen=True, slots=True)
class Read:
    """A passage as it was read: what its best sentence is worth with the better of its neighbours, and which words of
    the question stand anywhere in it, by their places there.
    """

    best: float
    held: frozenset[int]


class Sentences:
    """Where every word stands; made once, read by any number of threads."""

    def __init__(self, passages: Iterable[Iterable[Collection[str]]]) -> None:
        where: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        begins, lengths, number = array("I"), array("f"), 0
        for passage in passages:
            begins.append(number)
            for sentence in passage:
                for word in sentence:
                    where[word].append(number)
                lengths.append(len(sentence))
                number += 1
            lengths.append(0)
            number += 1
        begins.append(number)
        # a copy is as long as it has to be; what grew is longer
        self._where: Final = {word: numbers[:] for word, numbers in where.items()}
        self._begins: Final = begins
        mean = sum(lengths) / max(1, number - len(begins) + 1) or 1.0
        self._shares: Final = array("d", (1 / (1 + _LENGTH * max(0.0, one / mean - 1)) for one in lengths))

    def standing(self, words: Iterable[str]) -> tuple[str, ...]:
        """Those of the words that stand anywhere."""
        return tuple(word for word in words if word in self._where)

    def read(
        self, passages: Sequence[int], asked: Sequence[tuple[float, Parts]], *, held_above: float
    ) -> tuple[Read, ...]:
        """What each of the passages holds of a question: what its words weigh and what sentences get. A word is
        held where a sentence gets more than `held_above`. Only words that stand anywhere may be asked (`standing`).
        """
        of = {
            number: passage
            for passage in passages
            for number in range(self._begins[passage], self._begins[passage + 1] - 1)
        }
        wanted = frozenset(of)
        worths: dict[int, float] = {}
        held: dict[int, set[int]] = {passage: set() for passage in passages}
        for place, (weight, parts) in enumerate(asked):
            for number, part in self._worths_of(parts, wanted, passages).items():
                worths[number] = worths.get(number, 0.0) + weight * part
                if part > held_above:
                    held[of[number]].add(place)
        best = dict.fromkeys(passages, 0.0)
        shares = self._shares
        worths = {number: worth * shares[number] for number, worth in worths.items()}
        for number, worth in worths.items():
            before, after = worths.get(number - 1, 0.0), worths.get(number + 1, 0.0)
            together = worth + _BESIDE * max(before, after)
            if together > best[of[number]]:
                best[of[number]] = together
        return tuple(Read(best[passage], frozenset(held[passage])) for passage in passages)

    def _worths_of(self, parts: Parts, wanted: frozenset[int], passages: Sequence[int]) -> dict[int, float]:
        """What each wanted sentence gets for one word of the question, those that get anything."""
        found: dict[int, float] = {}
        for part, words in parts:
            for word in words:
                numbers = self._where[word]
                if len(numbers) > _MANY:
                    numbers = self._within(numbers, passages)
                found.update(dict.fromkeys(wanted.intersection(numbers), part))
        return found

    def _within(self, numbers: array[int], passages: Sequence[int]) -> array[int]:
        """Those of the ascending numbers that lie in these passages."""
        found = array("I")
        for passage in passages:
            first = bisect_left(numbers, self._begins[passage])
            found += numbers[first : bisect_left(numbers, self._begins[passage + 1], first)]
        return found
