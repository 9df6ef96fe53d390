"""Degrees to drawing units, the same for the borders drawn once and for the places drawn on each page.

Albers' equal-area conic projection (Snyder, *Map Projections: A Working Manual*, USGS 1987, pp. 98-103): no
country is flattered by its latitude. Standard parallels 34° and 56° north, centred on 38° east, 44° north,
for Europe, the Caucasus and Central Asia. Places outside the drawing have an edge point and a direction,
never a wrong position.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH, HEIGHT = 640.0, 400.0
"""The drawing that holds the borders, in units; y points down."""

WEST, EAST, SOUTH, NORTH = -30.0, 110.0, 8.0, 73.0
"""The box in degrees to which borders are cut."""

_CENTRE_LONGITUDE, _CENTRE_LATITUDE = 38.0, 44.0
_PARALLELS = (34.0, 56.0)
_SCALE, _SHIFT_X, _SHIFT_Y = 452.0, 320.0, 222.0

_CONE = sum(math.sin(math.radians(parallel)) for parallel in _PARALLELS) / 2
_C = math.cos(math.radians(_PARALLELS[0])) ** 2 + 2 * _CONE * math.sin(math.radians(_PARALLELS[0]))


def _radius(latitude: float) -> float:
    return math.sqrt(max(_C - 2 * _CONE * math.sin(math.radians(latitude)), 0.0)) / _CONE


_RADIUS_AT_CENTRE = _radius(_CENTRE_LATITUDE)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the drawing."""

    x: float
    y: float


def project(longitude: float, latitude: float) -> Point:
    """Degrees east and north to a point of the drawing, which may lie outside of it."""
    turn = (longitude - _CENTRE_LONGITUDE + 180) % 360 - 180
    angle = _CONE * math.radians(turn)
    radius = _radius(latitude)
    return Point(
        x=_SHIFT_X + _SCALE * radius * math.sin(angle),
        y=_SHIFT_Y - _SCALE * (_RADIUS_AT_CENTRE - radius * math.cos(angle)),
    )
