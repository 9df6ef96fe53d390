"""Draws a plan as a metro line: any number of steps, forks and fallbacks, and nothing ever overlaps.

A line that does not fit the width goes on in a further row, which repeats the last place. Within a row
stations are spread between the least distances their texts need; names stand above the track, what happens
stands below it, papers below that. Branches leave a decision to the right and down to tracks of their own.
Decisions further to the right take the upper tracks, so a branch of an earlier decision passes below them and
no two branches cross.

Pure: words and widths in (`line`, `text_width`), geometry out (`drawing`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tropa.desk.plans.drawing import (
    Anchor,
    Box,
    Drawing,
    End,
    Ink,
    Mark,
    Text,
    TicketMark,
    Track,
)
from tropa.desk.plans.line import Branch, Line, Segment, SegmentKind, Station, StationKind
from tropa.desk.plans.metro_rows import (
    BRANCH_ROOM,
    TICKETS_MOST,
    WIDTH,
    RowPlan,
    branch_lines,
    content_left,
    name_lines,
    note_lines,
    rows_of,
    segment_lines,
    ticket_width,
)
from tropa.desk.plans.text_width import shortened, width

PITCH = 14.0
"""Distance of two lines of text."""
_SIZES = {Ink.NAME: 13.5, Ink.NOTE: 12.5, Ink.LABEL: 12.5, Ink.DAYS: 12.5, Ink.ODDS: 12.0, Ink.SHUT: 12.5}
_BOLD = {Ink.NAME, Ink.DAYS, Ink.ODDS}
_RADIUS = {
    StationKind.START: 8.0,
    StationKind.PLACE: 8.0,
    StationKind.PASSING: 6.0,
    StationKind.DECISION: 11.0,
    StationKind.HAVEN: 13.0,
}
_DIAGONAL = 66.0
"""A branch leaves at 45° so far at most, then straight down."""


def draw(line: Line) -> Drawing:
    """The line as shapes in a drawing 720 units wide and as high as it needs."""
    parts = _Parts()
    top = 0.0
    for row in rows_of(line):
        top = _Row(row, parts, top).draw()
    return Drawing(
        width=WIDTH,
        height=round(top, 1),
        tracks=tuple(parts.tracks),
        marks=tuple(parts.marks),
        ends=tuple(parts.ends),
        texts=tuple(parts.texts),
        tickets=tuple(parts.tickets),
    )


class _Parts:
    """Shapes as they gather, row by row."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.marks: list[Mark] = []
        self.ends: list[End] = []
        self.texts: list[Text] = []
        self.tickets: list[TicketMark] = []


@dataclass(frozen=True, slots=True)
class _Taken:
    """Ground under the track that branches must pass below."""

    left: float
    right: float
    bottom: float


