"""Which files can be imported, and who reads each."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from tropa.atlas.importing import airports, countries, passport_index, treaties, unhcr
from tropa.atlas.importing.results import Import
from tropa.atlas.world import Atlas


class ImportKind(StrEnum):
    """The kinds of files."""

    PASSPORT_INDEX = "passport-index"
    UNHCR_DECISIONS = "unhcr-decisions"
    UNHCR_APPLICATIONS = "unhcr-applications"
    COUNTRIES = "countries"
    AIRPORTS = "airports"
    TREATIES = "treaties"


def read_import(
    kind: ImportKind, content: bytes, *, file: str, atlas: Atlas, citizenship: str = "RU"
) -> Import:
    """Read one file against the atlas, for citizens of `citizenship`. Raises `ImportRefused`; changes nothing.

    `file` is the name said in faults; for treaties it also tells which treaty it is.
    """
    match kind:
        case ImportKind.PASSPORT_INDEX:
            return passport_index.read(content, file=file, atlas=atlas, citizenship=citizenship)
        case ImportKind.UNHCR_DECISIONS:
            return unhcr.read_decisions(content, file=file, atlas=atlas, citizenship=citizenship)
        case ImportKind.UNHCR_APPLICATIONS:
            return unhcr.read_applications(content, file=file, atlas=atlas, citizenship=citizenship)
        case ImportKind.COUNTRIES:
            return countries.read(content, file=file, atlas=atlas)
        case ImportKind.AIRPORTS:
            return airports.read(content, file=file, atlas=atlas)
        case ImportKind.TREATIES:
            return treaties.read(content, file=file, atlas=atlas)
        case _:
            assert_never(kind)
