"""The pack format as a JSON Schema (draft 2020-12), made from the table of `shapes` and from nothing else.

Kept true: what a reader takes is stated once, so schema and loader cannot drift apart unnoticed. The schema
sees one file; what spans files (references, overlaps, dates that disagree) only `load_pack` can tell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from tropa.atlas import fields as read
from tropa.atlas.fields import ACCEPTS, Reader
from tropa.atlas.model import EFFECTS, Review
from tropa.atlas.shapes import EARLIER, ENVELOPE, REQUIRED, SHAPES, Field
from tropa.atlas.terms import Kind
from tropa.atlas.timetable import PATTERN

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def _object(keys: Mapping[str, Any], *, optional: Collection[str] = ()) -> Schema:
    needed = [name for name in keys if name not in optional]
    return {"type": "object", "properties": dict(keys), "required": needed, "additionalProperties": False}


_DATE: Final = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_DAY: Final[Schema] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_WORDS: Final[Schema] = {"type": ["string", "number"], "minLength": 1}
"""A text without quotes may be a number to other readers of YAML."""
_ID: Final[Schema] = {
    "type": ["string", "integer"],
    "pattern": "^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*$",
    "maxLength": 80,
}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_BOTH: Final = _object({"en": _WORDS, "ru": {"type": "string", "pattern": "[А-Яа-яЁё]"}})


def _three(**number: float) -> Schema:
    return {"type": "array", "minItems": 3, "maxItems": 3, "items": {"type": "number", **number}}


_PLAIN: Final[dict[Reader[Any], Schema]] = {
    read.text: _WORDS,
    read.identifier: _ID,
    read.country: {"type": "string", "pattern": "^[A-Z]{2}$"},
    read.truth: {"type": "boolean"},
    read.number: {"type": "number"},
    read.whole: {"type": "integer"},
    read.count: _COUNT,
    read.departure: {"type": "string", "pattern": PATTERN},
    read.month: {"type": "integer", "minimum": 1, "maximum": 12},
    read.day: _DAY,
    read.partial_date: {"type": ["string", "integer"], "pattern": f"^{_DATE}(/{_DATE})?$"},
    read.span: _three(minimum=0),
    read.chance: _three(minimum=0, exclusiveMaximum=1),
    read.both_languages: _BOTH,
    read.requirement: {
        "type": "array",
        "minItems": 1,
        "items": {"type": "array", "items": _ID, "uniqueItems": True},
    },
    read.outcomes: _object({"period": _BOTH, "positive": _COUNT, "decided": _COUNT}),
    read.exposure: _object({"units": {"type": "number", "exclusiveMinimum": 0}, "what": _BOTH}),
}


def pack_schema() -> Schema:
    """The schema of any file of a pack: `pack.yaml`, `sources.yaml`, or one with facts of a kind."""
    files = [_meta(), _sources(), *(_facts(kind, ENVELOPE) for kind in Kind)]
    files += [_facts(kind, EARLIER, "history-") for kind in Kind]
    return {
        "$schema": DIALECT,
        "title": "A file of a Tropa atlas pack, format 1",
        "$comment": "References, overlaps and dates between records are checked by `tropa atlas check`.",
        "anyOf": [{"$ref": f"#/$defs/{file['title']}"} for file in files],
        "$defs": {file["title"]: file for file in files},
    }


def _meta() -> Schema:
    keys = {
        "name": _BOTH,
        "format": {"const": 1},
        "version": _WORDS,
        "published": _DAY,
        "review": {"enum": [str(word) for word in Review]},
        "synthetic": {"type": "boolean"},
    }
    return {"title": "pack", **_object(keys, optional=["synthetic"])}


def _sources() -> Schema:
    source = _object(
        {
            "id": _ID,
            "title": _BOTH,
            "url": {"type": "string", "pattern": "^(none|https?://.+)$"},
            "dated": {"type": ["string", "integer"], "pattern": f"^(unknown|{_DATE}(/{_DATE})?)$"},
        }
    )
    return {"title": "sources", **_object({"sources": {"type": "array", "items": source}})}


def _facts(kind: Kind, common: Mapping[str, Field], of: str = "") -> Schema:
    keys = {**common, **SHAPES[kind].keys}
    record = _object(
        {name: _field(one) for name, one in keys.items()},
        optional=[name for name, one in keys.items() if one.default is not REQUIRED],
    )
    record["properties"]["effect"] = {"enum": [str(effect) for effect in EFFECTS[kind]]}
    return {
        "title": f"{of}{kind}",
        **_object({"kind": {"const": str(kind)}, "facts": {"type": "array", "items": record}}),
    }


def _field(one: Field) -> Schema:
    found = dict(_resolved(one.reader))
    if one.refers_to:
        found["description"] = f"names a fact of kind: {', '.join(one.refers_to)}"
    return found


def _resolved(reader: Reader[Any]) -> Schema:
    if reader in _PLAIN:
        return _PLAIN[reader]
    return {name: _resolved(value) if callable(value) else value for name, value in ACCEPTS[reader].items()}
