"""What a file is read into: texts, lists and mappings, each with its line. No object is ever built from a file.

Kept true: a key of a mapping is a text and is given once; lines count from 1.
"""

from __future__ import annotations

from collections.abc import Callable


class Node:
    """A part of a file and the line it begins on. `raw`: a text that stands for this content wherever it occurs in
    the file again; None where nobody gave it one.
    """

    __slots__ = ("line", "raw")

    def __init__(self, line: int, raw: str | None) -> None:
        self.line = line
        self.raw = raw


class Scalar(Node):
    """A text."""

    __slots__ = ("value",)

    def __init__(self, value: str, line: int) -> None:
        self.value = value
        self.line = line
        self.raw = None if value[:1] in ("[", "{") else value


class Items(Node):
    """A list. `later` gives its members when they are first asked for."""

    __slots__ = ("_later", "_value")

    def __init__(
        self,
        line: int,
        value: list[Node] | None = None,
        *,
        raw: str | None = None,
        later: Callable[[], list[Node]] = list,
    ) -> None:
        self.line = line
        self.raw = raw
        self._value = value
        self._later = later

    @property
    def value(self) -> list[Node]:
        """The members."""
        if self._value is None:
            self._value = self._later()
        return self._value


class Keys(Node):
    """A mapping: its values by key, and the line of each key."""

    __slots__ = ("items", "lines")

    def __init__(self, line: int, items: dict[str, Node], lines: dict[str, int]) -> None:
        self.line = line
        self.raw = None
        self.items = items
        self.lines = lines
