"""Airports: the table of the `airportsdata` package (`icao, iata, name, city, subd, country, ...`), or the
fourteen columns without header of OpenFlights.

Kept true: only airports with an IATA code in countries of the pack are proposed; an airport is a place, never a
flight. Where the pack puts it elsewhere than the table by more than twenty kilometres, that is a conflict.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tropa.atlas.importing.results import Action, Conflict, Import, Proposal, Refusal
from tropa.atlas.importing.table import Row, columns, decoded, header_of, rows_of
from tropa.atlas.importing.territories import code_of_name, codes2
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.terms import Kind, PlaceKind
from tropa.atlas.world import Atlas

_AIRPORTSDATA: Final = (("iata",), ("name",), ("city",), ("country",), ("lat",), ("lon",))
_OPENFLIGHTS: Final = (4, 1, 2, 3, 6, 7)
_COLUMNS: Final = ("iata", "name", "city", "country", "lat", "lon")
_NUMBER: Final = re.compile(r"-?\d{1,3}(?:\.\d+)?", re.ASCII)
_IATA: Final = re.compile(r"[A-Z]{3}")
FAR: Final = 20.0
"""Kilometres."""


@dataclass(frozen=True, slots=True)
class _Airport:
    iata: str
    name: str
    city: str
    country: str
    latitude: float
    longitude: float


def read(content: bytes, *, file: str, atlas: Atlas) -> Import:
    """Read the table; raises `ImportRefused`. Rows without an IATA code are counted and passed over."""
    text, notes = decoded(file, content)
    layout, places, rows, code = _layout(file, text)
    refused: list[Refusal] = []
    found: dict[str, _Airport] = {}
    without = number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007 the count is part of the result
        if len(row.cells) <= max(places):
            refused.append(Refusal(row.line, "row", ",".join(row.cells)[:80], _("a cell for each column")))
            continue
        cells = [row.cells[place] for place in places]
        if cells[0] in ("", r"\N"):
            without += 1
            continue
        airport = _airport(row.line, cells, code)
        if isinstance(airport, _Airport) and airport.iata in found:
            airport = Refusal(row.line, "iata", airport.iata, _("each code once"))
        if isinstance(airport, Refusal):
            refused.append(airport)
        else:
            found[airport.iata] = airport
    agreeing, proposals, conflicts = _compared(atlas, found)
    return Import(
        kind="airports",
        layout=layout,
        read=number,
        rows={
            one.iata: f"{one.name}, {one.city}, {one.country} {one.latitude} {one.longitude}"
            for one in found.values()
        },
        refused=tuple(refused),
        agreeing=agreeing,
        proposals=tuple(proposals),
        conflicts=tuple(conflicts),
        notes=(
            *notes,
            _("rows without an IATA code, passed over: {n}", n=without),
            _("only airports in countries of the pack are proposed; an airport is no flight"),
        ),
    )


def _layout(file: str, text: str) -> tuple[str, tuple[int, ...], Iterator[Row], Callable[[str], str | None]]:
    rows = rows_of(file, text)
    first = header_of(file, rows)
    if len(first.cells) == 14 and first.cells[0].isdigit():
        return "openflights", _OPENFLIGHTS, rows_of(file, text), code_of_name
    places = tuple(place for place in columns(file, first, _AIRPORTSDATA) if place is not None)
    return "airportsdata", places, rows, lambda cell: cell if cell in codes2() else None


def _airport(line: int, cells: list[str], code: Callable[[str], str | None]) -> _Airport | Refusal:
    iata, name, city, country, latitude, longitude = cells
    if not _IATA.fullmatch(iata):
        return Refusal(line, "iata", iata, _("three capitals"))
    found = code(country)
    if found is None:
        return Refusal(line, "country", country, _("a known country"))
    for field, cell, limit in (("lat", latitude, 90), ("lon", longitude, 180)):
        if not _NUMBER.fullmatch(cell) or abs(float(cell)) > limit:
            return Refusal(line, field, cell, _("{low} to {high}", low=-limit, high=limit))
    return _Airport(iata, name, city, found, float(latitude), float(longitude))


def _compared(atlas: Atlas, found: dict[str, _Airport]) -> tuple[int, list[Proposal], list[Conflict]]:
    agreeing, proposals, conflicts = 0, [], []
    for iata, one in sorted(found.items()):
        place = atlas.places.get(iata.lower())
        if place is None or place.value.what is not PlaceKind.AIRPORT:
            if one.country in atlas.countries:
                proposals.append(_proposed(one, iata.lower() if place is None else f"{iata.lower()}-airport"))
            continue
        away = kilometres(place.value.latitude, place.value.longitude, one.latitude, one.longitude)
        if place.value.country != one.country:
            conflicts.append(
                Conflict(place.id, "country", place.value.country, one.country, {"country": one.country})
            )
        elif away > FAR:
            ours = [place.value.latitude, place.value.longitude]
            theirs = {"latitude": one.latitude, "longitude": one.longitude}
            conflicts.append(
                Conflict(place.id, "latitude, longitude", ours, [one.latitude, one.longitude], theirs)
            )
        else:
            agreeing += 1
    return agreeing, proposals, conflicts


def _proposed(one: _Airport, place_id: str) -> Proposal:
    record = {
        "country": one.country,
        "name": {"en": f"{one.city}, {one.name}" if one.city else one.name},
        "latitude": round(one.latitude, 4),
        "longitude": round(one.longitude, 4),
        "what": PlaceKind.AIRPORT.value,
    }
    return Proposal(Action.ADD, place_id, Kind.PLACE, record, ("name.ru",))


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The distance on a sphere (haversine)."""
    here, there = math.radians(latitude), math.radians(other_latitude)
    across = math.radians(other_longitude - longitude)
    part = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(across / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(part)))
