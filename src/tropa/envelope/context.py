"""Where a blob belongs. Sealing, wrapping, locking and signing all bind it, so a moved blob does not open.

Two contexts that differ in any part have different encodings (each part carries its length), and an encoding
never changes: what was sealed under it must open for ever. A context is not secret.
"""

from dataclasses import dataclass
from functools import lru_cache

from tropa.envelope.encoding import LENGTH_BYTES, join

MAGIC = b"tropa context 1"
"""First part of every encoding; names its layout. A new layout gets a new number, this one stays."""

HIGHEST_VERSION = 2**31 - 1


@lru_cache(maxsize=256)
def _encoded_family(label: str, version: int, table: str, column: str) -> bytes:
    return join(
        (MAGIC, label.encode(), version.to_bytes(LENGTH_BYTES, "big"), table.encode(), column.encode())
    )


def with_row(family: bytes, row: str) -> bytes:
    """A family's encoding, and that of a row in it."""
    named = row.encode()
    return family + len(named).to_bytes(LENGTH_BYTES, "big") + named


@dataclass(frozen=True, slots=True)
class Context:
    """The place of one stored value.

    `label` says what the value is, `version` the version of its own format, then the table, column and row id
    it rests in. No part may be empty. `row` must not be re-used for another value in the same column.
    """

    label: str
    version: int
    table: str
    column: str
    row: str

    def __post_init__(self) -> None:
        for part in (self.label, self.table, self.column, self.row):
            if not isinstance(part, str) or not part:
                raise ValueError("every part of a context is a text and none is empty")
            part.encode()  # a lone surrogate has no encoding, and so no place
        if type(self.version) is not int or not 0 <= self.version <= HIGHEST_VERSION:
            raise ValueError(f"the version of a context is a whole number from 0 to {HIGHEST_VERSION}")

    def family(self) -> bytes:
        """Encoding of every part but the row: what all values of one column share."""
        return _encoded_family(self.label, self.version, self.table, self.column)

    def info(self) -> bytes:
        """Encoding of every part: HPKE's `info`, the AEAD's associated data, the head of what is signed."""
        return with_row(self.family(), self.row)
