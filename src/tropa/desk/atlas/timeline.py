"""What happened in a country, laid out along the years: pure geometry, the template draws it.

Kept true: no label lies over another or over another's mark, nothing leaves the drawing, and an incident known to the
month or year only is drawn as long as that. What has no date is not drawn; it stands in the list with the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from tropa.atlas import IncidentKind, PartialDate
from tropa.desk.plans.text_width import shortened, width

WIDE, LEFT, RIGHT = 960.0, 30.0, 930.0
SIZE = 12.5
LANE = 44.0  # of one label: two lines and a gap
TOP = 30.0
GAP = 14.0
LONGEST_LABEL = 230.0
LEAST_YEARS = 3


class Mark(StrEnum):
    """How an incident is drawn; the value is its class."""

    TAKEN = "ev-bad"
    HELD = "ev-mid"
    SPARED = "ev-good"
    RULE = "ev"


def mark_of(kind: IncidentKind) -> Mark:
    """What an incident meant for the person."""
    match kind:
        case IncidentKind.ABDUCTED | IncidentKind.DEPORTED | IncidentKind.EXTRADITED:
            return Mark.TAKEN
        case IncidentKind.DETAINED_RELEASED | IncidentKind.PROTECTION_REFUSED:
            return Mark.HELD
        case IncidentKind.EXTRADITION_REFUSED | IncidentKind.PROTECTION_GRANTED:
            return Mark.SPARED
        case IncidentKind.PROGRAMME_OPENED | IncidentKind.PROGRAMME_CLOSED | IncidentKind.RULE_CHANGED:
            return Mark.RULE
        case _:
            assert_never(kind)


@dataclass(frozen=True, slots=True)
class Happening:
    """An incident as it is to be drawn. `title` and `detail` are its two lines."""

    address: str
    when: PartialDate
    mark: Mark
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Event:
    """A mark on the axis with its label: the lead goes up from the axis to `label_y`; `reach` is how far a date that is
    known to the month or year only may lie on to the right.
    """

    address: str
    mark: Mark
    x: float
    reach: float
    label_x: float
    label_y: float
    anchor: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year's rule and where its number stands."""

    number: int
    x: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything the template writes. `axis` and `height` in drawing units, y down."""

    height: float
    axis: float
    years: tuple[Year, ...]
    today: float
    events: tuple[Event, ...]


def timeline(happenings: Sequence[Happening], today: date) -> Timeline:
    """The drawing of what happened up to today, oldest first."""
    ordered = sorted(happenings, key=lambda one: (one.when.earliest, one.when.latest, one.address))
    last = max([today.year, *(one.when.latest.year for one in ordered)])
    first = min([last - LEAST_YEARS + 1, *(one.when.earliest.year for one in ordered)])
    scale = _Scale(date(first, 1, 1), date(last + 1, 1, 1))
    lanes, placed = _lanes(ordered, scale)
    axis = TOP + LANE * max(1, lanes) + 26
    return Timeline(
        height=axis + 34,
        axis=axis,
        years=tuple(Year(year, scale.at(date(year, 1, 1))) for year in range(first, last + 1)),
        today=scale.at(today),
        events=tuple(placed),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    end: date

    def at(self, day: date) -> float:
        whole = (self.end - self.first).days
        share = min(max((day - self.first).days / whole, 0.0), 1.0)
        return round(LEFT + (RIGHT - LEFT) * share, 1)


def _lanes(ordered: Sequence[Happening], scale: _Scale) -> tuple[int, list[Event]]:
    """Each label in the lowest lane where neither it nor its lead meets what is there: labels are laid from the right,
    and a lead must not go through a label below its own.
    """
    lanes: list[list[tuple[float, float]]] = []
    found: list[tuple[int, Happening, float, float, str]] = []
    for one in reversed(ordered):
        middle = scale.at(one.when.earliest)
        wide = _label_width(one)
        leftwards = middle + 6 + wide > WIDE
        span = (middle - 6 - wide, middle + 2) if leftwards else (middle - 2, middle + 6 + wide)
        lane = _free_lane(lanes, span, middle)
        found.append((lane, one, middle, scale.at(one.when.latest), "end" if leftwards else "start"))
    count = len(lanes)
    return count, [_event(lane, count, *rest) for lane, *rest in reversed(found)]  # type: ignore[arg-type]


def _free_lane(lanes: list[list[tuple[float, float]]], span: tuple[float, float], lead: float) -> int:
    """The lowest lane that is free, above every label the lead would cross; lane 0 is next to the axis."""
    lowest = 0
    for number, taken in enumerate(lanes):
        if any(left - 2 <= lead <= right + 2 for left, right in taken):
            lowest = number + 1
    for number in range(lowest, len(lanes)):
        if not any(left - GAP < span[1] and span[0] < right + GAP for left, right in lanes[number]):
            lanes[number].append(span)
            return number
    while len(lanes) <= lowest:
        lanes.append([])
    number = len(lanes) - 1
    if any(left - GAP < span[1] and span[0] < right + GAP for left, right in lanes[number]):
        lanes.append([])
        number += 1
    lanes[number].append(span)
    return number


def _label_width(one: Happening) -> float:
    title = shortened(one.title, LONGEST_LABEL, SIZE)
    return max(width(title, SIZE, bold=True), width(shortened(one.detail, LONGEST_LABEL, SIZE), SIZE))


def _event(lane: int, count: int, one: Happening, x: float, until: float, anchor: str) -> Event:
    y = TOP + LANE * (count - 1 - lane)
    return Event(
        address=one.address,
        mark=one.mark,
        x=x,
        reach=max(until - x, 0.0),
        label_x=x + (6 if anchor == "start" else -6),
        label_y=y,
        anchor=anchor,
        title=shortened(one.title, LONGEST_LABEL, SIZE),
        detail=shortened(one.detail, LONGEST_LABEL, SIZE),
    )
