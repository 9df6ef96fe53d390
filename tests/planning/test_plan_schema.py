"""The committed JSON Schema is that of the types, and every answer and person of the examples is valid under it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tropa.atlas import load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.answer import plans_for
from tropa.planning.compiling import Compilations
from tropa.planning.mass.renewal import Outcome, Renewed, planned
from tropa.planning.mass.together import Together
from tropa.planning.mass.triage import Verdict
from tropa.planning.person import PersonFacts
from tropa.planning.person_file import read_person
from tropa.planning.plan import PlanSet
from tropa.planning.plan_json import WrongJson, from_json, to_json
from tropa.planning.plan_schema import FILES, FOLDER, schema_of, text_of
from tropa.planning.replanned import Replanned

EXAMPLES = Path(__file__).parents[2] / "examples"
PERSONS = sorted((EXAMPLES / "persons").glob("*.yaml"))
WORLDS = sorted((EXAMPLES / "worlds").glob("*/person.yaml"))
TYPES = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "null": type(None)}


def faults(schema: dict[str, Any], value: Any, root: dict[str, Any], path: str = "") -> list[str]:
    """What is wrong under the few words of JSON Schema that are used here; an unknown word fails."""
    known = (
        "$ref anyOf type enum const format pattern items prefixItems minItems maxItems properties required "
        "additionalProperties description $schema title $defs"
    )
    assert set(schema) <= set(known.split())
    if "$ref" in schema:
        return faults(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root, path)
    if "anyOf" in schema:
        found = [faults(one, value, root, path) for one in schema["anyOf"]]
        return [] if any(not one for one in found) else found[0]
    if "enum" in schema or "const" in schema:
        return [] if value in schema.get("enum", [schema.get("const")]) else [f"{path}: {value}"]
    if schema["type"] == "object":
        return faults_of_object(schema, value, root, path)
    if schema["type"] == "array":
        if not isinstance(value, list):
            return [f"{path}: no list"]
        each = schema.get("prefixItems") or [schema["items"]] * len(value)
        if len(each) != len(value):
            return [f"{path}: {len(value)} items"]
        return [
            one
            for number, (of, item) in enumerate(zip(each, value, strict=True))
            for one in faults(of, item, root, f"{path}[{number}]")
        ]
    if not isinstance(value, TYPES[schema["type"]]) or (
        schema["type"] != "boolean" and isinstance(value, bool)
    ):
        return [f"{path}: no {schema['type']}"]
    return [] if "pattern" not in schema or re.search(schema["pattern"], value) else [f"{path}: {value}"]


def faults_of_object(schema: dict[str, Any], value: Any, root: dict[str, Any], path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: no object"]
    found = [f"{path}: {name} is missing" for name in schema["required"] if name not in value]
    found += [f"{path}: {name} is unknown" for name in value if name not in schema["properties"]]
    for name, one in schema["properties"].items():
        if name in value:
            found += faults(one, value[name], root, f"{path}.{name}")
    return found


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_committed_schema_is_that_of_the_types(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == text_of(FILES[name])


@pytest.mark.parametrize("file", [*PERSONS, *WORLDS], ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_example_person_and_answer_is_valid(file: Path) -> None:
    pack = file.parent / "pack"
    atlas = load_pack(pack) if pack.is_dir() else load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    person = read_person(file.read_text(encoding="utf-8"), atlas, EXAMPLE_DAY, name=file.name)
    for value, kind in ((person, PersonFacts), (plans_for(atlas, person, EXAMPLE_DAY), PlanSet)):
        schema = schema_of(kind)
        document = json.loads(to_json(value))
        assert faults(schema, document, schema) == []
        document["value"]["invented"] = 1
        assert faults(schema, document, schema) == [".value: invented is unknown"]


def test_open_plans_and_what_became_of_them_are_valid_and_come_back() -> None:
    """Mass work keeps and hands on these; a verdict is a number there, and no other number is one."""
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    file = EXAMPLES / "persons" / "reservist-irkutsk.yaml"
    person = read_person(file.read_text(encoding="utf-8"), atlas, EXAMPLE_DAY, name=file.name)
    plan = planned(Together(Compilations(atlas), EXAMPLE_DAY), "a key", person)
    assert plan.front
    renewed = Renewed(0, Verdict.WORSE, Outcome.SAME, plan, 0)
    for value in (plan, renewed, Replanned("a.yaml", "worse", "same", 2, 2)):
        schema, document = schema_of(type(value)), json.loads(to_json(value))
        assert faults(schema, document, schema) == []
        assert from_json(type(value), to_json(value)) == value
    document = json.loads(to_json(renewed))
    document["value"]["verdict"] = 9
    assert faults(schema_of(Renewed), document, schema_of(Renewed)) == [".value.verdict: 9"]
    with pytest.raises(WrongJson, match="verdict"):
        from_json(Renewed, json.dumps(document))
