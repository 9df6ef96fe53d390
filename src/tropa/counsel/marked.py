"""Marked texts: synthetic texts with the kinds of danger in them, or with none.

One text a line: kinds with commas between, or `harmless`, then ` | ` and the text; `#` begins a comment. Refused: a
line that is neither, a kind nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from tropa.counsel.errors import BadSet

SETS: Final = Path(__file__).parent / "sets"
BUILDING: Final = SETS / "danger_building.txt"
HELD_OUT: Final = SETS / "danger_held_out.txt"
_HARMLESS: Final = "harmless"


class Danger(StrEnum):
    """Who is never answered by a machine."""

    SOLDIER = "soldier"
    DETAINED = "detained"
    TRAVELLING = "travelling"
    SELF_HARM = "self_harm"
    TORTURE = "torture"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and what it holds; no kinds when it is harmless."""

    text: str
    kinds: frozenset[Danger]


def read_marked(lines: Iterable[str]) -> tuple[Marked, ...]:
    """The marked texts of a file. Raises BadSet for a line that is none."""
    return tuple(
        _marked(number, line.strip())
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    )


def _marked(number: int, line: str) -> Marked:
    kinds, bar, text = line.partition(" | ")
    known = {danger.value: danger for danger in Danger}
    named = [] if kinds == _HARMLESS else kinds.split(",")
    if not bar or not text.strip() or not all(kind in known for kind in named):
        raise BadSet(number, line)
    return Marked(text.strip(), frozenset(known[kind] for kind in named))
