"""Our own changes as text files people can review in a diff: a folder with its own pack.yaml that names its base.

Kept true: what is written reads back to the same changes; every fault of form has file and line, all at once; a folder
with one faulty or refused change is refused whole, so nobody works with half of what was decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tropa.atlas import fields as read
from tropa.atlas.basics import Source, Text
from tropa.atlas.document import Fault, compose, line_of
from tropa.atlas.errors import PackError, Problem
from tropa.atlas.nodes import Items, Keys, Node, Scalar
from tropa.atlas.overlay.acts import Act, Change, Overlaid
from tropa.atlas.overlay.applying import overlaid
from tropa.atlas.pack import META, SOURCES, Folder
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.records import read_format, read_sources
from tropa.atlas.terms import Kind
from tropa.atlas.world import Atlas
from tropa.atlas.writing import plain, source_record, yaml_text

CHANGES: Final = "changes.yaml"
NOTHING: Final = "null"
"""How a change says that an optional key is left out."""

_NEEDED: Final = ("id", "act", "fact", "by", "on", "reason")
_KEYS: Final = (*_NEEDED, "kind", "record", "source", "second", "against")


@dataclass(frozen=True, slots=True)
class OverlayFiles:
    """A folder as read. `base`: the English name of the pack it lies over; `places`: file and line of each change."""

    name: Text
    base: str
    changes: tuple[Change, ...]
    sources: tuple[Source, ...]
    places: Mapping[str, tuple[str, int]]


def load_overlay(path: Path, base: Atlas) -> Overlaid:
    """The base with the changes of a folder over it; `PackError` lists every fault and every refused change."""
    found = read_overlay(Folder(path))
    if found.base != base.meta.name.en:
        raise PackError((Problem(META, 0, _("lies over “{name}”", name=found.base), _base_of(base)),))
    state = overlaid(base, found.changes, sources=found.sources)
    problems = [
        Problem(
            *found.places[one.change.id],
            _("{key}: {what}", key=one.change.id, what=fault.what),
            fault.expected,
        )
        for one in state.refused
        for fault in one.faults
    ]
    if problems:
        raise PackError(tuple(sorted(problems, key=lambda one: (one.file, one.line, str(one)))))
    return state


def _base_of(base: Atlas) -> Any:
    return _("over “{name}”", name=base.meta.name.en)


def read_overlay(files: Mapping[str, bytes]) -> OverlayFiles:
    """The changes in the contents of files by name, or `PackError` with every fault of form."""
    reading = _Reading()
    meta = reading.root(files, META)
    name, base = reading.meta(meta) if meta is not None else (Text("-", "-"), "")
    sources = reading.sources(files)
    for file in sorted(files):
        if file not in (META, SOURCES):
            reading.changes(files, file)
    if reading.problems:
        raise PackError(tuple(sorted(reading.problems, key=lambda one: (one.file, one.line, str(one)))))
    return OverlayFiles(name, base, tuple(reading.found), sources, reading.places)


class _Reading:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.found: list[Change] = []
        self.places: dict[str, tuple[str, int]] = {}

    def root(self, files: Mapping[str, bytes], file: str) -> Node | None:
        if file not in set(files):
            self.problems.append(
                Problem(
                    file,
                    0,
                    _("the file cannot be read ({reason})", reason="-"),
                    _("a pack with {file}", file=file),
                )
            )
            return None
        found, faults = compose(files[file])
        self._add(file, faults)
        return None if faults else found

    def meta(self, root: Node) -> tuple[Text, str]:
        try:
            parts = read.mapping(root, required=("name", "format", "base"))
            read_format(parts["format"])
            return read.both_languages(parts["name"]), read.text(parts["base"])
        except Fault as fault:
            self._add(META, (fault,))
            return Text("-", "-"), ""

    def sources(self, files: Mapping[str, bytes]) -> tuple[Source, ...]:
        if SOURCES not in set(files):
            return ()
        root = self.root(files, SOURCES)
        if root is None:
            return ()
        listed, faults = read_sources(root)
        self._add(SOURCES, faults)
        return tuple(source for source, _line in listed)

    def changes(self, files: Mapping[str, bytes], file: str) -> None:
        root = self.root(files, file)
        if root is None:
            return
        try:
            listed = read.mapping(root, required=("changes",))["changes"]
        except Fault as fault:
            self._add(file, (fault,))
            return
        if not isinstance(listed, Items):
            self._add(file, (Fault(line_of(listed), _("the changes are no list"), _("a list of changes")),))
            return
        for node in listed.value:
            change, faults = _read_change(node)
            self._add(file, faults)
            if change is not None:
                self.places.setdefault(change.id, (file, line_of(node)))
                self.found.append(change)

    def _add(self, file: str, faults: Iterable[Fault]) -> None:
        self.problems.extend(Problem(file, fault.line, fault.what, fault.expected) for fault in faults)


def _read_change(node: Node) -> tuple[Change | None, list[Fault]]:
    if not isinstance(node, Keys):
        return None, [
            Fault(line_of(node), _("this is no record"), _("the keys {keys}", keys=", ".join(_KEYS)))
        ]
    nodes = node.items
    faults = [
        Fault(
            line,
            _("the key “{key}” is unknown", key=key),
            _("the keys {keys}", keys=", ".join(_KEYS)),
        )
        for key, line in node.lines.items()
        if key not in _KEYS
    ]
    faults += [
        Fault(
            line_of(node),
            _("the key “{key}” is missing", key=key),
            _("the keys {keys}", keys=", ".join(_NEEDED)),
        )
        for key in _NEEDED
        if key not in nodes
    ]
    told: dict[str, Any] = {}
    for key, (name, reader) in _READERS.items():
        if key in nodes:
            try:
                told[name] = reader(nodes[key])
            except Fault as fault:
                faults.append(Fault(fault.line, _("{key}: {what}", key=key, what=fault.what), fault.expected))
    return (None, faults) if faults else (Change(**told), [])


def _moment(node: Node) -> datetime:
    """A moment in UTC: 2026-11-22T09:00:00Z."""
    value = read.text(node)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        raise Fault(
            line_of(node), _("“{value}” is no moment", value=value), _("a moment as YYYY-MM-DDTHH:MM:SSZ")
        )
    return found.astimezone(UTC)


def _plain(node: Node) -> Any:
    """A node as texts, lists and mappings."""
    if isinstance(node, Items):
        return [_plain(member) for member in node.value]
    if isinstance(node, Keys):
        return {key: _plain(value) for key, value in node.items.items()}
    assert isinstance(node, Scalar)
    return None if node.value == NOTHING else node.value


def _record(node: Node) -> dict[str, Any]:
    if not isinstance(node, Keys):
        raise Fault(line_of(node), _("this is no mapping"), _("the keys that differ"))
    return {key: _plain(value) for key, value in node.items.items()}


_READERS: Final[Mapping[str, tuple[str, Any]]] = {
    "id": ("id", read.identifier),
    "act": ("act", read.word_of(Act)),
    "fact": ("fact_id", read.identifier),
    "by": ("by", read.text),
    "on": ("on", _moment),
    "reason": ("reason", read.text),
    "kind": ("kind", read.word_of(Kind)),
    "record": ("record", _record),
    "source": ("source_id", read.identifier),
    "second": ("second", read.text),
    "against": ("against", read.text),
}


def overlay_texts(
    name: Text, base: Atlas, changes: Iterable[Change], sources: Iterable[Source] = ()
) -> Mapping[str, str]:
    """The folder as file names and their texts, changes in the order they were recorded."""
    own = [source_record(one) for one in sources]
    listed = [change_record(one) for one in sorted(changes, key=lambda one: (one.on, one.id))]
    texts = {
        META: yaml_text({"name": plain(name), "format": 1, "base": base.meta.name.en}),
        CHANGES: yaml_text({"changes": listed}),
    }
    return {**texts, SOURCES: yaml_text({"sources": own})} if own else texts


def change_record(change: Change) -> dict[str, Any]:
    """A change in the notation of the folder."""
    told = {
        "id": change.id,
        "act": change.act.value,
        "fact": change.fact_id,
        "kind": change.kind and change.kind.value,
        "record": None if change.record is None else dict(_written(change.record)),
        "reason": change.reason,
        "source": change.source_id,
        "by": change.by,
        "second": change.second,
        "on": change.on.strftime("%Y-%m-%dT%H:%M:%SZ")
        if not change.on.microsecond
        else change.on.isoformat(),
        "against": change.against,
    }
    return {key: value for key, value in told.items() if value is not None}


def _written(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        yield (
            key,
            NOTHING if value is None else plain(value) if not isinstance(value, (list, dict)) else value,
        )
