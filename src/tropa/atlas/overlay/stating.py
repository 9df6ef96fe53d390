"""From the keys of a change to a whole fact, checked against all others as a pack's records are.

Kept true: nothing enters the atlas that a pack could not state; every fault of a change is found at once, with its key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tropa.atlas.basics import Source
from tropa.atlas.document import compose
from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact, Review
from tropa.atlas.nodes import Items, Keys, Node
from tropa.atlas.overlay.acts import Fault
from tropa.atlas.pack import fact_of
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.records import Record, read_records
from tropa.atlas.references import overlapping_hazards, problems_of_record
from tropa.atlas.shapes import ENVELOPE, SHAPES
from tropa.atlas.terms import Kind
from tropa.atlas.writing import yaml_text


class CannotState(Exception):
    """The keys do not make a fact; `faults` says why."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.key}: {fault.what}" for fault in faults))


class Known(Mapping[str, Record]):
    """Facts as the records references are checked against, each made when it is first asked for; `own`: the one that
    is being stated.
    """

    def __init__(self, facts: Mapping[str, Fact[Value]], own: Record) -> None:
        self._facts, self._own = facts, own

    def __getitem__(self, fact_id: str) -> Record:
        return self._own if fact_id == self._own.id else record_from(self._facts[fact_id])

    def __contains__(self, fact_id: object) -> bool:
        return fact_id == self._own.id or fact_id in self._facts

    def __iter__(self) -> Iterator[str]:
        return iter({**self._facts, self._own.id: None})

    def __len__(self) -> int:
        return sum(1 for _id in self)


def record_from(fact: Fact[Value]) -> Record:
    """A fact as the record it was read from, without a line."""
    envelope = {one.into: getattr(fact, one.into) for one in ENVELOPE.values()}
    envelope["sources"] = tuple(source.id for source in fact.sources)
    values = {one.into: getattr(fact.value, one.into) for one in SHAPES[fact.kind].keys.values()}
    return Record("", 0, fact.kind, envelope, values, {})


def stated(
    kind: Kind,
    record: Mapping[str, Any],
    *,
    among: Mapping[str, Fact[Value]],
    sources: Mapping[str, Source],
    on: date,
) -> Fact[Value]:
    """The reviewed fact these keys make among all others on a day, or `CannotState` with every fault."""
    found = _read(kind, record)
    stands = found.id in among  # a code in force was judged with its pack, which may be an invented world
    problems = list(
        problems_of_record(found, Known(among, found), sources=sources, published=on, synthetic=stands)
    )
    if kind is Kind.HAZARD:
        problems.extend(overlapping_hazards([found, *_rivals(found, among)]))
    if problems:
        raise CannotState(
            *(Fault(_key_at(found.lines, one.line), one.what, one.expected) for one in problems)
        )
    return fact_of(found, sources, Review.REVIEWED)


def _read(kind: Kind, record: Mapping[str, Any]) -> Record:
    given = {key: value for key, value in record.items() if value is not None}
    try:
        root, broken = compose(yaml_text({"kind": kind.value, "facts": [given]}).encode())
    except (TypeError, AttributeError, ValueError):
        raise CannotState(Fault("", _("this is no record"), _("texts, numbers and lists"))) from None
    if root is None:
        raise CannotState(*(Fault("", fault.what, fault.expected) for fault in broken))
    found, faults, _broken = read_records(root, "")
    if faults or broken or not found:
        lines = _lines(root)
        raise CannotState(
            *(Fault(_key_at(lines, one.line), one.what, one.expected) for one in (*broken, *faults))
        )
    return found[0]


def _lines(root: Node) -> dict[str, int]:
    """The line of each key of the only record in a file."""
    listed = root.items.get("facts") if isinstance(root, Keys) else None
    records = listed.value if isinstance(listed, Items) else []
    return dict(records[0].lines) if records and isinstance(records[0], Keys) else {}


def _key_at(lines: Mapping[str, int], line: int) -> str:
    """The key a line belongs to: the last that begins at or before it; "" for the record as a whole."""
    before = [(begins, key) for key, begins in lines.items() if begins <= line]
    return max(before)[1] if before else ""


def _rivals(found: Record, among: Mapping[str, Fact[Value]]) -> Iterator[Record]:
    asked = (found.values["subject"], found.values["scope"])
    for fact in among.values():
        if fact.kind is Kind.HAZARD and fact.id != found.id:
            value: Any = fact.value
            if (value.subject, value.scope) == asked:
                yield record_from(fact)


def names(fact: Fact[Value], fact_id: str) -> bool:
    """Whether a fact refers to another, so that the other cannot go without it."""
    for one in SHAPES[fact.kind].keys.values():
        if one.refers_to:
            value = getattr(fact.value, one.into)
            members = getattr(value, "papers", value)
            if members == fact_id or (not isinstance(members, str) and fact_id in members):
                return True
    return False
