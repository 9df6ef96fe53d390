"""The shapes a line is drawn with. Geometry only: colours and weights are classes of `workbench.css`.

Every text carries the box it may take at most, so that a test can show that nothing overlaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tropa.desk.plans.line import StationKind


@dataclass(frozen=True, slots=True)
class Box:
    """What a shape covers at most, in drawing units, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Anchor(StrEnum):
    """Which point of a text its x names."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class Ink(StrEnum):
    """How a text is set; the value is its class."""

    NAME = "m-name"
    NOTE = "m-sub"
    LABEL = "m-lab"
    DAYS = "m-days"
    ODDS = "m-odds"
    SHUT = "m-shut"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text."""

    ink: Ink
    x: float
    y: float
    anchor: Anchor
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Track:
    """A stroke. `path` is SVG path data; `css` its class."""

    css: str
    path: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A station: its sign, its texts, and the fragment it opens ("" for none)."""

    kind: StationKind
    x: float
    y: float
    anchor: str
    risky: bool
    opened: bool
    texts: tuple[Text, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class End:
    """Where a branch leads."""

    x: float
    y: float
    shut: bool
    texts: tuple[Text, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class TicketMark:
    """A paper drawn as a notched ticket. `full` is its whole name."""

    x: float
    y: float
    width: float
    in_hand: bool
    full: str
    text: Text
    box: Box

    @property
    def outline(self) -> str:
        """Path data of the notched frame."""
        return f"M{self.x:.0f} {self.y:.0f}h{self.width:.0f}v7a4 4 0 0 0 0 8v7h-{self.width:.0f}v-7a4 4 0 0 0 0-8z"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole line, ready to be written as SVG, in order of painting: tracks, then marks, ends, texts,
    tickets.
    """

    width: float
    height: float
    tracks: tuple[Track, ...]
    marks: tuple[Mark, ...]
    ends: tuple[End, ...]
    texts: tuple[Text, ...]
    tickets: tuple[TicketMark, ...]
