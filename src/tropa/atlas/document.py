"""From bytes to marked YAML nodes, and nothing beyond: no object is ever built from what a file says.

Kept true: every scalar is text (a country code "NO" is no boolean), every node knows its line. Refused:
encodings other than UTF-8, byte order marks, CR line ends, tags, anchors and aliases (an alias can make a
small file enormous), keys given twice, files over the size limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _

LIMIT: Final = 16 * 1024 * 1024
"""Bytes in one file. A pack of 20,000 legs stays below; a file above it is an accident or an attack."""

_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PLAIN_TAGS: Final = {f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")}


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
    faults = tuple(_faults_of_encoding(content))
    if faults:
        return None, faults
    try:
        root = yaml.compose(content.decode("utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return None, (
            Fault(line, _("this is not YAML ({reason})", reason=error.problem), _("one YAML document")),
        )
    except (yaml.YAMLError, RecursionError) as error:
        return None, (
            Fault(0, _("this is not YAML ({reason})", reason=type(error).__name__), _("one YAML document")),
        )
    if root is None:
        return None, (Fault(0, _("the file is empty"), _("one YAML document")),)
    return root, tuple(_faults_of_form(root))


def _faults_of_encoding(content: bytes) -> Iterator[Fault]:
    if len(content) > LIMIT:
        yield Fault(0, _("the file has {n} bytes", n=len(content)), _("at most {n} bytes", n=LIMIT))
        return
    if content.startswith(b"\xef\xbb\xbf"):
        yield Fault(1, _("the file begins with a byte order mark"), _("UTF-8 without one"))
    if b"\r" in content:
        yield Fault(content.split(b"\r", 1)[0].count(b"\n") + 1, _("a line ends with CR"), _("LF line ends"))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Fault(content[: error.start].count(b"\n") + 1, _("a byte is no UTF-8"), _("UTF-8 text"))


def _faults_of_form(root: yaml.Node) -> Iterator[Fault]:
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            yield Fault(line_of(node), _("an alias repeats this part"), _("every record written out"))
            continue
        seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            yield Fault(line_of(node), _("the tag {tag}", tag=node.tag), _("plain text, lists and mappings"))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            yield from _keys_given_twice(node)
            waiting.extend(part for pair in node.value for part in pair)


def _keys_given_twice(node: yaml.MappingNode) -> Iterator[Fault]:
    keys: set[str] = set()
    for key, _value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            yield Fault(line_of(key), _("a key is a list or a mapping"), _("a word"))
        elif key.value in keys:
            yield Fault(line_of(key), _("the key “{key}” is given twice", key=key.value), _("each key once"))
        else:
            keys.add(key.value)
