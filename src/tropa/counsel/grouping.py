"""Groups alike questions, so that a volunteer answers them once, and says which groups are rising.

In memory alone: questions, their words and the groups are content, and nothing here is ever stored. Kept true: the
order in which questions are handed in changes nothing; a group has a middle, one of its own questions, that every other
resembles, so that a chain of small steps never joins what has nothing in common; a question is in one group at most.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tropa.counsel.synonyms import ASKING, meaning
from tropa.counsel.words import lemmas, stem, words

ALIKE: Final = 0.42
"""Cosine of two questions from which on they are alike; chosen on marked questions (docs/counsel.md)."""
ROUNDING: Final = 1e-9
"""What sums of products may differ by."""
_LONGEST: Final = 1_200
"""Characters of a question that are looked at."""
_CORE: Final = 0.5
"""Share of a group's questions that must hold a word of its core."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as somebody wrote it; ids are the caller's own and differ."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Alike questions: `middle` is the one all others resemble, `core` what most of them speak of, commonest first."""

    middle: str
    members: tuple[str, ...]
    core: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rising:
    """A group asked about more than before: on the day itself, and a day on average before."""

    group: Group
    today: int
    before: float


def group(questions: Iterable[Question], *, least: int = 2) -> tuple[Group, ...]:
    """Groups of at least `least` questions, the largest first. Raises ValueError when an id stands twice."""
    asked = sorted(questions, key=lambda question: question.id)
    if len({question.id for question in asked}) != len(asked):
        raise ValueError("two questions have one id")
    held = [_held(question.text) for question in asked]
    near = _neighbours(_vectors(held))
    groups = []
    free = set(range(len(asked)))
    waiting = {place: len(near[place]) for place in free}
    while waiting:
        middle = max(waiting, key=lambda place: (waiting[place], asked[place].id))
        members = sorted({middle, *(other for other in near[middle] if other in free)})
        if len(members) < max(2, least):
            break
        groups.append(_group(middle, members, asked, held))
        for place in members:
            free.discard(place)
            waiting.pop(place, None)
        for place in members:
            for other in near[place]:
                if other in waiting:
                    waiting[other] -= 1
    return tuple(sorted(groups, key=lambda one: (-len(one.members), one.middle)))


def rising(
    groups: Iterable[Group], day_of: Mapping[str, date], *, on: date, days: int = 7, least: int = 5
) -> tuple[Rising, ...]:
    """Groups with at least `least` questions on a day, and clearly more than a day brought in the `days` before.

    Clearly: three standard deviations of a Poisson count above the average before, at least twice it.
    """
    found = []
    first = on - timedelta(days=days)
    for one in groups:
        today = sum(day_of[member] == on for member in one.members)
        before = sum(first <= day_of[member] < on for member in one.members) / days
        if today >= max(least, 2 * before, before + 3 * math.sqrt(before)):
            found.append(Rising(one, today, before))
    return tuple(sorted(found, key=lambda one: (-one.today, one.before, one.group.middle)))


def _held(text: str) -> Counter[str]:
    """What a question speaks of: meanings of its words, those left out that only ask."""
    held: Counter[str] = Counter()
    for word in words(text[:_LONGEST]):
        form = lemmas(word)[0]
        if word not in ASKING and form not in ASKING:
            held[meaning(form) or stem(form)] += 1
    return held


def _vectors(held: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Each question's words by how rarely they are used, of length one; empty for a question without any."""
    used = Counter(word for one in held for word in one)
    vectors = []
    for one in held:
        weights = {
            word: (1 + math.log(number)) * math.log(1 + len(held) / used[word])
            for word, number in one.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        vectors.append({word: weight / length for word, weight in weights.items()} if length else {})
    return vectors


def _neighbours(vectors: Sequence[dict[str, float]]) -> list[list[int]]:
    """For each question those alike, itself left out.

    Words are looked up from the rarest on. What a question's commonest words weigh together is less than `ALIKE`: by
    them alone nobody is alike, so they are not looked up, and are counted only where a rarer word is shared (prefix
    filtering by length: Bayardo, Ma, Srikant, Scaling up all pairs similarity search, WWW 2007).
    """
    used = Counter(word for vector in vectors for word in vector)
    holding: defaultdict[str, list[int]] = defaultdict(list)
    near: list[list[int]] = [[] for _ in vectors]
    for place, vector in enumerate(vectors):
        shared = {other for word in vector for other in holding.get(word, ())}
        for other in shared:
            if _cosine(vector, vectors[other]) >= ALIKE:
                near[place].append(other)
                near[other].append(place)
        for word in _rarer(vector, used):
            holding[word].append(place)
    return near


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return sum(weight * large[word] for word, weight in small.items() if word in large)


def _rarer(vector: dict[str, float], used: Counter[str]) -> Iterable[str]:
    """The words without the commonest ones that weigh less than `ALIKE` together."""
    left = (ALIKE - ROUNDING) ** 2
    words_by_use = sorted(vector, key=lambda word: (-used[word], word))
    for number, word in enumerate(words_by_use):
        left -= vector[word] ** 2
        if left <= 0:
            return words_by_use[number:]
    return ()


def _group(
    middle: int, members: Sequence[int], asked: Sequence[Question], held: Sequence[Counter[str]]
) -> Group:
    counted = Counter(word for place in members for word in held[place])
    core = [word for word, number in counted.items() if number >= _CORE * len(members)]
    core.sort(key=lambda word: (-counted[word], word))
    return Group(asked[middle].id, tuple(asked[place].id for place in members), tuple(core))
