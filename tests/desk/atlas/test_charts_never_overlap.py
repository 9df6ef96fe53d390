"""The time line and the chart of decisions: no text lies on another, nothing leaves the drawing, nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropa.atlas import IncidentKind, PartialDate
from tropa.desk.atlas.recognition import LONGEST_BAR, Decided, recognition
from tropa.desk.atlas.timeline import LEFT, RIGHT, SIZE, WIDE, Event, Happening, mark_of, timeline
from tropa.desk.plans.text_width import width

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(2019, 1, 1), TODAY)
WORDS = st.text("абвгд жз", min_size=1, max_size=60)


@st.composite
def happenings(draw: st.DrawFn) -> list[Happening]:
    found = []
    for number in range(draw(st.integers(1, 18))):
        day = draw(DAYS)
        text = draw(st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"]))
        kind = draw(st.sampled_from(list(IncidentKind)))
        found.append(
            Happening(f"i{number}", PartialDate.parse(text), mark_of(kind), draw(WORDS), draw(WORDS))
        )
    return found


def ground(event: Event) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of an event's two lines."""
    wide = max(width(event.title, SIZE, bold=True), width(event.detail, SIZE))
    left = event.label_x if event.anchor == "start" else event.label_x - wide
    return left, event.label_y - SIZE, left + wide, event.label_y + 15 + SIZE * 0.3


@settings(max_examples=120)
@given(happenings())
def test_no_label_lies_on_another(given_: list[Happening]) -> None:
    drawn = timeline(given_, TODAY)
    assert sorted(event.address for event in drawn.events) == sorted(one.address for one in given_)
    for first, second in combinations(drawn.events, 2):
        one, other = ground(first), ground(second)
        across = one[0] < other[2] and other[0] < one[2]
        assert not (across and one[1] < other[3] and other[1] < one[3]), (first, second)


@settings(max_examples=120)
@given(happenings())
def test_nothing_leaves_the_drawing(given_: list[Happening]) -> None:
    drawn = timeline(given_, TODAY)
    for event in drawn.events:
        left, top, right, bottom = ground(event)
        assert left >= 0
        assert right <= WIDE + 1
        assert top >= 12
        assert bottom < drawn.axis
        assert LEFT <= event.x <= event.x + event.reach <= RIGHT
    assert LEFT <= drawn.today <= RIGHT
    assert drawn.axis < drawn.height


def test_the_days_are_in_their_order_on_the_axis() -> None:
    days = [TODAY - timedelta(days=number * 40) for number in range(9)]
    told = [
        Happening(str(number), PartialDate.parse(day.isoformat()), mark_of(IncidentKind.DEPORTED), "а", "б")
        for number, day in enumerate(days)
    ]
    drawn = timeline(told, TODAY)
    assert [event.address for event in drawn.events] == [str(number) for number in reversed(range(9))]
    assert sorted(event.x for event in drawn.events) == [event.x for event in drawn.events]


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), min_size=1, max_size=6))
def test_every_decision_is_in_the_chart(counts: list[tuple[int, int]]) -> None:
    years = [Decided(str(2020 + place), yes, yes + no) for place, (yes, no) in enumerate(counts)]
    chart = recognition(years)
    if not any(one.decided for one in years):
        assert chart is None
        return
    assert chart is not None
    assert [(row.positive, row.decided) for row in chart.rows] == [
        (one.positive, one.decided) for one in years
    ]
    for row in chart.rows:
        assert sum(box.wide for box in row.boxes) <= LONGEST_BAR + 1
        share = row.positive / row.decided if row.decided else 0
        assert row.low - 1e-9 <= share <= row.high + 1e-9
        assert (row.share is None) == (row.decided < 20)


def test_few_decisions_are_one_rectangle_each() -> None:
    chart = recognition([Decided("2024", 5, 37)])
    assert chart is not None
    assert [box.css for box in chart.rows[0].boxes] == ["pos"] * 5 + ["neg"] * 32
    assert chart.rows[0].share == pytest.approx(5 / 37)
