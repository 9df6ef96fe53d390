"""The one way planning values become JSON and come back: for the pipe to the planner, for sealed storage, for `--json`.

Keeps true: what `from_json` returns equals what `to_json` was given, bit for bit of content, and the same value always
gives the same text. Refuses everything it does not know: another label or version, a missing or unknown field, a value
of the wrong type, a number that is not finite. A refused text raises `WrongJson` with the path of the field and never
with its content, which may be a person's facts.

The shapes are those of the frozen dataclasses in `plan` and `person`; nothing is hand-written twice. Stored texts are
read for ever: a field may be added to a type only with a default, so that older texts still open.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
from collections.abc import Callable, Mapping
from datetime import date
from enum import IntEnum, StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tropa.planning.errors import PlanningError

T = TypeVar("T")

VERSION = 1


class WrongJson(PlanningError):
    """The text is not a value of the type asked for. Says where, not what."""


def to_json(value: object) -> str:
    """Return a compact, sorted JSON text of a planning value: {"label": type name, "version": 1, "value": ...}."""
    document = {"label": type(value).__name__, "version": VERSION, "value": plain(value)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def from_json(kind: type[T], text: str | bytes) -> T:
    """Return the value of type `kind` a text of `to_json` carries. Raises WrongJson."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongJson("not a JSON text") from error
    if not isinstance(document, dict) or set(document) != {"label", "version", "value"}:
        raise WrongJson("expected an object with label, version and value")
    if document["label"] != kind.__name__ or document["version"] != VERSION:
        raise WrongJson(f"expected {kind.__name__} version {VERSION}")
    value: T = revive(kind, document["value"])
    return value


def plain(value: object) -> Any:
    """Return a planning value as JSON data: dataclasses as objects, tuples as lists, days as YYYY-MM-DD."""
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if (names := _field_names(kind)) is not None:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, bool | int | str) and not isinstance(value, StrEnum | IntEnum):
        return value
    if isinstance(value, StrEnum | IntEnum):
        return value.value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise WrongJson("a number that is not finite")
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    raise WrongJson(f"a {type(value).__name__} has no JSON form")


_PLAIN = frozenset({type(None), bool, int, str})


