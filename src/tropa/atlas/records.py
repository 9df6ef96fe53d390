"""From one file's nodes to records: facts read as far as their own lines allow, with a fault for everything
that is wrong.

A record is whole or it is not there; what refers to other records is checked later, in `references`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tropa.atlas import fields as read
from tropa.atlas.basics import Source
from tropa.atlas.document import Fault, line_of
from tropa.atlas.model import EFFECTS, Review
from tropa.atlas.nodes import Items, Keys, Node, Scalar
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.shapes import EARLIER, ENVELOPE, REQUIRED, SHAPES, Field
from tropa.atlas.terms import Kind
from tropa.atlas.world import PackMeta


@dataclass(frozen=True, slots=True)
class Record:
    """One record as read: the envelope's values, the kind's values, and the line of each key (0th: the
    record). `superseded`: in the history, the day from which it no longer stood.
    """

    file: str
    line: int
    kind: Kind
    envelope: Mapping[str, Any]
    values: Mapping[str, Any]
    lines: Mapping[str, int]
    superseded: date | None = None

    @property
    def id(self) -> str:
        """The fact's id."""
        return str(self.envelope["id"])


def read_records(
    root: Node, file: str, *, earlier: bool = False
) -> tuple[list[Record], list[Fault], set[str]]:
    """The whole records of a file `{kind: ..., facts: [...]}`, every fault, and the ids of broken records.
    `earlier`: the file is of the history, where each record tells the days it stood.
    """
    try:
        parts = read.mapping(root, required=("kind", "facts"))
        kind = read.word_of(Kind)(parts["kind"])
    except Fault as fault:
        return [], [fault], set()
    if not isinstance(parts["facts"], Items):
        return [], [Fault(line_of(parts["facts"]), _("the facts are no list"), _("a list of records"))], set()
    records: list[Record] = []
    faults: list[Fault] = []
    broken: set[str] = set()
    reading = _Reading(kind, file, EARLIER if earlier else ENVELOPE)
    for node in parts["facts"].value:
        record, found = reading.record(node)
        faults.extend(found)
        if record is not None:
            records.append(record)
        elif isinstance(node, Keys):
            broken.update(
                value.value for key, value in node.items.items() if key == "id" and isinstance(value, Scalar)
            )
    return records, faults, broken


class _Reading:
    """Reads the records of one file. What one line says is worked out once: the same words in the same key of another
    record are the same value, and most lines of a pack repeat.
    """

    def __init__(self, kind: Kind, file: str, common: Mapping[str, Field]) -> None:
        self.kind, self.file, self.common = kind, file, common
        self.keys = SHAPES[kind].keys
        self.known: dict[str, dict[str, Any]] = {name: {} for name in (*common, *self.keys)}

    def record(self, node: Node) -> tuple[Record | None, list[Fault]]:
        """The record, or every fault in it."""
        if not isinstance(node, Keys):
            known = _("the keys {keys}", keys=", ".join(self.keys))
            return None, [Fault(line_of(node), _("this is no record"), known)]
        nodes, lines = node.items, node.lines
        faults: list[Fault] = []
        for name in lines:
            if name not in self.known:
                known = _("the keys {keys}", keys=", ".join([*self.keys, *self.common]))
                faults.append(Fault(lines[name], _("the key “{key}” is unknown", key=name), known))
        envelope = self._fields(self.common, nodes, node.line, faults)
        values = self._fields(self.keys, nodes, node.line, faults)
        effects = EFFECTS[self.kind]
        if envelope.get("effect") is None:
            envelope["effect"] = effects[0]
        elif envelope["effect"] not in effects:
            what = _("a record of kind {kind} is no {effect}", kind=self.kind, effect=envelope["effect"])
            faults.append(Fault(lines["effect"], what, _("one of: {words}", words=", ".join(effects))))
        if faults:
            return None, faults
        superseded: date | None = envelope.pop("superseded", None)
        return Record(self.file, node.line, self.kind, envelope, values, lines, superseded), []

    def _fields(
        self, keys: Mapping[str, Field], nodes: Mapping[str, Node], line: int, faults: list[Fault]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, one in keys.items():
            node = nodes.get(name)
            if node is None:
                if one.default is REQUIRED:
                    what = _("the key “{key}” is missing", key=name)
                    faults.append(Fault(line, what, _("the key “{key}” in every such record", key=name)))
                else:
                    found[one.into] = one.default
                continue
            known, raw = self.known[name], node.raw
            if raw is not None and raw in known:
                found[one.into] = known[raw]
                continue
            try:
                found[one.into] = value = one.reader(node)
            except Fault as fault:
                what = _("{key}: {what}", key=name, what=fault.what)
                faults.append(Fault(fault.line, what, fault.expected))
                continue
            if raw is not None:
                known[raw] = value
        return found


def read_sources(root: Node) -> tuple[list[tuple[Source, int]], list[Fault]]:
    """The sources of `sources.yaml`, each with its line, and every fault."""
    found: list[tuple[Source, int]] = []
    faults: list[Fault] = []
    try:
        listed = read.mapping(root, required=("sources",))["sources"]
    except Fault as fault:
        return [], [fault]
    if not isinstance(listed, Items):
        return [], [Fault(line_of(listed), _("the sources are no list"), _("a list of sources"))]
    for node in listed.value:
        try:
            found.append((_read_source(node), line_of(node)))
        except Fault as fault:
            faults.append(fault)
    return found, faults


def _read_source(node: Node) -> Source:
    parts = read.mapping(node, required=("id", "title", "url", "dated"))
    url, dated = read.text(parts["url"]), read.text(parts["dated"])
    if url != "none" and not url.startswith("https://") and not url.startswith("http://"):
        raise Fault(
            line_of(parts["url"]), _("“{value}” is no address", value=url), _("an http(s) address, or none")
        )
    return Source(
        id=read.identifier(parts["id"]),
        title=read.both_languages(parts["title"]),
        url=None if url == "none" else url,
        dated=None if dated == "unknown" else read.partial_date(parts["dated"]),
    )


def read_format(node: Node) -> int:
    """The number of the format, which must be ours."""
    number = read.whole(node)
    if number != 1:
        raise Fault(line_of(node), _("format {n}", n=number), _("format {n}", n=1))
    return number


def read_meta(root: Node) -> PackMeta:
    """`pack.yaml`; raises `Fault`."""
    required = ("name", "format", "version", "published", "review")
    parts = read.mapping(root, required=required, optional=("synthetic",))
    number = read_format(parts["format"])
    published: date = read.day(parts["published"])
    return PackMeta(
        name=read.both_languages(parts["name"]),
        format=number,
        version=read.text(parts["version"]),
        published=published,
        review=read.word_of(Review)(parts["review"]),
        synthetic="synthetic" in parts and read.truth(parts["synthetic"]),
    )
