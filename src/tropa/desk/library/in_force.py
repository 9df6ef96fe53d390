"""The library as it may be used now: the shipped answers under what two people of the organisation wrote over them,
each judged by the atlas in force on today's day for facts.

Kept true: nothing is given that is not sound at the moment of giving, nor what stood before a text that somebody took
away; what was judged is kept only while atlas, day and texts stay the same.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from tropa.counsel.library import (
    Answer,
    AnswerRefused,
    Given,
    Judged,
    Language,
    Library,
    State,
    UnknownAnswer,
    given,
    judge,
    load_library,
)
from tropa.desk import clock
from tropa.desk.atlas.in_force import InForce, in_force
from tropa.desk.library.stored import Stored, stored

_lock = threading.Lock()
_laid: list[tuple[Stored, Library]] = []
_latest: list[tuple[InForce, date, Stored, Mapping[str, Judged]]] = []


@cache
def shipped() -> Library:
    """The shipped answers. Raises `LibraryError` when they do not load."""
    return load_library()


def library(changes: Stored | None = None) -> Library:
    """The answers in force, the same object as long as nothing changes; `changes` as they were just asked for. Raises
    `LibraryError`.
    """
    changes = changes or stored()
    with _lock:
        if _laid and _laid[0][0] is changes:
            return _laid[0][1]
    found = changes.over(shipped()) if changes.changes else shipped()
    with _lock:
        _laid[:] = [(changes, found)]
    return found


def judged(texts: Stored | None = None) -> Mapping[str, Judged]:
    """Every answer with its state today, by id; `texts` as they were just asked for."""
    facts, day, texts = in_force(), clock.facts_day(), texts or stored()
    with _lock:
        if _latest and _latest[0][0] is facts and _latest[0][1] == day and _latest[0][2] is texts:
            return _latest[0][3]
    disputed, answers = _disputed(facts), library(texts).answers
    closed = texts.closed_among(answers)
    found = {
        one.id: judge(one, facts.atlas, day, disputed=disputed, gone=one.id in closed)
        for one in answers.values()
    }
    with _lock:
        _latest[:] = [(facts, day, texts, found)]
    return found


def require_sound(answer_id: str) -> Answer:
    """The answer, if it may be given now. Raises `UnknownAnswer` and `AnswerRefused`."""
    found = _judged_now(answer_id)
    if found.state is not State.SOUND:
        raise AnswerRefused(answer_id, found.reasons)
    return found.answer


def may_be_given_now(answer_ids: tuple[str, ...]) -> bool:
    """Whether every one of these answers is sound at this moment; one the library no longer holds is not."""
    if not answer_ids:
        return True
    states = judged()
    return all(one in states and states[one].state is State.SOUND for one in answer_ids)


def given_now(answer_id: str, language: Language) -> Given:
    """The answer as a person may get it now. Raises `UnknownAnswer` and `AnswerRefused`."""
    return given(_judged_now(answer_id), language)


def _judged_now(answer_id: str) -> Judged:
    try:
        return judged()[answer_id]
    except KeyError:
        raise UnknownAnswer(answer_id) from None


@dataclass(frozen=True, slots=True)
class Rests:
    """An answer a reply was made of: its title, and what speaks against it since."""

    answer_id: str
    judged: Judged | None  # None: the library no longer holds it


def rests_on(answer_ids: tuple[str, ...]) -> tuple[Rests, ...]:
    """The answers a reply names, as they stand today."""
    if not answer_ids:
        return ()
    states = judged()
    return tuple(Rests(one, states.get(one)) for one in answer_ids)


def _disputed(facts: InForce) -> frozenset[str]:
    return frozenset(conflict.fact_id for conflict in facts.overlaid.conflicts)
