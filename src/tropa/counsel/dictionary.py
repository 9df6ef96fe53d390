"""The Russian dictionary of pymorphy3, its large tables read where they lie: pages of its own files, no copies.

Kept true: a table stands for its file byte by byte, or stays what the library made of it. What is read becomes resident
a page at a time, without being copied, and is given back to the system after a start (`let_go`).
"""

from __future__ import annotations

import mmap
import struct
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

_HEAD: Final = struct.Struct("=I")
_let_go: Final[list[mmap.mmap]] = []


@cache
def dictionary() -> Any:
    """The dictionary; some 9 MB from the first call on, and what is read of 14 MB more."""
    import pymorphy3  # noqa: PLC0415  # whoever never reads Russian pays nothing for it

    made = pymorphy3.MorphAnalyzer(lang="ru")
    folder = Path(made.dictionary.path)
    read_in_place(made.dictionary.words, folder / "words.dawg")
    for number, endings in enumerate(made.dictionary.prediction_suffixes_dawgs):
        read_in_place(endings, folder / f"prediction-suffixes-{number}.dawg")
    read_in_place(made.prob_estimator.p_t_given_w, folder / "p_t_given_w.intdawg")
    return made


def read_in_place(table: Any, path: Path) -> bool:
    """Let a table of the library read its file where it lies; False, and nothing changed, when it is not as expected.

    A file is the number of units, the units (32 bits each), and where words can be listed the number of their guides
    and the guides (two bytes each), as `dawg_python.wrapper` reads it.
    """
    with path.open("rb") as file:
        pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    whole = memoryview(pages)
    parts = []
    kinds: tuple[tuple[Any, int, Literal["I", "B"]], ...] = (
        (table.dct, 4, "I"),
        (getattr(table, "guide", None), 2, "B"),
    )
    for holder, size, kind in kinds:
        if holder is None:
            continue
        (count,) = _HEAD.unpack_from(whole)
        part, whole = whole[_HEAD.size :][: count * size].cast(kind), whole[_HEAD.size + count * size :]
        if len(part) != len(holder._units):  # noqa: SLF001  # the library keeps it nowhere else
            return False
        parts.append((holder, part))
    for holder, part in parts:
        holder._units = part  # noqa: SLF001
    _let_go.append(pages)
    return True


def let_go() -> None:
    """What was read is resident no longer; whatever is asked for next is read again from the system's cache."""
    for pages in _let_go:
        pages.madvise(mmap.MADV_DONTNEED)
