"""What lies in the database in clear, column by column, against the table in `docs/threat-model.md`.

The database itself is asked which columns it has: one that no model knows counts as well. A column that is called
sealed must hold nothing that reads as text.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tropa.seizure.places import as_bytes
from tropa.seizure.store import Store

NAMED_AS_SEALED = re.compile(r"^(sealed(_\w+)?|\w+_sealed|wrapped|recovery|slot_one|slot_two)$")
OWN_TABLES = frozenset({"django_migrations"})
"""Which changes of the schema were made: of the version, not of anybody."""

_NAMED = re.compile(r"`(\w+\.\w+\.\w+)`")
READS_AS_TEXT = 8
ENDS = 16
"""Bytes at either end that chance makes no text of: once in some ten million."""
_WITHIN_LETTERS = bytes(range(0x80, 0xC0))


@dataclass(frozen=True, slots=True)
class Reason:
    """A row of the table of clear columns."""

    why: str
    precision: str
    lifetime: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column that holds something. `reason` is None where the table does not name it."""

    table: str
    name: str
    values: int
    sealed: bool
    readable: int
    reason: Reason | None

    @property
    def as_it_should(self) -> bool:
        """Sealed and unreadable, or in clear for a reason."""
        return self.readable == 0 if self.sealed else self.reason is not None


def reasons(page: Path) -> dict[str, Reason]:
    """The table of clear columns, by `app.model.field`."""
    found = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 6:
            continue
        for column in _NAMED.findall(cells[1]):
            found[column] = Reason(*cells[2:5])
    return found


def columns(
    store: Store, table_of_reasons: Mapping[str, Reason], fields: Mapping[str, str]
) -> Iterator[Column]:
    """Every column that holds something. `fields` names `table.column` as `app.model.field`."""
    for table, names in store.columns().items():
        if table in OWN_TABLES:
            continue
        for name, values in zip(names, zip(*store.rows(table, names), strict=True), strict=False):
            kept = [as_bytes(value) for value in values if value is not None]
            if not kept:
                continue
            known = fields.get(f"{table}.{name}", "")
            sealed = _named_as_sealed(known)
            readable = sum(map(reads_as_text, kept)) if sealed else len(kept)
            yield Column(table, name, len(kept), sealed, readable, table_of_reasons.get(known))


def untried(kept: Collection[Column], tried: Collection[str], otherwise: Collection[str]) -> list[str]:
    """Sealed columns that hold something no key was tried against. `tried` are `table.column`; `otherwise` are names
    of columns that other means are tried on.
    """
    return sorted(
        f"{column.table}.{column.name}"
        for column in kept
        if column.sealed and column.name not in otherwise and f"{column.table}.{column.name}" not in tried
    )


def empty(kept: Collection[Column], fields: Mapping[str, str], otherwise: Collection[str]) -> list[str]:
    """Sealed columns that hold nothing here, so that no key could be tried against them."""
    filled = {f"{column.table}.{column.name}" for column in kept}
    return sorted(
        column
        for column, known in fields.items()
        if _named_as_sealed(known) and column not in filled and column.rpartition(".")[2] not in otherwise
    )


def _named_as_sealed(known: str) -> bool:
    """Whether the field of an `app.model.field` is called sealed."""
    return bool(NAMED_AS_SEALED.match(known.rpartition(".")[2]))


def reads_as_text(value: bytes) -> bool:
    """Whether a value is a text, or begins or ends with one."""
    return any(map(_is_text, (value, value[:ENDS], value[-ENDS:].lstrip(_WITHIN_LETTERS))))


def _is_text(part: bytes) -> bool:
    try:
        # a letter that is cut at the end is no fault
        text = getincrementaldecoder("utf-8")().decode(part)
    except UnicodeDecodeError:
        return False
    return len(text) >= READS_AS_TEXT and text.isprintable()
