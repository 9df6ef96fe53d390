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

from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _

LIMIT: Final = 16 * 1024 * 1024
"""Bytes in one file. A pack of 20,000 legs stays below; a file above it is an accident or an attack."""

DEPTH: Final = 20
"""Levels of nesting. No record needs half of them."""

_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(eq=False, slots=True)
class Fault(Exception):
    """One fault in one file. `line` counts from 1; 0 is the file as a whole."""

    line: int
    what: Phrase
    expected: Phrase


def line_of(node: yaml.Node) -> int:
    """The line a node begins on, counted from 1."""
    return int(node.start_mark.line) + 1


def compose(content: bytes) -> tuple[yaml.Node | None, tuple[Fault, ...]]:
    """The document's root node, or None, and every fault of form found in it."""
    faults = list(_faults_of_encoding(content))
    if faults:
        return None, tuple(faults)
    try:
        root = _build(yaml.parse(content.decode("utf-8"), Loader=_LOADER), faults)
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


def _build(events: Iterable[Any], faults: list[Fault]) -> yaml.Node | None:
    """Nodes from events, without recursion: the library's composer overflows the stack on deep nesting.

    Plain scalars are nine events of ten in a pack, so they are asked for first and made on the spot.
    """
    root: yaml.Node | None = None
    open_nodes: list[yaml.CollectionNode] = []
    members: list[yaml.Node] = []
    waiting: list[list[yaml.Node]] = []
    for event in events:
        kind = type(event)
        if kind is yaml.ScalarEvent and event.tag is None:
            members.append(yaml.ScalarNode("", event.value, event.start_mark, event.end_mark))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            _close(open_nodes.pop(), members, faults)
            members = waiting.pop()
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event, faults)
            members.append(node)
            if isinstance(node, yaml.CollectionNode):
                open_nodes.append(node)
                waiting.append(members)
                members = []
                if len(open_nodes) > DEPTH:
                    raise Fault(line_of(node), _("lists within lists"), _("at most {n} levels", n=DEPTH))
        elif kind is yaml.DocumentEndEvent:
            if root is not None:
                raise Fault(line_of(members[-1]), _("a second document begins"), _("one YAML document"))
            root = members[-1]
    return root


def _node(event: Any, faults: list[Fault]) -> yaml.Node:
    begins, ends = event.start_mark, event.end_mark
    if isinstance(event, yaml.AliasEvent):
        faults.append(
            Fault(begins.line + 1, _("an alias repeats another part"), _("every record written out"))
        )
        return yaml.ScalarNode("", "", begins, ends)
    if event.tag is not None:
        expected = _("plain text, lists and mappings")
        faults.append(Fault(begins.line + 1, _("the tag {tag}", tag=event.tag), expected))
    if isinstance(event, yaml.ScalarEvent):
        return yaml.ScalarNode("", event.value, begins, ends)
    if isinstance(event, yaml.SequenceStartEvent):
        return yaml.SequenceNode("", [], begins, ends)
    return yaml.MappingNode("", [], begins, ends)


def _close(node: yaml.CollectionNode, members: list[yaml.Node], faults: list[Fault]) -> None:
    """Give a list or mapping what was read since it was opened."""
    if isinstance(node, yaml.SequenceNode):
        node.value = members
        return
    node.value = list(zip(members[::2], members[1::2], strict=True))
    names = {key.value for key in members[::2] if isinstance(key, yaml.ScalarNode)}
    if len(names) < len(node.value):
        faults.extend(_keys_given_twice(node))


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


def _keys_given_twice(node: yaml.Node) -> Iterator[Fault]:
    keys: set[str] = set()
    for key, _value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            yield Fault(line_of(key), _("a key is a list or a mapping"), _("a word"))
        elif key.value in keys:
            yield Fault(line_of(key), _("the key “{key}” is given twice", key=key.value), _("each key once"))
        else:
            keys.add(key.value)
