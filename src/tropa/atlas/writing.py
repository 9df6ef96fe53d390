"""From facts back to records: the notation of a pack as plain values, and as text a person may review.

Kept true: what is written loads to the same content and version; keys that say only what is meant anyway are
left out; the order is that of the format's table, so a change is a small diff.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

import yaml

from tropa.atlas.basics import PartialDate, Range, Requirement, Source
from tropa.atlas.kinds import Value
from tropa.atlas.model import EFFECTS, Fact, Review
from tropa.atlas.shapes import ENVELOPE, SHAPES
from tropa.atlas.terms import Kind
from tropa.atlas.world import Atlas, PackMeta

_DUMPER: Final = getattr(yaml, "CBaseDumper", yaml.BaseDumper)
_WIDTH: Final = 1_000_000  # one text, one line: a changed word is one changed line


def record_of(fact: Fact[Value], *, review: Review | None = None) -> dict[str, Any]:
    """The fact as a record of its kind: texts, numbers, truths, lists and mappings only. `review`: what the
    pack says of all its facts, and need not say again here.
    """
    record: dict[str, Any] = {"id": fact.id}
    for name, one in SHAPES[fact.kind].keys.items():
        value = getattr(fact.value, one.into)
        if value != one.default:
            record[name] = plain(value)
    for name in ENVELOPE:
        if name not in ("id", "effect", "review", "sources") and getattr(fact, name) is not None:
            record[name] = plain(getattr(fact, name))
    record["sources"] = [source.id for source in fact.sources]
    if fact.effect is not EFFECTS[fact.kind][0]:
        record["effect"] = fact.effect.value
    if fact.review is not review:
        record["review"] = fact.review.value
    return record


def source_record(source: Source) -> dict[str, Any]:
    """A source as a record of `sources.yaml`."""
    return {
        "id": source.id,
        "title": plain(source.title),
        "url": source.url or "none",
        "dated": source.dated.text if source.dated else "unknown",
    }


def meta_record(meta: PackMeta) -> dict[str, Any]:
    """The content of `pack.yaml`."""
    record = {one.name: plain(getattr(meta, one.name)) for one in dataclasses.fields(meta)}
    return {name: value for name, value in record.items() if name != "synthetic" or value}


def plain(value: Any) -> Any:
    """A value of the model in the notation of a pack."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, Range):
        return [plain(value.low), plain(value.point), plain(value.high)]
    if isinstance(value, Requirement):
        return [sorted(alternative) for alternative in value.alternatives]
    if isinstance(value, tuple):
        return [plain(member) for member in value]
    return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}


def pack_texts(atlas: Atlas) -> Mapping[str, str]:
    """The whole pack as file names and their texts, a file for each kind, and its history."""
    meta = atlas.meta
    texts = {
        "pack.yaml": yaml_text(meta_record(meta)),
        "sources.yaml": yaml_text({"sources": [source_record(one) for one in sources_of(atlas)]}),
    }
    for kind in Kind:
        records = [record_of(fact, review=meta.review) for fact in atlas.facts.values() if fact.kind is kind]
        if records:
            texts[f"{kind.replace('_', '-')}.yaml"] = yaml_text({"kind": kind.value, "facts": records})
    for kind in Kind:
        earlier = [
            {
                **record_of(old.fact, review=meta.review),
                "recorded": plain(old.recorded),
                "superseded": plain(old.until),
            }
            for old in atlas.history
            if old.fact.kind is kind
        ]
        if earlier:
            texts[f"history/{kind.replace('_', '-')}.yaml"] = yaml_text(
                {"kind": kind.value, "facts": earlier}
            )
    return texts


def sources_of(atlas: Atlas, facts: Iterable[Fact[Value]] | None = None) -> list[Source]:
    """The sources some fact names, each once, in the order of ids; of the whole atlas and its history where no
    facts are given.
    """
    chosen = [*atlas.facts.values(), *(old.fact for old in atlas.history)] if facts is None else facts
    return [
        source for _id, source in sorted({one.id: one for fact in chosen for one in fact.sources}.items())
    ]


def yaml_text(value: Any) -> str:
    """YAML as packs are written: every scalar a text, short lists on one line."""
    written: str = yaml.serialize(_node(value), Dumper=_DUMPER, allow_unicode=True, width=_WIDTH)
    return written


def _node(value: Any) -> yaml.Node:
    if isinstance(value, dict):
        pairs = [(_node(key), _node(member)) for key, member in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=set(value) == {"en", "ru"})
    if isinstance(value, list):
        flow = not any(isinstance(member, dict) for member in value)
        return yaml.SequenceNode(
            "tag:yaml.org,2002:seq", [_node(member) for member in value], flow_style=flow
        )
    return yaml.ScalarNode("tag:yaml.org,2002:str", scalar(value))


def scalar(value: str | float | bool) -> str:
    """How a pack writes a single value."""
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, ".12f").rstrip("0") if isinstance(value, float) else str(value)
