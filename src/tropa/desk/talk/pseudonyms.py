"""What staff call somebody who wrote: a plant and a number, drawn at random, never computed from anything of
theirs.

`Thread.name` holds the draw; this turns it into words. Numbers stay small as long as there is room.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from tropa.counsel.words import clean, lemmas
from tropa.desk.staff.models import Gender
from tropa.desk.talk.models import Thread
from tropa.desk.talk.plants import PLANTS

STRIDE = (
    100_000  # a name is place of the plant times STRIDE plus the number; plants are only added at the end
)
SMALLEST, LARGEST = 99, 99_999
_DRAWN = re.compile(r"\b([^\W\d_]+)[-–]\d{1,5}\b")


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """A pseudonym in both languages, and its gender for Russian sentences."""

    ru: str
    en: str
    gender: Gender

    @property
    def text(self) -> str:
        """In the language of the page."""
        return self.en if (get_language() or "ru").startswith("en") else self.ru

    def __str__(self) -> str:
        return self.text


def name_of(thread: Thread) -> Pseudonym:
    """What the person who wrote this thread is called."""
    return name_from(thread.name)


def name_from(drawn: int) -> Pseudonym:
    """The pseudonym a stored number stands for; one past the plants, which nobody drew, stands for some plant."""
    place, number = divmod(drawn, STRIDE)
    russian, english, gender = PLANTS[place % len(PLANTS)]
    return Pseudonym(ru=f"{russian}-{number}", en=f"{english}-{number}", gender=Gender(gender))


def pseudonyms_in(text: str) -> tuple[str, ...]:
    """What in a text looks like somebody's pseudonym, in any case, of either language."""
    return tuple(
        dict.fromkeys(
            hit[0] for hit in _DRAWN.finditer(text) if not _plants().isdisjoint(lemmas(clean(hit[1])))
        )
    )


@cache
def _plants() -> frozenset[str]:
    return frozenset(form for ru, en, _gender in PLANTS for name in (ru, en) for form in lemmas(clean(name)))


class NameDraw:
    """Draws names. Two-digit numbers while they are free; each draw that was taken lets numbers grow.

    A name is unique in the database: whoever draws one that is taken draws again, and nothing is looked up
    for it.
    """

    def __init__(self) -> None:
        self._highest = SMALLEST

    def draw(self) -> int:
        """A number for `Thread.name`."""
        return secrets.randbelow(len(PLANTS)) * STRIDE + 1 + secrets.randbelow(self._highest)

    def was_taken(self) -> None:
        """The last draw was taken: from now on there is more room, for as long as this process runs."""
        self._highest = min(self._highest * 10 + 9, LARGEST)


NAMES = NameDraw()


def names_of_cases(case_ids: Collection[str]) -> dict[str, Pseudonym]:
    """The pseudonym of each case's thread, in one query; a case without a thread has none."""
    drawn = Thread.objects.filter(case_id__in=case_ids).values_list("case_id", "name")
    return {case_id: name_from(name) for case_id, name in drawn if case_id is not None}
