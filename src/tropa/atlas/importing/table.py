"""From the bytes of a foreign file to rows with line numbers, and nothing that could harm on the way.

Refused: files above the limit, archives of any kind (a small one can unpack to anything), encodings other
than UTF-8, NUL bytes, quotes that never close. A byte order mark, CRLF line ends, and semicolons or tabs in the
place of commas are common in tables of others: they are read past, and said.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tropa.atlas.errors import Problem
from tropa.atlas.importing.results import ImportRefused
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _

LIMIT: Final = 64 * 1024 * 1024
"""Bytes in one file; the largest table known to us has three million."""

_ARCHIVES: Final = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "rar",
}
_SEPARATORS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it ends on, and its cells without outer blanks."""

    line: int
    cells: tuple[str, ...]


def refuse(file: str, line: int, what: Phrase, expected: Phrase) -> ImportRefused:
    """The error for a file that is not taken."""
    return ImportRefused((Problem(file, line, what, expected),))


def decoded(file: str, content: bytes) -> tuple[str, tuple[Phrase, ...]]:
    """The text with LF line ends, and what was read past. Raises `ImportRefused`."""
    if len(content) > LIMIT:
        raise too_large(file, len(content))
    for magic, name in _ARCHIVES.items():
        if content.startswith(magic):
            raise refuse(file, 0, _("this is an archive ({name})", name=name), _("the file itself, unpacked"))
    if not content.strip():
        raise refuse(file, 0, _("the file is empty"), _("a table with a header line"))
    problems = []
    for fault, found in (("NUL", content.find(b"\x00")), ("UTF-8", _first_not_utf8(content))):
        if found >= 0:
            what = _("a NUL byte") if fault == "NUL" else _("a byte is no UTF-8")
            problems.append(Problem(file, content[:found].count(b"\n") + 1, what, _("UTF-8 text")))
    if problems:
        raise ImportRefused(tuple(problems))
    notes = []
    text = content.decode("utf-8")
    if text.startswith("\ufeff"):
        notes.append(_("the file begins with a byte order mark: read past it"))
        text = text[1:]
    if "\r" in text:
        notes.append(_("lines end with CR: read as LF"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    match separator_of(text):
        case ";":
            notes.append(_("semicolons stand between the cells: read as commas"))
        case "\t":
            notes.append(_("tabs stand between the cells: read as commas"))
    return text, tuple(notes)


def too_large(file: str, size: int) -> ImportRefused:
    """The error for a file above the limit; the caller may know the size before it reads."""
    return refuse(file, 0, _("the file has {n} bytes", n=size), _("at most {n} bytes", n=LIMIT))


def _first_not_utf8(content: bytes) -> int:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return -1


def rows_of(file: str, text: str) -> Iterator[Row]:
    """The rows of a table, its cells between commas, or what the first line has in their stead (`separator_of`);
    empty lines are passed over. Raises `ImportRefused`.
    """
    reader = csv.reader(io.StringIO(text), strict=True, delimiter=separator_of(text), skipinitialspace=True)
    try:
        for cells in reader:
            if cells:
                yield Row(reader.line_num, tuple(cell.strip() for cell in cells))
    except csv.Error as error:
        raise refuse(
            file,
            reader.line_num,
            _("this is no table ({reason})", reason=error),
            _("cells with commas between"),
        ) from None


def separator_of(text: str) -> str:
    """What stands between the cells of the first line that says anything: commas, else semicolons, else tabs."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((sign for sign in _SEPARATORS if sign in first), ",")


def header_of(file: str, rows: Iterator[Row]) -> Row:
    """The first row. Raises `ImportRefused` where there is none."""
    header = next(rows, None)
    if header is None:
        raise refuse(file, 0, _("the file is empty"), _("a table with a header line"))
    return header


def unreadable(file: str, reason: object) -> ImportRefused:
    """The error for a file that cannot be read at all."""
    return refuse(
        file, 0, _("the file cannot be read ({reason})", reason=reason), _("a table in a regular file")
    )


def columns(
    file: str, header: Row, wanted: Sequence[tuple[str, ...]], *, optional: int = 0
) -> tuple[int | None, ...]:
    """The place of each wanted column, by any of its names; the last `optional` may be absent (None)."""
    names = [cell.casefold() for cell in header.cells]
    found = [
        next((names.index(name.casefold()) for name in any_of if name.casefold() in names), None)
        for any_of in wanted
    ]
    needed = len(wanted) - optional
    missing = [any_of[0] for any_of, place in zip(wanted[:needed], found, strict=False) if place is None]
    if missing:
        raise refuse(
            file,
            header.line,
            _("the header has no column: {names}", names=", ".join(missing)),
            _("the columns {names}", names=", ".join(any_of[0] for any_of in wanted[:needed])),
        )
    return tuple(found)
