"""Countries and territories by the names and codes others give them: ISO 3166-1 alpha-2 and alpha-3, English
and Russian names as Unicode CLDR has them (Unicode License v3), and names the known tables use.

Kept true: a name that is not in the table is unknown; nothing is guessed from likeness.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).parent / "territories.csv"


@dataclass(frozen=True, slots=True)
class Territory:
    """One country or territory. `also`: other English names in use."""

    code2: str
    code3: str
    english: str
    russian: str
    also: tuple[str, ...]


@cache
def territories() -> tuple[Territory, ...]:
    """Every one, in the order of codes."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Territory(
                row["code2"],
                row["code3"],
                row["english"],
                row["russian"],
                tuple(filter(None, row["also"].split("|"))),
            )
            for row in csv.DictReader(file)
        )


@cache
def codes2() -> frozenset[str]:
    """Every alpha-2 code."""
    return frozenset(one.code2 for one in territories())


@cache
def by_code2() -> dict[str, Territory]:
    """Each by its alpha-2 code."""
    return {one.code2: one for one in territories()}


@cache
def by_code3() -> dict[str, str]:
    """Alpha-2 by alpha-3."""
    return {one.code3: one.code2 for one in territories()}


@cache
def by_name() -> dict[str, str]:
    """Alpha-2 by folded name, English or Russian."""
    return {
        folded(name): one.code2 for one in territories() for name in (one.russian, one.english, *one.also)
    }


def code_of_name(name: str) -> str | None:
    """The alpha-2 code of an English or Russian name, or None."""
    return by_name().get(folded(name))


@cache
def folded(name: str) -> str:
    """A name without accents, case and signs, "St." and "&" written out."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    words = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join("saint" if word == "st" else word for word in words.split())
