"""What lies over the borders on one page: how countries are shaded, the ways of plans, places and their
names.

Kept true: a country nobody has looked at for this person stays blank (blank is not safe); a name is left out
rather than laid over another; a place beyond the drawing is an arrow at its edge with the place's name. Pure
geometry and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tropa.desk.map.borders import name_points
from tropa.desk.map.projection import EAST, HEIGHT, NORTH, SOUTH, WEST, WIDTH, Point, project

FRAME = (52.0, 52.0, 540.0, 300.0)
"""Left, top, width and height of what is shown, unless a place asks for more."""
MARGIN = 12.0


class Shade(StrEnum):
    """How a country is drawn; the value is its class."""

    HAVEN = "hz-haven"
    LOW = "hz-low"
    MIDDLE = "hz-mid"
    HIGH = "hz-high"
    NONE = "hz-none"


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place to be drawn. `here`: where the person is; `chief`: on the chosen plan."""

    name: str
    longitude: float
    latitude: float
    here: bool
    chief: bool


@dataclass(frozen=True, slots=True)
class MapWay:
    """A leg between two places, by index into the places. `chief`: on the chosen plan."""

    origin: int
    target: int
    chief: bool


@dataclass(frozen=True, slots=True)
class Land:
    """A country that is not blank, and its shade; all others are drawn blank together, below."""

    code: str
    shade: Shade


@dataclass(frozen=True, slots=True)
class Dot:
    """A place as drawn."""

    x: float
    y: float
    here: bool
    chief: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A name as drawn; `css` is its class."""

    x: float
    y: float
    anchor: str
    text: str
    css: str


@dataclass(frozen=True, slots=True)
class MapView:
    """Everything the template writes, in order of painting."""

    frame: str
    lands: tuple[Land, ...]
    alternatives: tuple[str, ...]
    ways: tuple[str, ...]
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]


def map_view(
    places: Sequence[MapPlace],
    ways: Iterable[MapWay],
    shades: Mapping[str, Shade],
    countries: Mapping[str, str],
    *,
    name_size: float = 14.0,
) -> MapView:
    """The view. `countries` names those worth naming, by code, in letters of `name_size` units."""
    points = [_seen(place.longitude, place.latitude) for place in places]
    frame = _frame(points)
    drawn = [_within(point, frame) for point in points]
    paths: dict[bool, list[str]] = {True: [], False: []}
    for way in ways:
        paths[way.chief].append(_curve(drawn[way.origin], drawn[way.target]))
    return MapView(
        frame=" ".join(f"{part:g}" for part in frame),
        lands=tuple(
            Land(code, shades[code])
            for code in name_points()
            if shades.get(code, Shade.NONE) is not Shade.NONE
        ),
        alternatives=tuple(dict.fromkeys(path for path in paths[False] if path not in paths[True])),
        ways=tuple(dict.fromkeys(paths[True])),
        dots=tuple(
            Dot(round(point.x, 1), round(point.y, 1), place.here, place.chief)
            for place, point in sorted(zip(places, drawn, strict=True), key=lambda pair: pair[0].chief)
        ),
        labels=_labels(places, drawn, countries, frame, name_size),
    )


def _seen(longitude: float, latitude: float) -> Point:
    """Where a place is drawn. Beyond the borders' box a cone has no honest place for it: then it lies off the side it
    is on.
    """
    point = project(min(max(longitude, WEST), EAST), min(max(latitude, SOUTH), NORTH))
    x = -WIDTH if longitude < WEST else 2 * WIDTH if longitude > EAST else point.x
    y = 2 * HEIGHT if latitude < SOUTH else point.y
    return Point(x, y)


def _frame(points: Iterable[Point]) -> tuple[float, float, float, float]:
    left, top, wide, high = FRAME
    for point in points:
        in_drawing = 0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT
        beyond = not (left <= point.x <= left + wide and top <= point.y <= top + high)
        if in_drawing and beyond:
            return 0.0, 0.0, WIDTH, HEIGHT
    return FRAME


def _within(point: Point, frame: tuple[float, float, float, float]) -> Point:
    """The point, or the edge nearest to it."""
    left, top, wide, high = frame
    return Point(
        min(max(point.x, left + MARGIN), left + wide - MARGIN),
        min(max(point.y, top + MARGIN), top + high - MARGIN),
    )


def _curve(start: Point, end: Point) -> str:
    """A leg bent a little upwards, so that there and back are two."""
    middle_x = (start.x + end.x) / 2 + (end.y - start.y) * 0.12
    middle_y = (start.y + end.y) / 2 - abs(end.x - start.x) * 0.12
    return f"M{start.x:.1f} {start.y:.1f}Q{middle_x:.1f} {middle_y:.1f} {end.x:.1f} {end.y:.1f}"


@dataclass(frozen=True, slots=True)
class _Ground:
    """A rectangle a name takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Ground) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def _labels(
    places: Sequence[MapPlace],
    points: Sequence[Point],
    countries: Mapping[str, str],
    frame: tuple[float, float, float, float],
    name_size: float,
) -> tuple[Label, ...]:
    taken = [_Ground(p.x - 5, p.y - 5, p.x + 5, p.y + 5) for p in points]
    labels: list[Label] = []
    order = sorted(zip(places, points, strict=True), key=lambda pair: (not pair[0].chief, not pair[0].here))
    for place, point in order:
        size, css = (17.0, "mt") if place.chief else (14.0, "mt2")
        _lay(place.name, point, size, css, taken, labels, frame, gap=9.0)
    for code, name in countries.items():
        middle = name_points().get(code)
        if middle is not None:
            _lay(name, middle, name_size, "mc", taken, labels, frame, gap=0.0)
    return tuple(labels)


def _lay(
    text: str,
    point: Point,
    size: float,
    css: str,
    taken: list[_Ground],
    labels: list[Label],
    frame: tuple[float, float, float, float],
    *,
    gap: float,
) -> None:
    """Lay a name beside its point where it is free; leave it out where nothing is."""
    wide, high = len(text) * size * 0.62, size
    sides = (
        [("middle", 0.0, size * 0.35)]
        if not gap
        else [
            ("start", gap, size * 0.35),
            ("end", -gap, size * 0.35),
            ("middle", 0.0, -gap),
            ("middle", 0.0, gap + size * 0.8),
            ("start", gap, gap + size * 0.8),
            ("start", gap, -gap),
            ("end", -gap, gap + size * 0.8),
            ("end", -gap, -gap),
        ]
    )
    for anchor, dx, dy in sides:
        x, y = point.x + dx, point.y + dy
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
        ground = _Ground(left, y - high * 0.8, left + wide, y + high * 0.25)
        if _inside(ground, frame) and not any(ground.meets(other) for other in taken):
            taken.append(ground)
            labels.append(Label(round(x, 1), round(y, 1), anchor, text, css))
            return


def _inside(ground: _Ground, frame: tuple[float, float, float, float]) -> bool:
    left, top, wide, high = frame
    across = left <= ground.left and ground.right <= left + wide
    return across and top <= ground.top and ground.bottom <= top + high
