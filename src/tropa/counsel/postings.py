"""Which passages hold a word, and what each occurrence is worth (BM25).

Source: Robertson, Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

_SATURATION: Final = 0.5
"""How soon another occurrence of a word stops counting: the name of a thing stands everywhere in passages about it."""
_LENGTH: Final = 0.5
_COUNT: Final = 32
"""Bits of a word's place that say how many passages hold it."""

KINDRED: Final = 0.6
"""What a word of the same field of meaning weighs beside the word itself."""


class Postings:
    """Which passages hold a word and what each occurrence is worth (BM25); nothing for words more than `most` hold."""

    def __init__(self, counted: Sequence[Counter[str]], *, most: float = 1.0) -> None:
        lengths = [sum(passage.values()) for passage in counted]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        held: defaultdict[str, int] = defaultdict(int)
        for passage in counted:
            for word in passage:
                held[word] += 1
        self.rarity: Final = {
            word: math.log(1 + (len(counted) - number + 0.5) / (number + 0.5))
            for word, number in held.items()
            if number <= most * len(counted)
        }
        # every word's passages stand in one row: an array for each word would be most of the memory
        begins, end = {}, 0
        for word in self.rarity:
            begins[word] = end
            end += held[word]
        self._numbers, self._worths = array("I", bytes(4 * end)), array("f", bytes(4 * end))
        nexts = dict(begins)
        for number, passage in enumerate(counted):
            drag = _SATURATION * (1 - _LENGTH + _LENGTH * lengths[number] / (mean or 1.0))
            for word, times in passage.items():
                if word in nexts:
                    at = nexts[word]
                    nexts[word] = at + 1
                    self._numbers[at] = number
                    self._worths[at] = times * (_SATURATION + 1) / (times + drag) * self.rarity[word]
        self._where: Final = {word: (begins[word] << _COUNT) + held[word] for word in self.rarity}
        self._unseen = math.log(1 + (len(counted) + 0.5) / 0.5)

    def rarity_of(self, forms: Sequence[str]) -> float:
        """How much a word says: of several forms, that of the commonest; a word nobody wrote is rarest."""
        known = [self.rarity[form] for form in forms if form in self.rarity]
        return min(known) if known else self._unseen

    def _of(self, word: str) -> tuple[array[int], array[float]]:
        """The passages that hold a word, and what it is worth in each."""
        begin, count = divmod(self._where[word], 1 << _COUNT)
        return self._numbers[begin : begin + count], self._worths[begin : begin + count]

    def add(
        self,
        forms: Sequence[str],
        weight: float,
        scores: defaultdict[int, float],
        *,
        lesser: Sequence[str] = (),
    ) -> None:
        """Add the worth of a word to the scores of the passages: of its forms the best one. Those that are `lesser` are
        worth less, and never more than the word itself would be.
        """
        held = [(*self._of(form), weight) for form in forms if form in self._where]
        if lesser:
            rarity = self.rarity_of(forms)
            held += [
                (*self._of(form), weight * KINDRED * min(1.0, rarity / self.rarity[form])) for form in lesser
            ]
        if len(held) == 1:
            numbers, worths, share = held[0]
            for number, worth in zip(numbers, worths, strict=True):
                scores[number] += worth * share
            return
        best: dict[int, float] = {}
        for numbers, worths, share in held:
            for number, worth in zip(numbers, worths, strict=True):
                if worth * share > best.get(number, 0.0):
                    best[number] = worth * share
        for number, worth in best.items():
            scores[number] += worth
