"""The keys of a fact as fields of a form, and what was typed back in the notation of a pack.

Every kind is edited by the same few widgets, chosen by the type of the value: nobody writes a form for a new kind. What
cannot be read stays as it was typed, and the validator of packs says what is wrong with it.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tropa.atlas import Confidence, Effect, Exposure, Kind, Outcomes, PartialDate, Range, Requirement, Text
from tropa.atlas.model import EFFECTS
from tropa.atlas.shapes import REQUIRED, SHAPES, Field
from tropa.desk.pages.fact_words import CHANCES
from tropa.desk.pages.field_words import CONFIDENCE, FIELDS
from tropa.desk.pages.term_words import term_words

ENVELOPE: Mapping[str, Any] = {
    "as_of": PartialDate,
    "review_by": date,
    "confidence": Confidence,
    "valid_from": date | None,
    "valid_until": date | None,
    "note": Text | None,
}
WORDS = {
    "as_of": _("true as of"),
    "review_by": _("look again by"),
    "confidence": _("confidence"),
    "valid_from": _("in force from"),
    "valid_until": _("in force until"),
    "note": _("note"),
    "effect": _("what it does"),
}
EFFECT_WORDS = {
    Effect.PERMISSION: _("allows"),
    Effect.PROHIBITION: _("forbids"),
    Effect.INFORMATION: _("informs"),
}


class Widget(StrEnum):
    """How a value is typed; the name of its template."""

    LINE = "line"
    LIST = "list"
    LINES = "lines"
    TEXT = "text"
    RANGE = "range"
    CHOICE = "choice"
    CHOICES = "choices"
    DAY = "day"
    OUTCOMES = "outcomes"
    EXPOSURE = "exposure"


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One key: its label, widget, what stands in it (by part), and what may be chosen as (word, label)."""

    key: str
    label: str
    widget: Widget
    values: Mapping[str, str]
    choices: tuple[tuple[str, str], ...] = ()
    chosen: frozenset[str] = frozenset()
    required: bool = False

    @property
    def is_chance(self) -> bool:
        """Whether shares of one are typed."""
        return self.key in CHANCES


def fields_of(kind: Kind, record: Mapping[str, Any]) -> list[FieldShown]:
    """The form for a record; an empty one is for a fact that is to be added."""
    hints = get_type_hints(SHAPES[kind].makes)
    shown = [_shown(key, hints[one.into], record.get(key), one) for key, one in SHAPES[kind].keys.items()]
    if len(EFFECTS[kind]) > 1:
        values = {"value": str(record.get("effect", EFFECTS[kind][0].value))}
        choices = tuple((one.value, str(EFFECT_WORDS[one])) for one in EFFECTS[kind])
        shown.append(
            FieldShown("effect", str(WORDS["effect"]), Widget.CHOICE, values, choices, required=True)
        )
    return [*shown, *(_shown(key, hint, record.get(key), None) for key, hint in ENVELOPE.items())]


def typed(kind: Kind, posted: QueryDict) -> dict[str, Any]:
    """What was typed, key by key; an empty field is None."""
    return {one.key: _read(one, posted) for one in fields_of(kind, {})}


