"""Property: whatever the plan, no text, sign, ticket or branch of the drawing lies on another, and nothing
leaves it.
"""

from __future__ import annotations

import re
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tropa.desk.plans.drawing import Box, Drawing
from tropa.desk.plans.line import Branch, Line, Segment, SegmentKind, Station, StationKind, Ticket
from tropa.desk.plans.metro import draw

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяШЩЮЖМФW MWmw iil.,–0123456789≈%€-"
words = st.text(LETTERS, max_size=60)
short_words = st.text(LETTERS, max_size=9)
branches = st.lists(st.builds(Branch, words.filter(str.strip), st.booleans()), max_size=5).map(tuple)
stations = st.builds(
    Station,
    st.sampled_from(list(StationKind)),
    words,
    words,
    st.just("a1"),
    branches,
    st.booleans(),
    st.booleans(),
)
tickets = st.lists(st.builds(Ticket, words, st.booleans()), max_size=5).map(tuple)
segments = st.builds(Segment, st.sampled_from(list(SegmentKind)), words, short_words, tickets)


@st.composite
def lines(draw_from: st.DrawFn) -> Line:
    inner = draw_from(st.lists(st.tuples(stations, segments), min_size=1, max_size=9))
    end = Station(StationKind.HAVEN, draw_from(words), draw_from(words), "a9")
    return Line((*(station for station, _ in inner), end), tuple(segment for _, segment in inner))


def boxes(drawing: Drawing) -> list[Box]:
    found = [mark.box for mark in drawing.marks]
    found += [text.box for mark in drawing.marks for text in mark.texts]
    found += [text.box for text in drawing.texts]
    found += [end.box for end in drawing.ends]
    found += [text.box for end in drawing.ends for text in end.texts]
    return found + [ticket.box for ticket in drawing.tickets]


def strokes(path: str) -> list[tuple[float, float, float, float]]:
    """The straight pieces of a branch, its curve taken as the box it stays in."""
    x, y = map(float, re.findall(r"M([-\d.]+) ([-\d.]+)", path)[0])
    dx, dy = map(float, re.findall(r"l([-\d.]+) ([-\d.]+)", path)[0])
    pieces = [(x, y, x + dx, y + dy)]
    x, y = x + dx, y + dy
    if down := re.search(r"V([-\d.]+)", path):
        pieces.append((x, y, x, float(down[1])))
        y = float(down[1])
    _, _, dx, dy = map(float, re.findall(r"q([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)", path)[0])
    pieces.append((x, y, x + dx, y + dy))
    x, y = x + dx, y + dy
    end = float(re.findall(r"H([-\d.]+)", path)[0])
    return [*pieces, (x, y, end, y)]


def crosses(stroke: tuple[float, float, float, float], box: Box) -> bool:
    x0, y0, x1, y1 = stroke
    for step in range(41):
        share = step / 40
        x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
        if box.left < x < box.right and box.top < y < box.bottom:
            return True
    return False


@settings(max_examples=120, deadline=None)
@given(lines())
def test_no_two_shapes_overlap(line: Line) -> None:
    drawing = draw(line)
    for one, other in combinations(boxes(drawing), 2):
        assert not one.meets(other), (one, other)


@settings(max_examples=120, deadline=None)
@given(lines())
def test_nothing_leaves_the_drawing(line: Line) -> None:
    drawing = draw(line)
    for box in boxes(drawing):
        assert box.left >= 0
        assert box.top >= 0
        assert box.right <= drawing.width
        assert box.bottom <= drawing.height


@settings(max_examples=120, deadline=None)
@given(lines())
def test_no_branch_crosses_a_text_a_ticket_or_another_station(line: Line) -> None:
    drawing = draw(line)
    solid = [text.box for mark in drawing.marks for text in mark.texts]
    solid += [text.box for text in drawing.texts] + [ticket.box for ticket in drawing.tickets]
    solid += [text.box for end in drawing.ends for text in end.texts]
    for track in drawing.tracks:
        if not track.css.startswith("m-branch"):
            continue
        for stroke in strokes(track.path):
            own = Box(stroke[0] - 1, stroke[1] - 1, stroke[0] + 1, stroke[1] + 1)
            for box in solid:
                assert not crosses(stroke, box), (track, box)
            for mark in drawing.marks:
                if not mark.box.meets(own):
                    assert not crosses(stroke, mark.box), (track, mark)


@settings(max_examples=60, deadline=None)
@given(lines())
def test_branches_of_different_decisions_never_cross(line: Line) -> None:
    drawing = draw(line)
    tracks = [t for t in drawing.tracks if t.css.startswith("m-branch")]
    for one, other in combinations(tracks, 2):
        if one.path.split("l")[0] == other.path.split("l")[0]:
            continue
        for stroke in strokes(one.path):
            for crossing in strokes(other.path):
                assert not meet(stroke, crossing), (one, other)


def meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    def side(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float]) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    p, q, r, s = (a[0], a[1]), (a[2], a[3]), (b[0], b[1]), (b[2], b[3])
    return side(p, q, r) * side(p, q, s) < 0 and side(r, s, p) * side(r, s, q) < 0


@settings(max_examples=80, deadline=None)
@given(lines())
def test_no_word_of_the_line_is_lost_in_the_drawing(line: Line) -> None:
    drawing = draw(line)
    drawn = "".join(text.text for mark in drawing.marks for text in mark.texts)
    drawn += "".join(text.text for text in drawing.texts)
    drawn += "".join(text.text for end in drawing.ends for text in end.texts)
    drawn += "".join(ticket.full for ticket in drawing.tickets)
    letters = "".join(drawn.split())
    for station in line.stations:
        for piece in (station.name, station.note, *(branch.text for branch in station.branches)):
            assert "".join(piece.split()) in letters or not piece.split()
    for segment in line.segments:
        assert "".join(segment.text.split()) in letters
        assert "".join(segment.odds.split()) in letters
