"""Words of one field of meaning: who asks for «протяжённость» may be answered by «длина».

Kept true: such a word weighs less than the one that was asked for, whatever it is, and the field of a relative
(«путешественник» beside «путешествие») no more; fields are written by people
(`sets/kindred.txt`), nothing is learned from texts.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Final

from tropa.counsel.marked import SETS
from tropa.counsel.words import lemmas, stem, words

KINDRED: Final = SETS / "kindred.txt"


@cache
def _fields() -> dict[str, tuple[str, ...]]:
    """Every dictionary form of the file with the other words of its lines."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for line in KINDRED.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        forms = [lemmas(word)[0] for word in words(line)]
        for form in forms:
            found[form].update((other, None) for other in forms if other != form)
    return {form: tuple(others) for form, others in found.items()}


def kindred(form: str) -> tuple[str, ...]:
    """Other dictionary forms of the same field; none for a word no line holds."""
    return _fields().get(form, ())


@cache
def _fields_by_stem() -> dict[str, frozenset[str]]:
    """Every stem of the file with the stems of the other words of its lines."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for form, others in _fields().items():
        found[stem(form)].update(stem(other) for other in others)
    return {one: frozenset(others - {one}) for one, others in found.items()}


def kindred_stems(form: str) -> frozenset[str]:
    """Stems of the fields in which a relative of this dictionary form stands."""
    return _fields_by_stem().get(stem(form), frozenset())