def differing(kind: Kind, record: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that say something else than the record, in its notation."""
    record = {"effect": EFFECTS[kind][0].value, **record}
    shown = {one.key: one for one in fields_of(kind, record)}
    return {
        key: value for key, value in told.items() if _plain(value) != _plain(_as_typed(shown[key], record))
    }


def _as_typed(one: FieldShown, record: Mapping[str, Any]) -> Any:
    """The record's value as this form would give it back, so that an untouched field is no change."""
    posted = QueryDict(mutable=True)
    for part, value in one.values.items():
        posted[f"{one.key}.{part}"] = value
    posted.setlist(f"{one.key}.each", sorted(one.chosen))
    return _read(one, posted) if one.key in record else None


def _shown(key: str, hint: Any, value: Any, one: Field | None) -> FieldShown:
    widget, members = _widget(hint)
    into = one.into if one else key
    label = str(WORDS[key]) if one is None else str(FIELDS.get(into, key))
    required = one.default is REQUIRED if one else key in ("as_of", "review_by", "confidence")
    values, chosen = _values(widget, value)
    return FieldShown(key, label, widget, values, members, chosen, required)


def _widget(hint: Any) -> tuple[Widget, tuple[tuple[str, str], ...]]:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is tuple:
        member = get_args(hint)[0]
        if isinstance(member, type) and issubclass(member, StrEnum):
            return Widget.CHOICES, tuple((one.value, term_words(one)) for one in member)
        return Widget.LIST, ()
    simple = {Text: Widget.TEXT, Range: Widget.RANGE, Requirement: Widget.LINES, Outcomes: Widget.OUTCOMES}
    if hint in simple:
        return simple[hint], ()
    if hint is Exposure:
        return Widget.EXPOSURE, ()
    if hint is date:
        return Widget.DAY, ()
    if hint is bool:
        return Widget.CHOICE, (("true", str(_("yes"))), ("false", str(_("no"))))
    if hint is Confidence:
        return Widget.CHOICE, tuple((word, str(said)) for word, said in CONFIDENCE.items())
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Widget.CHOICE, tuple((one.value, term_words(one)) for one in hint)
    return Widget.LINE, ()


def _values(widget: Widget, value: Any) -> tuple[Mapping[str, str], frozenset[str]]:
    """What stands in the parts of a widget, from the notation of a pack."""
    if value is None:
        return {}, frozenset()
    match widget:
        case Widget.TEXT:
            return {"en": value["en"], "ru": value["ru"]}, frozenset()
        case Widget.RANGE:
            return dict(zip(("low", "point", "high"), map(_number, value), strict=True)), frozenset()
        case Widget.CHOICES:
            return {}, frozenset(map(str, value))
        case Widget.LINES:
            return {"value": "\n".join(", ".join(one) for one in value) or "-"}, frozenset()
        case Widget.OUTCOMES:
            return {key: str(value[key]) for key in ("period", "positive", "decided")}, frozenset()
        case Widget.EXPOSURE:
            return {
                "units": _number(value["units"]),
                "en": value["what"]["en"],
                "ru": value["what"]["ru"],
            }, frozenset()
        case Widget.CHOICE if isinstance(value, bool):
            return {"value": str(value).lower()}, frozenset()
        case Widget.LIST:
            return {"value": ", ".join(map(str, value))}, frozenset()
        case _:
            return {"value": _number(value)}, frozenset()


def _number(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _read(one: FieldShown, posted: QueryDict) -> Any:
    def part(name: str) -> str:
        return posted.get(f"{one.key}.{name}", "").strip()

    match one.widget:
        case Widget.TEXT:
            return {"en": part("en"), "ru": part("ru")} if part("en") or part("ru") else None
        case Widget.RANGE:
            ends = [part(name).replace(",", ".") for name in ("low", "point", "high")]
            return [_as_number(end) for end in ends] if any(ends) else None
        case Widget.CHOICES:
            known = dict(one.choices)
            return [word for word in posted.getlist(f"{one.key}.each") if word in known] or None
        case Widget.LINES:
            return _alternatives(part("value"))
        case Widget.OUTCOMES:
            told = {name: part(name) for name in ("period", "positive", "decided")}
            return {key: _as_number(value) for key, value in told.items()} if any(told.values()) else None
        case Widget.EXPOSURE:
            if not part("units"):
                return None
            return {
                "units": _as_number(part("units").replace(",", ".")),
                "what": {"en": part("en"), "ru": part("ru")},
            }
        case _:
            return _line(one, part("value"))


def _line(one: FieldShown, text: str) -> Any:
    if one.widget is Widget.LIST:
        return _parts(text) or None
    if not text:
        return None
    if one.widget is Widget.CHOICE and text in ("true", "false") and len(one.choices) == 2:
        return text == "true"
    return text


def _alternatives(text: str) -> list[list[str]] | None:
    """Papers: a line is an alternative, commas part its papers; a dash alone asks for nothing."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    return [[] if line.strip() in ("-", "—", "–") else _parts(line) for line in lines]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _as_number(text: str) -> Any:
    """A number where it is one; else the text, for the validator to complain about."""
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "e" not in text.lower() else number


def _plain(value: Any) -> Any:
    """One text for equal values, whatever wrote their numbers."""
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    return str(value) if value is not None else None


def required_missing(fields: Iterable[FieldShown], told: Mapping[str, Any]) -> list[str]:
    """Labels of the fields that have to be filled in and are not."""
    return [one.label for one in fields if one.required and told.get(one.key) is None]
