"""Cuts a rule text into blocks of named lines, before anybody asks what they mean.

    # a remark
    rule exit-ban.register          a block: its kind and its name, at the margin
        when: in_register is yes    a line: its key, and what it says
            and summons is not none   deeper: goes on
        option yes 3: Yes | Да      a line whose key has a name

Kept true: every line knows its number. Refused with line: text at the margin that opens no block, a line without key,
tabs, a file that is not UTF-8 or opens with another word than its format, more than 2 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tropa.counsel.interview.errors import Fault

FORMAT = "tropa-rules 1"
MOST_BYTES = 2_000_000
KINDS = ("topic", "question", "conclusion", "rule", "contradiction")
HEAD = re.compile(r"([a-z]+) ([a-z][a-z0-9_.-]*)")
LINE = re.compile(r"    ([a-z][a-z0-9/ _.-]*?):(?: (.*))?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block, with those that continue it."""

    key: str
    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Block:
    """A named block with its lines."""

    kind: str
    name: str
    lines: tuple[Line, ...]
    file: str
    number: int

    def all(self, key: str) -> tuple[Line, ...]:
        """The lines with a key."""
        return tuple(line for line in self.lines if line.key == key)


def cut(content: bytes, file: str) -> tuple[list[Block], list[Fault]]:
    """The blocks of one file and every fault of its form."""
    if len(content) > MOST_BYTES:
        return [], [Fault(file, 0, f"more than {MOST_BYTES:,} bytes")]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return [], [Fault(file, 0, "not UTF-8")]
    rows = text.split("\n")
    if rows[0].rstrip() != FORMAT:
        return [], [Fault(file, 1, f"the first line is not “{FORMAT}”")]
    blocks: list[Block] = []
    faults: list[Fault] = []
    for chunk in _chunks(rows):
        block = _block(chunk, file, faults)
        if block is not None:
            blocks.append(block)
    return blocks, faults


def _chunks(rows: list[str]) -> Iterator[list[tuple[int, str]]]:
    chunk: list[tuple[int, str]] = []
    for number, row in enumerate(rows[1:], 2):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        if not row.startswith((" ", "\t")) and chunk:
            yield chunk
            chunk = []
        chunk.append((number, row.rstrip()))
    if chunk:
        yield chunk


def _block(chunk: list[tuple[int, str]], file: str, faults: list[Fault]) -> Block | None:
    number, head = chunk[0]
    match = HEAD.fullmatch(head)
    if match is None or match.group(1) not in KINDS:
        faults.append(Fault(file, number, f"“{head[:40]}” opens no block; blocks are {', '.join(KINDS)}"))
        return None
    lines: list[Line] = []
    for place, row in chunk[1:]:
        found = LINE.fullmatch(row)
        if "\t" in row:
            faults.append(Fault(file, place, "a tab: indent with spaces"))
        elif found is not None:
            lines.append(Line(found.group(1), (found.group(2) or "").strip(), place))
        elif row.startswith("      ") and lines:
            last = lines.pop()
            lines.append(Line(last.key, f"{last.text} {row.strip()}".strip(), last.number))
        else:
            faults.append(Fault(file, place, f"“{row.strip()[:40]}” is no line “key: text”"))
    return Block(match.group(1), match.group(2), tuple(lines), file, number)
