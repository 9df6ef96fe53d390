"""A timetable in a pack: `tue 10:00`, read and written alike, and never beside days until the next departure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.atlas.small_pack import FILES, write_pack
from tropa.atlas import Departure, PackError, load_pack
from tropa.atlas.timetable import PATTERN
from tropa.atlas.writing import record_of

TIMED = FILES["legs.yaml"].replace("wait_days: [0, 1, 3]", "wait_days: [0, 0, 0]\n    departures: {}")


def legs(departures: str) -> str:
    return TIMED.replace("{}", departures)


def test_a_timetable_is_read_and_written_as_it_stands(tmp_path: Path) -> None:
    (leg,) = load_pack(write_pack(tmp_path, legs=legs("[tue 10:00, fri 07:30]"))).legs
    assert leg.value.departures == ("tue 10:00", "fri 07:30")
    assert record_of(leg)["departures"] == ["tue 10:00", "fri 07:30"]
    assert [Departure.parse(one) for one in leg.value.departures] == [Departure(1, 600), Departure(4, 450)]
    assert Departure(4, 450).clock == "07:30"


def test_a_pack_without_timetables_keeps_its_name(tmp_path: Path) -> None:
    plain = load_pack(write_pack(tmp_path / "plain"))
    timed = load_pack(write_pack(tmp_path / "timed", legs=legs("[tue 10:00]")))
    assert "departures" not in record_of(plain.legs[0])
    assert plain.version != timed.version


@pytest.mark.parametrize(
    "wrong", ["tuesday 10:00", "tue 24:00", "tue 9:00", "2 10:00", "tue", "вт 10:00", "tue 10:60"]
)
def test_anything_else_is_refused_with_its_line(tmp_path: Path, wrong: str) -> None:
    assert not re.fullmatch(PATTERN, wrong)
    with pytest.raises(PackError) as refused:
        load_pack(write_pack(tmp_path, legs=legs(f"[{wrong}]")))
    (problem,) = refused.value.problems
    assert problem.line == 10
    assert f"“{wrong}” is no departure" in str(problem.what)
    assert "tue 10:00" in str(problem.expected)


def test_a_timetable_beside_days_until_the_next_departure_is_a_contradiction(tmp_path: Path) -> None:
    both = legs("[tue 10:00]").replace("wait_days: [0, 0, 0]", "wait_days: [0, 0, 2]")
    with pytest.raises(PackError) as refused:
        load_pack(write_pack(tmp_path, legs=both))
    (problem,) = refused.value.problems
    assert "timetable" in str(problem.what)


def test_no_departure_is_named_twice_and_none_named_is_no_timetable(tmp_path: Path) -> None:
    for wrong in ("[tue 10:00, tue 10:00]", "[]"):
        with pytest.raises(PackError):
            load_pack(write_pack(tmp_path, legs=legs(wrong)))
