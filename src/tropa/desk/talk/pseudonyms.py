"""What staff call somebody who wrote: a plant and a number, drawn at random, never computed from anything of
theirs.

`Thread.name` holds the draw; this turns it into words. Numbers stay small as long as there is room.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.utils.translation import get_language

from tropa.desk.staff.models import Gender
from tropa.desk.talk.models import Thread
from tropa.desk.talk.plants import PLANTS

STRIDE = 1000  # a name is place of the plant times STRIDE plus the number; plants are only added at the end
NUMBERS = 999
WIDE = 2_000_000  # when all small numbers seem taken, plants beyond the list carry on with larger numbers
TRIES = 6


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
    """The pseudonym a stored number stands for."""
    turn, place = divmod(drawn // STRIDE, len(PLANTS))
    number = turn * STRIDE + drawn % STRIDE
    russian, english, gender = PLANTS[place]
    return Pseudonym(ru=f"{russian}-{number}", en=f"{english}-{number}", gender=Gender(gender))


def draw_names() -> list[int]:
    """Numbers to try for a new thread, the last from a range that practically never collides."""
    drawn = [secrets.randbelow(len(PLANTS)) * STRIDE + 1 + secrets.randbelow(NUMBERS) for _ in range(TRIES)]
    return [*drawn, (len(PLANTS) + secrets.randbelow(WIDE)) * STRIDE]


def free_name() -> int:
    """A number no thread has; unique in the database too, so a race is refused there and drawn
    anew. One query.
    """
    drawn = draw_names()
    taken = set(Thread.objects.filter(name__in=drawn).values_list("name", flat=True))
    return next(name for name in drawn if name not in taken)
