"""A day drawn by chance: who writes when, and who answers when. Pure; the same seed gives the same day.

Volumes are those of an organisation that helps war resisters: about a hundred conversations on a calm day, ten to
fifteen times that within hours of bad news, fifteen in a hundred of people who serve and are in danger (facts WK-01 to
WK-03); volunteers give a few hours each. Every sentence is invented.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum

from tropa.desk.cases.models import Urgency
from tropa.desk.example.stories import STORIES

MINUTES = 24 * 60
NEWS = 8 * 60
"""The minute of the day at which the news breaks."""


class Day(StrEnum):
    """What kind of day."""

    CALM = "calm"
    SURGE = "surge"


PEOPLE = {Day.CALM: 100, Day.SURGE: 1500}
VOLUNTEERS = {Day.CALM: 12, Day.SURGE: 40}
DANGER = 0.15
WRITES_AGAIN = 0.2


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody writes, at a minute of the day; `again`: so many minutes after the first answer they write once more."""

    minute: int
    text: str = field(repr=False)
    language: str
    urgency: Urgency
    again: int | None


@dataclass(frozen=True, slots=True)
class Shift:
    """A volunteer's hours, and how many minutes an answer takes them. `called`: they come only when called in."""

    first: int
    last: int
    per_answer: int
    called: bool


@dataclass(frozen=True, slots=True)
class DrawnDay:
    """A whole day, in the order of its minutes."""

    kind: Day
    arrivals: tuple[Arrival, ...]
    shifts: tuple[Shift, ...]


def draw_day(kind: Day, *, people: int, volunteers: int, seed: int) -> DrawnDay:
    """A day of so many people and volunteers. Raises ValueError for less than one of either."""
    if people < 1 or volunteers < 1:
        raise ValueError("a day has people and volunteers")
    dice = random.Random(f"{kind}/{people}/{volunteers}/{seed}")  # noqa: S311  # nothing secret is drawn
    arrivals = sorted((_arrival(kind, dice) for _ in range(people)), key=lambda one: one.minute)
    shifts = tuple(_shift(place, volunteers, dice) for place in range(volunteers))
    return DrawnDay(kind, tuple(arrivals), shifts)


def _arrival(kind: Day, dice: random.Random) -> Arrival:
    danger = dice.random() < DANGER
    stories = [story for story in STORIES if (story.urgency is Urgency.NOW) == danger]
    story = dice.choice(stories)
    if kind is Day.SURGE and dice.random() < 0.8:
        minute = min(NEWS + int(dice.expovariate(1 / 150)), MINUTES - 1)
    else:
        minute = dice.randrange(MINUTES)
    again = dice.randrange(30, 360) if dice.random() < WRITES_AGAIN else None
    return Arrival(minute, story.text, story.language, story.urgency, again)


def _shift(place: int, volunteers: int, dice: random.Random) -> Shift:
    """Two thirds come by themselves, spread over the day so that somebody is always there; the others when called."""
    called = volunteers > 3 and place % 3 == 2
    first = place * MINUTES // volunteers if not called else 0
    length = dice.randrange(3 * 60, 6 * 60)
    return Shift(first, min(first + length, MINUTES), dice.randrange(5, 13), called)
