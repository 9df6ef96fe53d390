"""Breaks a line into rows that fit the width, and gives every station its x.

Kept true, for each row: neighbours are as far apart as their texts need, and right of a decision there is
room for its longest branch. Any line can be broken this way, because texts are wrapped to limits under which
two stations always fit.
"""

from __future__ import annotations

from dataclasses import dataclass

from tropa.desk.plans.line import Branch, Line, Segment, Station, Ticket
from tropa.desk.plans.text_width import lines, shortened, width

WIDTH, LEFT, RIGHT, EDGE = 720.0, 26.0, 692.0, 716.0
NAME_MOST, LABEL_MOST, TICKETS_MOST, BRANCH_MOST = 128.0, 128.0, 180.0, 200.0
BRANCH_ROOM = 108.0
"""From a decision to the text of its branch, at most."""
GAP = 14.0


@dataclass(frozen=True, slots=True)
class RowPlan:
    """A row: stations, the segments between them, and the stations' x."""

    stations: tuple[Station, ...]
    segments: tuple[Segment, ...]
    xs: tuple[float, ...]

    def reach_left(self, index: int) -> float:
        """How far a station's texts reach to the left of it."""
        return _reaches(self.stations[index], index, len(self.stations))[0]

    def reach_right(self, index: int) -> float:
        """How far a station's texts reach to the right of it."""
        return _reaches(self.stations[index], index, len(self.stations))[1]


def rows_of(line: Line) -> tuple[RowPlan, ...]:
    """The line in rows, each as full as it can be. A row begins with the station the one before ended
    with.
    """
    rows = []
    first = 0
    while first < len(line.segments):
        last = first + 1
        while last < len(line.segments) and _placed(line, first, last + 1) is not None:
            last += 1
        row = _placed(line, first, last)
        if row is None:
            raise AssertionError("two stations always fit: every text is wrapped below its limit")
        rows.append(row)
        first = last
    return tuple(rows)


def name_lines(station: Station) -> tuple[str, ...]:
    """The station's name, wrapped."""
    return lines(station.name, NAME_MOST, 13.5, bold=True)


def note_lines(station: Station) -> tuple[str, ...]:
    """The station's note, wrapped."""
    return lines(station.note, NAME_MOST, 12.5)


def segment_lines(segment: Segment) -> tuple[str, ...]:
    """What happens on the segment, wrapped. Bold or not, it is measured as bold."""
    return lines(segment.text, LABEL_MOST, 12.5, bold=True)


def branch_lines(branch: Branch) -> tuple[str, ...]:
    """What a branch leads to, wrapped."""
    return lines(branch.text, BRANCH_MOST, 12.5)


def ticket_width(ticket: Ticket) -> float:
    """The width of a ticket with its sign."""
    return width(shortened(ticket.text, TICKETS_MOST - 34, 12), 12) + 34


def content_left(*, forked: bool, low: bool) -> float:
    """Where what stands below the track may begin, right of a station; right of a decision its branches pass
    first.
    """
    if not forked:
        return 18.0
    return 78.0 if low else 44.0


def _placed(line: Line, first: int, last: int) -> RowPlan | None:
    """A row of stations first to last, or None if it does not fit."""
    stations, segments = _ends_meet(line, first, last)
    needs = tuple(_need(stations, segments, index) for index in range(len(segments)))
    latest = [RIGHT]
    for index in range(len(segments) - 1, -1, -1):
        latest.insert(0, min(latest[0] - needs[index], EDGE - _branch_need(stations[index])))
    if latest[0] < LEFT:
        return None
    xs = [LEFT]
    for index, need in enumerate(needs):
        slack = (RIGHT - xs[-1] - sum(needs[index:])) / (len(needs) - index)
        xs.append(min(xs[-1] + need + max(slack, 0.0), latest[index + 1]))
    return RowPlan(stations, segments, tuple(round(x, 1) for x in xs))


def _ends_meet(line: Line, first: int, last: int) -> tuple[tuple[Station, ...], tuple[Segment, ...]]:
    """Stations and segments of a row; a decision at a row's end shows its branches in the next row, where it
    begins.
    """
    stations = list(line.stations[first : last + 1])
    stations[-1] = Station(
        stations[-1].kind,
        stations[-1].name,
        stations[-1].note,
        stations[-1].anchor,
        (),
        stations[-1].risky,
        stations[-1].opened,
    )
    return tuple(stations), line.segments[first:last]


def _branch_need(station: Station) -> float:
    texts = [text for branch in station.branches for text in branch_lines(branch)]
    widest = max((width(text, 12.5) for text in texts), default=0.0)
    return BRANCH_ROOM + widest if station.branches else 0.0


def _need(stations: tuple[Station, ...], segments: tuple[Segment, ...], index: int) -> float:
    """The least distance from station `index` to the next."""
    segment, forked = segments[index], bool(stations[index].branches)
    right = _reaches(stations[index], index, len(stations))[1]
    left = _reaches(stations[index + 1], index + 1, len(stations))[0]
    odds = width(segment.odds, 12, bold=True) + GAP if segment.odds else 0.0
    texts = [width(text, 12.5, bold=True) for text in segment_lines(segment)]
    below = content_left(forked=forked, low=False) + max(texts, default=0.0) + 18
    tickets = [ticket_width(ticket) for ticket in segment.tickets]
    lower = content_left(forked=forked, low=True) + max(tickets, default=0.0) + 18
    return max(right + odds + GAP + left, below, lower, 48.0)


def _reaches(station: Station, index: int, count: int) -> tuple[float, float]:
    """How far a station's texts and sign reach to its left and right. The first stands at its left edge, the
    last at its right.
    """
    texts = [width(text, 13.5, bold=True) for text in name_lines(station)]
    texts += [width(text, 12.5) for text in note_lines(station)]
    wide = max(texts, default=0.0)
    if index == 0:
        return 16.0, max(wide - 9, 16.0)
    if index == count - 1:
        return max(wide - 13, 16.0), 16.0
    return max(wide / 2, 16.0), max(wide / 2, 16.0)
