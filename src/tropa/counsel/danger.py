"""Recognises danger in a text: a soldier, somebody detained or on the way, self-harm, torture, a minor.

It errs to the safe side: a text it calls dangerous is never answered by a machine, and only its urgency is raised.
Two opinions are asked and either is enough: cues written by people (`sets/danger_cues.txt`), which say what they saw,
and the likeness of all the words to the marked texts of `sets/danger_building.txt`. Somebody who writes for a
relative, with typing errors, in slang or in Latin letters is recognised like anybody else, at the end of a long text
too. What it misses is measured on texts held out (`tropa answers danger`), and is not nothing: no recogniser replaces
a volunteer who reads.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from tropa.counsel.cues import Cues, Token, read_cues, tokens_of
from tropa.counsel.marked import BUILDING, SETS, Danger, Marked, read_marked

CUES: Final = SETS / "danger_cues.txt"
_LIKE: Final = 1.2
"""How much likelier a text's words must be in dangerous texts (natural logarithm) when no cue was seen. Chosen on the
building set, ten parts of which each was judged by the other nine: a tenth of the harmless texts pass it."""
_SMOOTHING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a text holds. `kinds` come from cues, `cues` are their lines; a text may only be alike, and have neither."""

    kinds: frozenset[Danger]
    cues: tuple[str, ...]
    likeness: float

    @property
    def dangerous(self) -> bool:
        """Whether no machine may answer."""
        return bool(self.kinds) or self.likeness > _LIKE


class Likeness:
    """How alike a text is to dangerous ones: naive Bayes over the presence of words.

    Source: McCallum, Nigam, A Comparison of Event Models for Naive Bayes Text Classification, 1998 (words that are
    present only).
    """

    def __init__(self, texts: Iterable[Marked]) -> None:
        held: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        number: Counter[bool] = Counter()
        for marked in texts:
            side = bool(marked.kinds)
            number[side] += 1
            held[side].update(_heard(tokens_of(marked.text)))
        self._weight: Final = {
            word: math.log((held[True][word] + _SMOOTHING) / (number[True] + 1))
            - math.log((held[False][word] + _SMOOTHING) / (number[False] + 1))
            for word in {*held[True], *held[False]}
        }

    def of(self, tokens: Iterable[Token]) -> float:
        """The natural logarithm of how much likelier the words of a text are in dangerous texts."""
        return math.fsum(self._weight.get(word, 0.0) for word in _heard(tokens))


def recognise(text: str) -> Recognised:
    """What danger a text holds; any text at all may be asked about."""
    tokens = tokens_of(text)
    cues = _cues().within(tokens)
    return Recognised(
        kinds=frozenset(Danger(cue.kind) for cue in cues),
        cues=tuple(cue.line for cue in cues),
        likeness=_likeness().of(tokens),
    )


def _heard(tokens: Iterable[Token]) -> set[str]:
    return {heard for token in tokens for heard in token.sounds}


@cache
def _cues() -> Cues:
    with CUES.open(encoding="utf-8") as lines:
        return read_cues(lines)


@cache
def _likeness() -> Likeness:
    with BUILDING.open(encoding="utf-8") as lines:
        return Likeness(read_marked(lines))
