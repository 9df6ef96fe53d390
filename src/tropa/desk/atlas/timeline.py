"""What happened in a country, laid out along the years: pure geometry, the template draws it.

Kept true: no label lies over another, nothing leaves the drawing, a lead goes behind a label only where it has to, and
an incident known to the month or year only is drawn as long as that. What has no date is not drawn; it stands in the
list with the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from tropa.atlas import IncidentKind, PartialDate
from tropa.desk.plans.text_width import shortened, width

WIDE, LEFT, RIGHT = 960.0, 30.0, 930.0
SIZE = 12.5
LANE = 40.0  # of one label: two lines and a gap
TOP = 40.0
GAP = 14.0
LONGEST_LABEL = 230.0
CROSSING = 3  # a lead behind a label is as bad as so many lanes more
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


@dataclass(slots=True)
class _Board:
    """What is laid out so far: the spans each lane holds, and the leads with the lanes they go up to."""

    lanes: list[list[tuple[float, float]]]
    leads: list[tuple[float, int]]

    def places(self, span: tuple[float, float], lead: float) -> Iterator[tuple[int, int]]:
        """Every lane where a label meets no other, after what it costs: high up, and most of all where a lead has to go
        behind a label.
        """
        for lane in range(len(self.lanes) + 1):
            beside = self.lanes[lane] if lane < len(self.lanes) else []
            if not any(left - GAP < span[1] and span[0] < right + GAP for left, right in beside):
                yield lane + CROSSING * self._crossings(lane, span, lead), lane

    def _crossings(self, lane: int, span: tuple[float, float], lead: float) -> int:
        below = [one for taken in self.lanes[:lane] for one in taken]
        own = sum(left - 3 <= lead <= right + 3 for left, right in below)
        return own + sum(higher > lane and span[0] - 3 <= x <= span[1] + 3 for x, higher in self.leads)

    def lay(self, lane: int, span: tuple[float, float], lead: float) -> None:
        """Put a label there."""
        while len(self.lanes) <= lane:
            self.lanes.append([])
        self.lanes[lane].append(span)
        self.leads.append((lead, lane))


def _lanes(ordered: Sequence[Happening], scale: _Scale) -> tuple[int, list[Event]]:
    """Each label on the side of its mark where it comes to lie lower; the latest are laid first."""
    board = _Board([], [])
    found: list[tuple[int, Happening, str]] = []
    for one in reversed(ordered):
        x, wide = scale.at(one.when.earliest), _label_width(one)
        sides = []
        if x + 6 + wide <= WIDE:
            sides.append(("start", (x - 1, x + 6 + wide)))
        if x - 6 - wide >= 0:
            sides.append(("end", (x - 6 - wide, x + 1)))
        choices = [
            (cost, lane, anchor, span)
            for anchor, span in sides or [("start", (x - 1, WIDE))]
            for cost, lane in board.places(span, x)
        ]
        _cost, lane, anchor, span = min(choices, key=lambda choice: choice[:2])
        board.lay(lane, span, x)
        found.append((lane, one, anchor))
    count = len(board.lanes)
    return count, [_event(lane, count, one, scale, anchor) for lane, one, anchor in reversed(found)]


def _label_width(one: Happening) -> float:
    title = shortened(one.title, LONGEST_LABEL, SIZE)
    return max(width(title, SIZE, bold=True), width(shortened(one.detail, LONGEST_LABEL, SIZE), SIZE))


def _event(lane: int, count: int, one: Happening, scale: _Scale, anchor: str) -> Event:
    x = scale.at(one.when.earliest)
    return Event(
        address=one.address,
        mark=one.mark,
        x=x,
        reach=max(scale.at(one.when.latest) - x, 0.0),
        label_x=x + (6 if anchor == "start" else -6),
        label_y=TOP + LANE * (count - 1 - lane),
        anchor=anchor,
        title=shortened(one.title, LONGEST_LABEL, SIZE),
        detail=shortened(one.detail, LONGEST_LABEL, SIZE),
    )
