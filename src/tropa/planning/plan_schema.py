"""JSON Schema of the planner's input and output, generated from the frozen types, so that it cannot differ from them.

Kept true: what `plan_json.to_json` writes of a type is valid under `schema_of` that type; unknown fields are not. The
files in `docs/schema` are this module's output (a test compares; `python -m tropa.planning.plan_schema` writes them).
"""

from __future__ import annotations

import dataclasses
import json
import types
from datetime import date
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from tropa.planning.apart import Apart
from tropa.planning.mass.open_plans import OpenPlan
from tropa.planning.mass.renewal import Renewed
from tropa.planning.person import PersonFacts
from tropa.planning.plan import PlanSet
from tropa.planning.plan_json import VERSION
from tropa.planning.replanned import Replanned

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES = {
    "apart.json": Apart,
    "open-plan.json": OpenPlan,
    "person-facts.json": PersonFacts,
    "plan-set.json": PlanSet,
    "renewed.json": Renewed,
    "replanned.json": Replanned,
}
FOLDER = Path(__file__).parents[3] / "docs" / "schema"

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    types.NoneType: {"type": "null"},
}


def schema_of(kind: type) -> dict[str, Any]:
    """The schema of the whole document `to_json` writes: label, version and value."""
    definitions: dict[str, Any] = {}
    value = _schema(kind, definitions)
    return {
        "$schema": DIALECT,
        "title": f"{kind.__name__} version {VERSION}",
        "type": "object",
        "properties": {"label": {"const": kind.__name__}, "version": {"const": VERSION}, "value": value},
        "required": ["label", "version", "value"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(one, definitions) for one in get_args(kind)]}
    if origin is tuple:
        return _list(get_args(kind), definitions)
    if isinstance(kind, type) and issubclass(kind, StrEnum | IntEnum):
        definitions[kind.__name__] = {"enum": [one.value for one in kind]}
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # a type may hold itself: a step its fallbacks' steps
        definitions[kind.__name__] = _object(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _list(items: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if len(items) == 2 and items[1] is Ellipsis:
        return {"type": "array", "items": _schema(items[0], definitions)}
    return {
        "type": "array",
        "prefixItems": [_schema(one, definitions) for one in items],
        "minItems": len(items),
        "maxItems": len(items),
    }


def _object(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    stored = dataclasses.fields(kind)
    required = [
        one.name
        for one in stored
        if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
    ]
    return {
        "type": "object",
        "description": (kind.__doc__ or "").replace("\n    ", " ").strip(),
        "properties": {one.name: _schema(hints[one.name], definitions) for one in stored},
        "required": required,
        "additionalProperties": False,
    }


def text_of(kind: type) -> str:
    """The schema as the committed file holds it."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, kind in FILES.items():
        (FOLDER / name).write_text(text_of(kind), encoding="utf-8")
