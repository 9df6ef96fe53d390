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
    """A row: stations, the segments between them, the stations' x, and how wide the texts at a station are."""

    stations: tuple[Station, ...]
    segments: tuple[Segment, ...]
    xs: tuple[float, ...]
    wide: tuple[float, ...]

    def reach_left(self, index: int) -> float:
        """How far a station's texts reach to the left of it."""
        return _reaches(self.wide[index], index, len(self.stations))[0]

    def reach_right(self, index: int) -> float:
        """How far a station's texts reach to the right of it."""
        return _reaches(self.wide[index], index, len(self.stations))[1]


@dataclass(frozen=True, slots=True)
class _Widths:
    """What the texts of a line need, measured once: a row is tried with ever more of its stations. By station: its
    texts, and its branches with the way there; by segment: its odds, its words, its widest ticket.
    """

    texts: tuple[float, ...]
    branches: tuple[float, ...]
    odds: tuple[float, ...]
    words: tuple[float, ...]
    tickets: tuple[float, ...]

    @classmethod
    def of(cls, line: Line) -> _Widths:
        return cls(
            texts=tuple(map(_texts_width, line.stations)),
            branches=tuple(map(_branch_need, line.stations)),
            odds=tuple(width(one.odds, 12, bold=True) + GAP if one.odds else 0.0 for one in line.segments),
            words=tuple(
                max((width(text, 12.5, bold=True) for text in segment_lines(one)), default=0.0)
                for one in line.segments
            ),
            tickets=tuple(max(map(ticket_width, one.tickets), default=0.0) for one in line.segments),
        )


def rows_of(line: Line) -> tuple[RowPlan, ...]:
    """The line in rows, each as full as it can be. A row begins with the station the one before ended
    with.
    """
    rows = []
    widths = _Widths.of(line)
    first = 0
    while first < len(line.segments):
        last, row = first + 1, _placed(line, widths, first, first + 1)
        while last < len(line.segments) and (longer := _placed(line, widths, first, last + 1)) is not None:
            last, row = last + 1, longer
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


def _placed(line: Line, widths: _Widths, first: int, last: int) -> RowPlan | None:
    """A row of stations first to last, or None if it does not fit."""
    needs = tuple(_need(line, widths, first, index, last) for index in range(first, last))
    latest = [RIGHT]
    for index in range(last - 1, first - 1, -1):
        latest.insert(0, min(latest[0] - needs[index - first], EDGE - widths.branches[index]))
    if latest[0] < LEFT:
        return None
    xs = [LEFT]
    for index, need in enumerate(needs):
        slack = (RIGHT - xs[-1] - sum(needs[index:])) / (len(needs) - index)
        xs.append(min(xs[-1] + need + max(slack, 0.0), latest[index + 1]))
    stations, segments = _ends_meet(line, first, last)
    return RowPlan(stations, segments, tuple(round(x, 1) for x in xs), widths.texts[first : last + 1])


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


def _need(line: Line, widths: _Widths, first: int, index: int, last: int) -> float:
    """The least distance from station `index` to the next, in a row of stations first to last."""
    forked, count = bool(line.stations[index].branches), last - first + 1
    right = _reaches(widths.texts[index], index - first, count)[1]
    left = _reaches(widths.texts[index + 1], index + 1 - first, count)[0]
    below = content_left(forked=forked, low=False) + widths.words[index] + 18
    lower = content_left(forked=forked, low=True) + widths.tickets[index] + 18
    return max(right + widths.odds[index] + GAP + left, below, lower, 48.0)


def _texts_width(station: Station) -> float:
    texts = [width(text, 13.5, bold=True) for text in name_lines(station)]
    texts += [width(text, 12.5) for text in note_lines(station)]
    return max(texts, default=0.0)


def _reaches(wide: float, index: int, count: int) -> tuple[float, float]:
    """How far texts so wide and the sign reach to a station's left and right. The first stands at its left edge, the
    last at its right.
    """
    if index == 0:
        return 16.0, max(wide - 9, 16.0)
    if index == count - 1:
        return max(wide - 13, 16.0), 16.0
    return max(wide / 2, 16.0), max(wide / 2, 16.0)
