"""Two texts side by side: which words of the one are gone in the other and which are new; and the keys that differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tropa.counsel.library import Answer
from tropa.desk.library.words import LENGTHS, TOPICS
from tropa.desk.pages.field_words import owner_words

_PIECE: Final = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words; `differs`: the other side has it otherwise."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """One language: title and text as they stand and as proposed."""

    code: str
    title_before: tuple[Piece, ...]
    title_after: tuple[Piece, ...]
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """Anything else that differs; `before` "" for a new answer."""

    name: str | Promise
    before: str | Promise
    after: str | Promise


def beside(before: Answer | None, after: Answer) -> tuple[Beside, ...]:
    """Both languages, Russian first."""
    told = []
    for code in ("ru", "en"):
        old_title, old = (getattr(before.title, code), getattr(before.text, code)) if before else ("", "")
        titles = pieces(old_title, getattr(after.title, code))
        texts = pieces(old, getattr(after.text, code))
        told.append(Beside(code, *titles, *texts))
    return tuple(told)


def pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The two texts in runs that are the same and runs that are not."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    left, right = [], []
    for what, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = what != "equal"
        left.append(Piece("".join(old[i:j]), differs))
        right.append(Piece("".join(new[k:m]), differs))
    return tuple(one for one in left if one.text), tuple(one for one in right if one.text)


def keys(before: Answer | None, after: Answer) -> list[Key]:
    """What differs beside title and text."""
    told: list[tuple[Promise, Callable[[Answer], str | Promise]]] = [
        (_("topic"), lambda one: TOPICS[one.topic]),
        (_("length"), lambda one: LENGTHS[one.length]),
        (_("facts"), lambda one: ", ".join(one.facts)),
        (_("asked in Russian"), lambda one: "; ".join(one.asked.ru)),
        (_("asked in English"), lambda one: "; ".join(one.asked.en)),
        (_("owner"), lambda one: owner_words(one.owner)),
        (_("to be checked by"), lambda one: date_format(one.review_by, "j E Y")),
        (_("read by a lawyer"), lambda one: _("yes") if one.lawyer == "reviewed" else _("no")),
    ]
    found = [Key(name, of(before) if before else "", of(after)) for name, of in told]
    return [one for one in found if str(one.before) != str(one.after)]
