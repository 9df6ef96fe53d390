"""From bytes to marked YAML nodes, and nothing beyond: no object is ever built from what a file says.

Kept true: every scalar is text (a country code "NO" is no boolean), every node knows its line. Refused:
encodings other than UTF-8, byte order marks, CR line ends, tags, anchors and aliases (an alias can make a
small file enormous), keys given twice, files over the size limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from tropa.atlas.nodes import Items, Keys, Node, Scalar
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.plain_lines import read_plain

LIMIT: Final = 16 * 1024 * 1024
"""Bytes in one file. A pack of 20,000 legs stays below; a file above it is an accident or an attack."""

DEPTH: Final = 20
"""Levels of nesting. No record needs half of them."""

LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Events of the library written in C where it is there."""


@dataclass(eq=False, slots=True)
class Fault(Exception):
    """One fault in one file. `line` counts from 1; 0 is the file as a whole."""

    line: int
    what: Phrase
    expected: Phrase


def line_of(node: Node) -> int:
    """The line a node begins on, counted from 1."""
    return node.line


def compose(content: bytes) -> tuple[Node | None, tuple[Fault, ...]]:
    """The document's root node, or None, and every fault of form found in it."""
    faults = list(_faults_of_encoding(content))
    if faults:
        return None, tuple(faults)
    text = content.decode("utf-8")
    plain = read_plain(text)
    if plain is not None:
        return plain, ()
    try:
        root = build(yaml.parse(text, Loader=LOADER), faults)
    except Fault as fault:
        return None, (*faults, fault)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return None, (Fault(line, _not_yaml(error.problem), _("one YAML document")),)
    except yaml.YAMLError as error:
        return None, (Fault(0, _not_yaml(type(error).__name__), _("one YAML document")),)
    if root is None:
        return None, (Fault(0, _("the file is empty"), _("one YAML document")),)
    return root, tuple(faults)


def _not_yaml(reason: object) -> Phrase:
    return _("this is not YAML ({reason})", reason=reason)


def build(events: Iterable[Any], faults: list[Fault], *, above: int = 0) -> Node | None:
    """Nodes from events, without recursion: the library's composer overflows the stack on deep nesting. `above`: lines
    before the part that is read.
    """
    root: Node | None = None
    begun: list[tuple[bool, int, list[Node]]] = []  # whether it is a mapping, its line, the members around it
    members: list[Node] = []
    for event in events:
        kind = type(event)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            is_mapping, line, around = begun.pop()
            around.append(_mapping(members, line, faults) if is_mapping else Items(line, members))
            members = around
        elif isinstance(event, yaml.NodeEvent):
            assert event.start_mark is not None
            line = event.start_mark.line + 1 + above
            faults.extend(_odd(event, line))
            if isinstance(event, yaml.CollectionStartEvent):
                begun.append((isinstance(event, yaml.MappingStartEvent), line, members))
                members = []
                if len(begun) > DEPTH:
                    raise Fault(line, _("lists within lists"), _("at most {n} levels", n=DEPTH))
            else:
                members.append(Scalar(getattr(event, "value", ""), line))
        elif kind is yaml.DocumentEndEvent:
            if root is not None:
                raise Fault(line_of(members[-1]), _("a second document begins"), _("one YAML document"))
            root = members[-1]
    return root


def _odd(event: Any, line: int) -> Iterator[Fault]:
    if isinstance(event, yaml.AliasEvent):
        yield Fault(line, _("an alias repeats another part"), _("every record written out"))
    elif event.tag is not None:
        yield Fault(line, _("the tag {tag}", tag=event.tag), _("plain text, lists and mappings"))


def _mapping(members: list[Node], line: int, faults: list[Fault]) -> Keys:
    """Keys and values in turn as a mapping; a key that is no text or is given twice is a fault."""
    items: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for key, value in zip(members[::2], members[1::2], strict=True):
        if not isinstance(key, Scalar):
            faults.append(Fault(key.line, _("a key is a list or a mapping"), _("a word")))
        elif key.value in items:
            faults.append(
                Fault(key.line, _("the key “{key}” is given twice", key=key.value), _("each key once"))
            )
        else:
            items[key.value] = value
            lines[key.value] = key.line
    return Keys(line, items, lines)


def _faults_of_encoding(content: bytes) -> Iterator[Fault]:
    if len(content) > LIMIT:
        yield Fault(0, _("the file has more than {n} bytes", n=LIMIT), _("at most {n} bytes", n=LIMIT))
        return
    if content.startswith(b"\xef\xbb\xbf"):
        yield Fault(1, _("the file begins with a byte order mark"), _("UTF-8 without one"))
    if b"\r" in content:
        yield Fault(content.split(b"\r", 1)[0].count(b"\n") + 1, _("a line ends with CR"), _("LF line ends"))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Fault(content[: error.start].count(b"\n") + 1, _("a byte is no UTF-8"), _("UTF-8 text"))
