"""A plan as one line with branches: what the drawing shows, in words already, before anything has a position.

The grammar is the same wherever a plan is drawn: a solid ride moves, a dotted wait stands still, a diamond is
somebody else's decision, a circle is a place, a house is protection, a branch is what follows if they say no,
a ticket is a paper. A line that breaks the grammar does not construct: it has one segment fewer than
stations, and what could still fail has a way on to its right.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StationKind(StrEnum):
    """What a point of the line is."""

    START = "start"
    PLACE = "place"
    PASSING = "passing"  # the same place on a later day
    DECISION = "decision"
    HAVEN = "haven"


class SegmentKind(StrEnum):
    """What happens between two points."""

    RIDE = "ride"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A paper: in hand already, or still to be obtained."""

    text: str
    in_hand: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """What follows if this fails. `shut`: nothing follows."""

    text: str
    shut: bool


@dataclass(frozen=True, slots=True)
class Station:
    """A point: `name` in bold, `note` under it; `anchor` is the fragment of the step it opens, "" for
    none.
    """

    kind: StationKind
    name: str
    note: str
    anchor: str
    branches: tuple[Branch, ...] = ()
    risky: bool = False
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """What lies between two points: `text` under the line, `odds` above it, papers below."""

    kind: SegmentKind
    text: str
    odds: str = ""
    tickets: tuple[Ticket, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Stations from left to right and the segments between them."""

    stations: tuple[Station, ...]
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        if len(self.stations) < 2 or len(self.segments) != len(self.stations) - 1:
            raise ValueError("a line has at least two stations and one segment fewer than stations")
        if self.stations[-1].branches:
            raise ValueError("the last station decides nothing: its branches would have no room")
