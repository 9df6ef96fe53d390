"""Asking the answer library in a person's own words: the answers that fit, or nothing.

Kept true: a question that nothing fits finds nothing, however many words it shares by chance; it goes to a person. A
question in any of the library's languages finds the answer, and mixed ones do; the asker's own days and numbers
change nothing.
"""

from __future__ import annotations

from typing import Final

from tropa.counsel.finding import Found, Index, Passage
from tropa.counsel.library import Answer, Library
from tropa.counsel.own_days import OwnDays

FITS: Final = 1.8
"""The least `fit` of an answer that is worth showing; chosen on questions of building and on half of the unrelated
ones, measured on the others (docs/counsel.md)."""

SURELY: Final = 2.6
"""The least `fit` of an answer a machine may show by itself: none of the unrelated texts of building reaches it."""

_SURE_SHARE: Final = 0.35
"""How much of a question an answer has to hold to be shown by a machine, beside fitting surely."""
_TELLING: Final = 2
"""Words of the question besides small talk it has to hold: one word alone may be any sentence's."""
_NEAR_THE_BEST: Final = 0.6
"""A further answer has to fit so well beside the best one: a neighbour is no substitute for an answer that expired."""


def passage_of(answer: Answer) -> Passage:
    """An answer as it is searched: both languages at once, so that mixed questions find it."""
    return Passage(
        id=answer.id,
        title=f"{answer.title.ru} {answer.title.en}",
        text=f"{answer.text.ru}\n{answer.text.en}",
        asked=(*answer.asked.ru, *answer.asked.en),
    )


class Asking:
    """A library ready to be asked; made once, read by any number of threads."""

    def __init__(self, library: Library) -> None:
        passages = [passage_of(answer) for answer in library.answers.values()]
        self._index: Final = Index(passages)
        self._own_days: Final = OwnDays("\n".join((one.title, one.text, *one.asked)) for one in passages)

    def nearest(self, question: str, *, most: int = 3) -> tuple[Found, ...]:
        """The nearest answers, whether they fit or not."""
        return self._index.find(self._own_days.without(question), most=most)

    def fitting(self, question: str, *, most: int = 3, least: float = FITS) -> tuple[Found, ...]:
        """The answers that fit, best first; none when nothing does."""
        return self._index.find(self._own_days.without(question), most=most, least=least)

    def surely(self, question: str, *, most: int = 3) -> tuple[Found, ...]:
        """The answers a machine may show by itself, best first: when in doubt none, and a person answers."""
        found = self.fitting(question, most=most, least=SURELY)
        beside = max((one.fit for one in found), default=0.0) * _NEAR_THE_BEST
        return tuple(
            one for one in found if one.share >= _SURE_SHARE and one.telling >= _TELLING and one.fit >= beside
        )