@cache
def _field_names(kind: type) -> tuple[str, ...] | None:
    """The fields of a dataclass; None for any other type."""
    return tuple(one.name for one in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None


def revive(kind: Any, data: Any, path: str = "value") -> Any:
    """Return JSON data as a value of `kind`, checking every field. Raises WrongJson naming `path`."""
    try:
        return _reviver(kind)(data)
    except _DoesNotFit:
        pass
    # gone through once more, only to say where; whatever did not fit there does not fit here
    return _revive(kind, data, path)


class _DoesNotFit(Exception):
    """Some value is not of its type; which one is found out by whoever has to say it."""


@cache
def _reviver(kind: Any) -> Callable[[Any], Any]:
    """What turns JSON data into a value of `kind`, put together once for each type; raises _DoesNotFit."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional_reviver(kind)
    if origin is tuple:
        return _tuple_reviver(get_args(kind))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass_reviver(kind)
    if kind in _AS_THEY_STAND:
        return _standing_reviver(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word_reviver(kind)
    fits, make = _scalar(kind)

    def scalar(data: Any) -> Any:
        if not fits(data):
            raise _DoesNotFit
        try:
            return make(data)
        except ValueError:
            raise _DoesNotFit from None

    return scalar


_AS_THEY_STAND = frozenset({str, int, bool})
"""What JSON hands over as it is: the greater part of an answer."""


def _standing_reviver(kind: type) -> Callable[[Any], Any]:
    def standing(data: Any) -> Any:
        if type(data) is not kind:
            raise _DoesNotFit
        return data

    return standing


def _word_reviver(kind: type[StrEnum]) -> Callable[[Any], Any]:
    words = {member.value: member for member in kind}

    def word(data: Any) -> Any:
        found = words.get(data) if type(data) is str else None
        if found is None:
            raise _DoesNotFit
        return found

    return word


def _optional_reviver(kind: Any) -> Callable[[Any], Any]:
    choices = [choice for choice in get_args(kind) if choice is not type(None)]
    if len(choices) != 1 or len(get_args(kind)) == 1:
        return _unfit
    inner = _reviver(choices[0])
    return lambda data: None if data is None else inner(data)


def _tuple_reviver(items: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(items) == 2 and items[1] is Ellipsis:
        each = _reviver(items[0])

        def many(data: Any) -> tuple[Any, ...]:
            if not isinstance(data, list):
                raise _DoesNotFit
            return tuple(map(each, data))

        return many
    revivers = tuple(map(_reviver, items))

    def fixed(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list) or len(data) != len(revivers):
            raise _DoesNotFit
        return tuple([make(item) for make, item in zip(revivers, data, strict=True)])

    return fixed


def _dataclass_reviver(kind: type) -> Callable[[Any], Any]:
    hints, required = _shape(kind)
    makers: list[
        tuple[str, Any, Callable[[Any], Any]]
    ] = []  # filled when first needed: a type may hold itself

    def whole(data: Any) -> Any:
        if not isinstance(data, dict) or not required <= data.keys() <= hints.keys():
            raise _DoesNotFit
        if not makers:
            makers.extend(
                (name, hint if hint in _AS_THEY_STAND else None, _reviver(hint))
                for name, hint in hints.items()
            )
        try:
            if len(data) == len(hints):
                # what is of its type as it stands is taken without asking: the greater part of an answer
                return kind(
                    *[
                        value if type(value := data[name]) is plain else make(value)
                        for name, plain, make in makers
                    ]
                )
            return kind(**{name: make(data[name]) for name, _plain, make in makers if name in data})
        except ValueError:
            raise _DoesNotFit from None

    return whole


def _unfit(_data: Any) -> Any:
    raise _DoesNotFit


def _revive(kind: Any, data: Any, path: str) -> Any:
    """The same, slower, naming the path of what does not fit."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _revive_optional(kind, data, path)
    if origin is tuple:
        return _revive_tuple(get_args(kind), data, path)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _revive_dataclass(kind, data, path)
    return _revive_scalar(kind, data, path)


def _revive_optional(kind: Any, data: Any, path: str) -> Any:
    choices = [choice for choice in get_args(kind) if choice is not type(None)]
    if data is None and len(choices) < len(get_args(kind)):
        return None
    if len(choices) != 1:
        raise WrongJson(f"{path}: no single type")
    return _revive(choices[0], data, path)


def _revive_tuple(items: tuple[Any, ...], data: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise WrongJson(f"{path}: expected a list")
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(_revive(items[0], item, f"{path}[{number}]") for number, item in enumerate(data))
    if len(items) != len(data):
        raise WrongJson(f"{path}: expected {len(items)} values")
    return tuple(
        _revive(kind, item, f"{path}[{number}]")
        for number, (kind, item) in enumerate(zip(items, data, strict=True))
    )


def _revive_dataclass(kind: type, data: Any, path: str) -> Any:
    if not isinstance(data, dict):
        raise WrongJson(f"{path}: expected an object")
    hints, required = _shape(kind)
    if unknown := set(data) - set(hints):
        raise WrongJson(f"{path}: {len(unknown)} unknown fields")
    if missing := required - set(data):
        raise WrongJson(f"{path}: missing {', '.join(sorted(missing))}")
    values = {name: _revive(hints[name], data[name], f"{path}.{name}") for name in data}
    try:
        return kind(**values)
    except ValueError as error:
        raise WrongJson(f"{path}: not a {kind.__name__}") from error


@cache
def _shape(kind: type) -> tuple[dict[str, Any], frozenset[str]]:
    hints = get_type_hints(kind)
    fields = dataclasses.fields(kind)
    required = frozenset(
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )
    return {field.name: hints[field.name] for field in fields}, required


def _is_number(data: Any) -> bool:
    return isinstance(data, int | float) and not isinstance(data, bool) and math.isfinite(data)


_SCALARS: dict[Any, tuple[Callable[[Any], bool], Callable[[Any], Any]]] = {
    str: (lambda data: isinstance(data, str), str),
    bool: (lambda data: isinstance(data, bool), bool),
    int: (lambda data: isinstance(data, int) and not isinstance(data, bool), int),
    float: (_is_number, float),
    date: (lambda data: isinstance(data, str), date.fromisoformat),
}


def _scalar(kind: Any) -> tuple[Callable[[Any], bool], Callable[[Any], Any]]:
    of = _SCALARS[int if isinstance(kind, type) and issubclass(kind, IntEnum) else str]
    return _SCALARS.get(kind, (of[0], kind))


def _revive_scalar(kind: Any, data: Any, path: str) -> Any:
    fits, make = _scalar(kind)
    if not fits(data):
        raise WrongJson(f"{path}: expected {getattr(kind, '__name__', kind)}")
    try:
        return make(data)
    except ValueError as error:
        raise WrongJson(f"{path}: expected {getattr(kind, '__name__', kind)}") from error
