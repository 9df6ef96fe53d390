"""The form nearly every pack is written in, read a line at a time: the part of YAML where no line depends on another.

Kept true: what is read here is exactly what the YAML library reads (a test compares both on whole packs and on spoiled
ones); whatever is not surely of this form is refused without a word, and `document` reads the file the long way. So
every fault is found and named there, and this is only ever faster: a file of 20,000 legs in a third of the time.
"""

from __future__ import annotations

import re
from typing import Final

import yaml

from tropa.atlas.nodes import Items, Keys, Node, Scalar

_STRANGE: Final = re.compile(
    "[^\n -~\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Tabs, control characters and the line ends only Unicode knows."""

_LINE: Final = re.compile(r"( *)(- )?([a-z][a-z0-9_]*):(?: ([^ ].*))?")
_WORD: Final = r"(?:[A-Za-z0-9][A-Za-z0-9._/-]*|-[0-9][0-9.]*)"
_WORDS: Final = rf"\[(?:{_WORD}(?:, {_WORD})*)?\]"
_LIST: Final = re.compile(rf"\[(?:(?:{_WORD}|{_WORDS})(?:, (?:{_WORD}|{_WORDS}))*)?\]")
_TOKEN: Final = re.compile(r"[\[\]]|[^\[\], ]+")
_BEGINS_PLAIN: Final = re.compile(r"[^\-?:,\[\]{}#&*!|>'\"%@` ]|-[0-9]")
_QUOTED: Final = r'"([^"\\]*)"'
_BARE: Final = r"([^\W_](?:[^,:?#\[\]{}\"\\]*[^,:?#\[\]{}\"\\ ])?)"
_TEXT: Final = re.compile(_QUOTED)
_BOTH: Final = re.compile(rf"\{{en: (?:{_QUOTED}|{_BARE}), ru: (?:{_QUOTED}|{_BARE})\}}")
"""A text in both languages, each quoted without escapes or bare without any sign that could mean something."""

Read = tuple[int, bool, str, str | None, bool]
"""A line: its column, whether a record begins, its key, its value (None: it follows below), whether that is a text."""


def read_plain(text: str) -> Keys | None:
    """The document, or None where anything in it is not of the plain form."""
    if _STRANGE.search(text):
        return None
    return _Document().read(text)


class _Document:
    """The mappings that are open: the document's own, that of a record, and one within it."""

    def __init__(self) -> None:
        self.root = Keys(0, {}, {})
        self.records: Items | None = None
        self.margin = -1
        self.record: Keys | None = None
        self.inner: Keys | None = None
        self.waiting: tuple[Keys, str] | None = None

    def read(self, text: str) -> Keys | None:
        known: dict[str, Read | None] = {}
        for number, line in enumerate(text.split("\n"), 1):
            found = known.get(line)
            if found is None:
                if not line or line.lstrip(" ").startswith("#"):
                    continue
                found = _read_line(line)
                if found is None:
                    return None
                known[line] = found
            if not self._take(found, number):
                return None
        return None if self.waiting is not None or not self.root.items else self.root

    def _take(self, found: Read, line: int) -> bool:
        column, begins, key, value, is_text = found
        holder = self._record(column, line) if begins else self._holder(column, line)
        if holder is None or key in holder.items:
            return False
        holder.lines[key] = line
        if value is None:
            if holder is self.inner or self.waiting is not None:
                return False
            self.waiting = (holder, key)
            return True
        if self.waiting is not None:
            return False
        node = Scalar(value, line) if is_text else _written(value, line)
        if node is None:
            return False
        holder.items[key] = node
        return True

    def _record(self, column: int, line: int) -> Keys | None:
        """A new record of the list that is open or waited for."""
        if self.waiting is not None:
            holder, key = self.waiting
            if holder is not self.root or column not in (0, 2):
                return None
            self.records, self.margin, self.waiting = Items(line, []), column, None
            holder.items[key] = self.records
        if self.records is None or column != self.margin:
            return None
        self.record, self.inner = Keys(line, {}, {}), None
        self.records.value.append(self.record)
        return self.record

    def _holder(self, column: int, line: int) -> Keys | None:
        """The mapping a key of this column belongs to."""
        if self.record is not None and column == self.margin + 2:
            self.inner = None
            return self.record if self.waiting is None else None
        if self.record is not None and column == self.margin + 4:
            if self.waiting is not None:
                holder, key = self.waiting
                if holder is not self.record:
                    return None
                self.inner, self.waiting = Keys(line, {}, {}), None
                holder.items[key] = self.inner
            return self.inner
        if column == 0 and self.waiting is None:
            self.record = self.inner = self.records = None
            self.root.line = self.root.line or line
            return self.root
        return None


def _read_line(line: str) -> Read | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    margin, dash, key, value = match.groups()
    if value is None:
        return len(margin), dash is not None, key, None, False
    if _BEGINS_PLAIN.match(value):
        if ": " in value or " #" in value or value[-1] in ": ":
            return None
        return len(margin), dash is not None, key, value, True
    if _LIST.fullmatch(value) or _of_library(value) is not None:
        return len(margin), dash is not None, key, value, False
    return None


def _written(value: str, line: int) -> Node | None:
    """A list or a quoted text on one line. What it holds is worked out when somebody asks."""
    if _LIST.fullmatch(value):
        return Items(line, raw=value, later=lambda: _members(value, line))
    return _of_library(value, line)


def _members(value: str, line: int) -> list[Node]:
    """The members of a list of words, or of lists of words."""
    open_lists: list[list[Node]] = [[]]
    for part in _TOKEN.findall(value):
        if part == "[":
            open_lists.append([])
        elif part == "]":
            members = open_lists.pop()
            open_lists[-1].append(Items(line, members))
        else:
            open_lists[-1].append(Scalar(part, line))
    outer = open_lists[0][0]
    assert isinstance(outer, Items)
    return outer.value


def _of_library(value: str, line: int = 1) -> Node | None:
    """What the library reads on one line that begins with a quote, a bracket or a brace; None for anything odd."""
    if text := _TEXT.fullmatch(value):
        return Scalar(text[1], line)
    if both := _BOTH.fullmatch(value):
        english, russian = both[1] if both[2] is None else both[2], both[3] if both[4] is None else both[4]
        return Keys(
            line, {"en": Scalar(english, line), "ru": Scalar(russian, line)}, {"en": line, "ru": line}
        )
    from tropa.atlas.document import LOADER, Fault, build  # noqa: PLC0415 - each reads what the other cannot

    faults: list[Fault] = []
    try:
        node = build(yaml.parse(value, Loader=LOADER), faults, above=line - 1)
    except (yaml.YAMLError, Fault):
        return None
    fits = {'"': Scalar, "'": Scalar, "[": Items, "{": Keys}.get(value[0])
    return node if fits is not None and type(node) is fits and not faults else None