class _Row:
    """One row: knows where its track lies and what ground is taken below it."""

    def __init__(self, row: RowPlan, parts: _Parts, top: float) -> None:
        most = max(len(name_lines(s)) + len(note_lines(s)) for s in row.stations)
        self.row, self.parts = row, parts
        self.y = float(math.ceil(top + 12 + PITCH * max(most - 1, 0) + 22))
        self.taken: list[_Taken] = []
        self.bottom = self.y + 20

    def draw(self) -> float:
        """Add the row's shapes; return where the next row may begin."""
        for index, segment in enumerate(self.row.segments):
            self._segment(index, segment)
        for index, station in enumerate(self.row.stations):
            self._station(index, station)
        self._branches()
        return self.bottom + 12

    def _segment(self, index: int, segment: Segment) -> None:
        left, right = self.row.xs[index], self.row.xs[index + 1]
        css = "m-ride" if segment.kind is SegmentKind.RIDE else "m-wait"
        self.parts.tracks.append(Track(css, f"M{left:.0f} {self.y:.0f}H{right:.0f}"))
        if segment.odds:
            start = left + self.row.reach_right(index)
            end = right - self.row.reach_left(index + 1)
            self._text(Ink.ODDS, (start + end) / 2, self.y - 11, Anchor.MIDDLE, segment.odds)
        ink = Ink.DAYS if segment.kind is SegmentKind.WAIT else Ink.LABEL
        forked = bool(self.row.stations[index].branches)
        start, end = left + content_left(forked=forked, low=False), right - 18
        bottom = self.y + 10
        for number, text in enumerate(segment_lines(segment)):
            placed = self._text(ink, (start + end) / 2, self.y + 22 + PITCH * number, Anchor.MIDDLE, text)
            bottom = placed.box.bottom
            self._take(placed.box)
        self._tickets(segment, left + content_left(forked=forked, low=True), end, bottom + 6)

    def _tickets(self, segment: Segment, left: float, right: float, top: float) -> None:
        rows: list[list[tuple[str, float, bool]]] = []
        room = 0.0
        for ticket in segment.tickets:
            wide = ticket_width(ticket)
            if not rows or room < wide:
                rows.append([])
                room = right - left
            rows[-1].append((ticket.text, wide, ticket.in_hand))
            room -= wide + 8
        for number, row in enumerate(rows):
            x = (left + right - sum(wide for _, wide, _ in row) - 8 * (len(row) - 1)) / 2
            for text, wide, in_hand in row:
                self._ticket(text, x, top + 27 * number, wide, in_hand=in_hand)
                x += wide + 8

    def _ticket(self, full: str, x: float, y: float, wide: float, *, in_hand: bool) -> None:
        box = Box(x, y, x + wide, y + 22)
        short = shortened(full, TICKETS_MOST - 34, 12)
        text = Text(Ink.LABEL, x + 22, y + 15, Anchor.START, short, box)
        self.parts.tickets.append(TicketMark(x, y, wide, in_hand, full, text, box))
        self._take(box)

    def _station(self, index: int, station: Station) -> None:
        x, anchor = self.row.xs[index], Anchor.MIDDLE
        text_x = x
        if index == 0:
            anchor, text_x = Anchor.START, x - 9
        elif index == len(self.row.stations) - 1:
            anchor, text_x = Anchor.END, x + 13
        texts = [(Ink.NAME, text) for text in name_lines(station)]
        texts += [(Ink.NOTE, text) for text in note_lines(station)]
        first = self.y - 20 - PITCH * (len(texts) - 1)
        placed = tuple(
            _placed(ink, text_x, first + PITCH * number, anchor, text)
            for number, (ink, text) in enumerate(texts)
        )
        radius = 15.0 if station.opened else _RADIUS[station.kind]
        box = Box(x - radius, self.y - radius, x + radius, self.y + radius)
        self.parts.marks.append(
            Mark(station.kind, x, self.y, station.anchor, station.risky, station.opened, placed, box)
        )

    def _branches(self) -> None:
        deepest, right_fork = self.y, WIDTH
        for index in range(len(self.row.stations) - 1, -1, -1):
            branches = self.row.stations[index].branches
            if not branches:
                continue
            x = self.row.xs[index]
            widest = max(BRANCH_ROOM + _widest(branch_lines(branch)) for branch in branches)
            clear_of_right = x + widest + 8 < right_fork
            y = self.y + 46 if clear_of_right or deepest == self.y else deepest + 24
            for branch in branches:
                y = float(math.ceil(self._below(y, x, x + widest)))
                self._branch(branch, x, y)
                low = y + 9 + PITCH * (len(branch_lines(branch)) - 1)
                deepest, self.bottom = max(deepest, low), max(self.bottom, low)
                y = low + 15
            right_fork = x

    def _below(self, y: float, left: float, right: float) -> float:
        crossed = (t.bottom for t in self.taken if t.left < right + 8 and left < t.right)
        return max([y, *(bottom + 16 for bottom in crossed)])

    def _branch(self, branch: Branch, x: float, y: float) -> None:
        deep = y - self.y
        stop = x + min(deep, _DIAGONAL) + 28
        if deep <= _DIAGONAL:
            path = f"l{deep - 9:.0f} {deep - 9:.0f}q9 9 21 9H{stop - 6:.0f}"
        else:
            path = f"l57 57V{y - 9:.0f}q0 9 14 9H{stop - 6:.0f}"
        css = "m-branch shut" if branch.shut else "m-branch"
        self.parts.tracks.append(Track(css, f"M{x:.0f} {self.y:.0f}{path}"))
        texts = tuple(
            _placed(Ink.LABEL, stop + 14, y + 4 + PITCH * number, Anchor.START, text)
            for number, text in enumerate(branch_lines(branch))
        )
        self.parts.ends.append(End(stop, y, branch.shut, texts, Box(stop - 8, y - 8, stop + 8, y + 8)))

    def _text(self, ink: Ink, x: float, y: float, anchor: Anchor, text: str) -> Text:
        placed = _placed(ink, x, y, anchor, text)
        self.parts.texts.append(placed)
        return placed

    def _take(self, box: Box) -> None:
        self.taken.append(_Taken(box.left, box.right, box.bottom))
        self.bottom = max(self.bottom, box.bottom)


def _widest(texts: tuple[str, ...]) -> float:
    return max((width(text, _SIZES[Ink.LABEL]) for text in texts), default=0.0)


def _placed(ink: Ink, x: float, y: float, anchor: Anchor, text: str) -> Text:
    wide = width(text, _SIZES[ink], bold=ink in _BOLD)
    left = {Anchor.START: x, Anchor.MIDDLE: x - wide / 2, Anchor.END: x - wide}[anchor]
    return Text(ink, round(x, 1), round(y, 1), anchor, text, Box(left, y - 10.5, left + wide, y + 3))
