"""The part of JSON Schema the pack's schema uses, checked strictly, and YAML as an editor reads it."""

import re
from datetime import date
from typing import Any

import yaml

USED = {
    *("$schema", "$comment", "$defs", "$ref", "title", "description", "anyOf", "type", "enum", "const"),
    *("properties", "required", "additionalProperties", "items", "minItems", "maxItems", "uniqueItems"),
    *("pattern", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum"),
    "exclusiveMaximum",
}
TYPES: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "integer": int,
    "number": (int, float),
}


def core_yaml(content: str) -> Any:
    """YAML 1.2 core: unquoted true, false and numbers are values, everything else is text."""
    return _core(yaml.compose(content, Loader=yaml.BaseLoader))


def _core(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {_core(key): _core(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_core(member) for member in node.value]
    if node.style is None and node.value in ("true", "false"):
        return node.value == "true"
    if node.style is None and re.fullmatch(r"-?\d+", node.value):
        return int(node.value)
    if node.style is None and re.fullmatch(r"-?\d+\.\d+", node.value):
        return float(node.value)
    return node.value


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> list[str]:
    """Every place where the value does not fit the schema."""
    assert set(schema) <= USED, set(schema) - USED
    if "$ref" in schema:
        return faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    found: list[str] = []
    if "anyOf" in schema and all(faults(value, one, root, at) for one in schema["anyOf"]):
        found.append(f"{at}: fits none")
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: not {schema['const']}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: not one of {schema['enum']}")
    if "type" in schema and not _is(value, schema["type"]):
        return [*found, f"{at}: {value!r} is no {schema['type']}"]
    match value:
        case str():
            found += _faults_of_text(value, schema, at)
        case bool():
            pass
        case int() | float():
            found += _faults_of_number(value, schema, at)
        case list():
            found += _faults_of_list(value, schema, root, at)
        case dict():
            found += _faults_of_object(value, schema, root, at)
    return found


def _is(value: Any, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    return any(
        isinstance(value, TYPES[name]) and isinstance(value, bool) == (name == "boolean") for name in names
    )


def _faults_of_text(value: str, schema: dict[str, Any], at: str) -> list[str]:
    found = []
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at}: {value!r} does not match")
    if len(value) < schema.get("minLength", 0) or len(value) > schema.get("maxLength", len(value)):
        found.append(f"{at}: {len(value)} letters")
    if schema.get("format") == "date" and not found:
        date.fromisoformat(value)
    return found


def _faults_of_number(value: float, schema: dict[str, Any], at: str) -> list[str]:
    fits = (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and value > schema.get("exclusiveMinimum", value - 1)
        and value < schema.get("exclusiveMaximum", value + 1)
    )
    return [] if fits else [f"{at}: {value} is out of bounds"]


def _faults_of_list(value: list[Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    found = [
        fault
        for number, member in enumerate(value)
        for fault in faults(member, schema.get("items", {}), root, f"{at}[{number}]")
    ]
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        found.append(f"{at}: {len(value)} members")
    if schema.get("uniqueItems") and any(value.count(member) > 1 for member in value):
        found.append(f"{at}: a member repeats")
    return found


def _faults_of_object(
    value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str
) -> list[str]:
    keys = schema.get("properties", {})
    found = [f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value]
    if schema.get("additionalProperties") is False:
        found += [f"{at}: {name} is unknown" for name in value if name not in keys]
    for name, one in keys.items():
        if name in value:
            found += faults(value[name], one, root, f"{at}.{name}")
    return found
