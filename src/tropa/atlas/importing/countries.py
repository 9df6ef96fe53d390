"""Countries and their borders in the layout of mledoze/countries, as JSON or as the reduced table.

Kept true: a border is not an open border, so no leg is ever proposed from one; a land leg between countries
without a common border is a conflict. One-sided borders are said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tropa.atlas.importing.results import Action, Conflict, Import, Proposal, Refusal
from tropa.atlas.importing.table import columns, decoded, header_of, refuse, rows_of
from tropa.atlas.importing.territories import codes2
from tropa.atlas.kinds import Leg
from tropa.atlas.model import Fact
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.terms import Kind, Mode
from tropa.atlas.world import Atlas

_TABLE: Final = (("cca2",), ("cca3",), ("name_en", "name"), ("name_ru",), ("borders_cca3", "borders"))
_BY_LAND: Final = frozenset({Mode.ROAD, Mode.RAIL, Mode.FOOT})


@dataclass(frozen=True, slots=True)
class _Country:
    line: int
    code2: str
    code3: str
    english: str
    russian: str
    borders: tuple[str, ...]


def read(content: bytes, *, file: str, atlas: Atlas) -> Import:
    """Read the file; raises `ImportRefused`."""
    text, notes = decoded(file, content)
    layout = "json" if text.lstrip().startswith("[") else "table"
    read_all = list(_from_json(file, text) if layout == "json" else _from_table(file, text))
    refused = [one for one in read_all if isinstance(one, Refusal)]
    found: dict[str, _Country] = {}
    for one in read_all:
        if isinstance(one, _Country):
            fault = _fault(one, found)
            if fault is None:
                found[one.code3] = one
            else:
                refused.append(fault)
    borders = {
        one.code2: {found[code].code2 for code in one.borders if code in found} for one in found.values()
    }
    agreeing, proposals, conflicts = _compared(atlas, list(found.values()), borders)
    return Import(
        kind="countries",
        layout=layout,
        read=len(read_all),
        rows={
            one.code2: f"{one.english} / {one.russian}: {' '.join(sorted(one.borders))}"
            for one in found.values()
        },
        refused=tuple(sorted(refused, key=lambda one: one.line)),
        agreeing=agreeing,
        proposals=tuple(proposals),
        conflicts=tuple(conflicts),
        notes=(
            *notes,
            *_one_sided(borders),
            _("a border is not an open border: no way is proposed from one"),
        ),
    )


def _from_table(file: str, text: str) -> Iterator[_Country | Refusal]:
    rows = rows_of(file, text)
    header = header_of(file, rows)
    places = [place for place in columns(file, header, _TABLE) if place is not None]
    for row in rows:
        if len(row.cells) <= max(places):
            yield Refusal(row.line, "row", ",".join(row.cells), _("a cell for each column"))
        else:
            code2, code3, english, russian, borders = (row.cells[place] for place in places)
            yield _Country(row.line, code2, code3, english, russian, tuple(borders.split()))


def _from_json(file: str, text: str) -> Iterator[_Country | Refusal]:
    try:
        listed = json.loads(text)
    except json.JSONDecodeError as error:
        raise refuse(
            file, error.lineno, _("this is no JSON ({reason})", reason=error.msg), _("a list of countries")
        ) from None
    except RecursionError:
        raise refuse(file, 0, _("lists within lists"), _("a list of countries")) from None
    line = 1
    for number, one in enumerate(listed, 1):
        code = one.get("cca2") if isinstance(one, dict) else None
        line = _line_of(text, code, line)
        try:
            names = one["name"]["common"], one["translations"]["rus"]["common"]
            borders = tuple(str(border) for border in one["borders"])
            yield _Country(line, str(one["cca2"]), str(one["cca3"]), str(names[0]), str(names[1]), borders)
        except (KeyError, TypeError):
            needed = "cca2, cca3, name.common, translations.rus.common, borders"
            yield Refusal(line, f"[{number}]", str(one)[:80], _("the keys {keys}", keys=needed))


def _line_of(text: str, code: object, default: int) -> int:
    found = text.find(f'"cca2": "{code}"')
    if found < 0:
        found = text.find(f'"cca2":"{code}"')
    return default if found < 0 else text.count("\n", 0, found) + 1


def _fault(one: _Country, found: dict[str, _Country]) -> Refusal | None:
    if one.code2 not in codes2():
        return Refusal(one.line, "cca2", one.code2, _("a country of ISO 3166-1 as {layout}", layout="iso2"))
    if one.code3 in found:
        return Refusal(
            one.line, "cca3", one.code3, _("each country once; it is at line {n}", n=found[one.code3].line)
        )
    if not one.english or not one.russian:
        return Refusal(
            one.line, "name", one.english or one.russian, _("a name in English and one in Russian")
        )
    return None


def _one_sided(borders: dict[str, set[str]]) -> Iterator[Phrase]:
    pairs = [
        f"{one}-{other}"
        for one, others in sorted(borders.items())
        for other in sorted(others)
        if one not in borders[other]
    ]
    if pairs:
        yield _("borders only one of the two countries names: {pairs}", pairs=", ".join(pairs))


def _compared(
    atlas: Atlas, countries: list[_Country], borders: dict[str, set[str]]
) -> tuple[int, list[Proposal], list[Conflict]]:
    agreeing, proposals, conflicts = 0, [], []
    for one in countries:
        fact = atlas.countries.get(one.code2)
        if fact is None:
            proposals.append(_proposed(one))
            continue
        ours = {"en": fact.value.name.en, "ru": fact.value.name.ru}
        if ours == {"en": one.english, "ru": one.russian}:
            agreeing += 1
        else:
            theirs = {"en": one.english, "ru": one.russian}
            conflicts.append(Conflict(fact.id, "name", ours, theirs, {"name": theirs}))
    for leg in atlas.legs:
        if leg.value.mode in _BY_LAND and leg.value.crosses_border:
            home, abroad = _ends(atlas, leg)
            if abroad in borders.get(home, ()) or home in borders.get(abroad, ()):
                agreeing += 1
            elif home in borders and abroad in borders:
                conflicts.append(
                    Conflict(leg.id, "to", f"{home}-{abroad} by {leg.value.mode}", "no common border")
                )
    return agreeing, proposals, conflicts


def _ends(atlas: Atlas, leg: Fact[Leg]) -> tuple[str, str]:
    origin, target = (atlas.places[place].value.country for place in (leg.value.origin, leg.value.target))
    return origin, target


def _proposed(one: _Country) -> Proposal:
    record: dict[str, Any] = {
        "iso2": one.code2,
        "name": {"en": one.english, "ru": one.russian},
        "shares_wanted_lists": "unknown",
        "refugee_convention": "unknown",
        "echr_party": "unknown",
        "blocs": [],
        "zone": one.code2,
    }
    return Proposal(Action.ADD, one.code2, Kind.COUNTRY, record, ("blocs", "extradition", "zone"))
