"""Finding answers by a person's own words, in memory: nothing of the words is kept, logged or counted."""

from __future__ import annotations

from functools import lru_cache

from django.db import DatabaseError

from tropa.counsel.asking import SURELY, Asking
from tropa.counsel.library import Library
from tropa.desk.library.in_force import library, shipped
from tropa.desk.library.stored import Stored

LEAST_SHARE = 0.3
"""How much of a question an answer has to hold to be offered to a volunteer, who reads it before using it."""


def _asking() -> Asking:
    return _ready(library())


@lru_cache(maxsize=1)
def _ready(answers: Library) -> Asking:
    return Asking(answers)


def warm_finding() -> None:
    """Index what answers say, once. Where the database cannot be asked yet, what was written over them comes later."""
    try:
        answers = library()
    except DatabaseError:
        answers = shipped()
    _ready(answers).fitting("-", most=1, least=SURELY)


def found_for(question: str, *, most: int = 4) -> tuple[str, ...]:
    """Ids of answers, best first; none when nothing fits."""
    return tuple(one.id for one in _asking().nearest(question, most=most) if one.share >= LEAST_SHARE)


def surely_for(question: str, *, most: int = 3, texts: Stored | None = None) -> tuple[str, ...]:
    """Ids of answers a machine may show by itself; `texts` as they were just asked for."""
    return tuple(one.id for one in _ready(library(texts)).surely(question, most=most))
