"""Every change of a fact: who, when, why, and who looked a second time. Nothing is ever taken out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, pgettext

from tropa.atlas import Atlas, Fact, Source, Value
from tropa.atlas.history import recorded_on
from tropa.atlas.overlay import Act
from tropa.desk.atlas.content import Content, day_in_force, read_content
from tropa.desk.atlas.in_force import InForce
from tropa.desk.atlas.models import Verdict
from tropa.desk.atlas.stored import StoredChange
from tropa.desk.pages.fact_words import in_page_language, named
from tropa.desk.pages.field_words import FIELDS


@dataclass(frozen=True, slots=True)
class Line:
    """One key that was set: what it is called and what it says since."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Told:
    """A change as it is told, of `facts` (ids): `counts` once it is in force; `lapsed`: it was said of another wording.
    What the facts are called is asked for where it is shown: one change may review hundreds.
    """

    id: str
    day: date
    act: str
    act_words: str
    who: str
    why: str
    verdict: Verdict
    second: str
    second_day: date | None
    source: str
    facts: tuple[str, ...]
    lines: tuple[Line, ...]
    counts: bool
    lapsed: bool

    @property
    def title(self) -> str:
        """What the first of the facts is called."""
        return named(self.facts[0])

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Each fact's id and what it is called."""
        return tuple((fact_id, named(fact_id)) for fact_id in self.facts)


def act_words(act: str) -> str:
    """What somebody did, in the language of the page."""
    words: Mapping[str, str] = {
        Act.REVIEWED: pgettext("act", "looked at it: still so"),
        Act.SET: pgettext("act", "set it anew"),
        Act.ADDED: pgettext("act", "added it"),
        Act.STOP: pgettext("act", "stopped it"),
        Act.EASED: pgettext("act", "lifted the stop"),
        Act.WITHDRAWN: pgettext("act", "took our own word back"),
        Act.PROPOSED: pgettext("act", "noted that a source says otherwise"),
        Act.SETTLED: pgettext("act", "settled a conflict"),
    }
    return words.get(act, act)


def told(state: InForce, row: StoredChange) -> Told | None:
    """A row as it is told; None for one nobody understands."""
    try:
        content = read_content(row.content)
    except (ValueError, KeyError, TypeError):
        return None
    lapsed = {one.id.partition(".")[0] for one in state.overlaid.lapsed}
    return Told(
        id=row.id,
        day=day_in_force(row),
        act=row.act,
        act_words=act_words(row.act),
        who=row.by_name,
        why=content.reason,
        verdict=row.verdict,
        second=row.second_name,
        second_day=row.second_day,
        source=_source(state, content),
        facts=tuple(seen.fact_id for seen in content.facts),
        lines=tuple(lines_of_record(content.record or {})) if row.act != Act.SETTLED else (),
        counts=row.place is not None,
        lapsed=row.id in lapsed and len(content.facts) == 1,
    )


EVERY_ACT: AbstractSet[str] = frozenset(Act)


def changes_about(state: InForce, fact_id: str, acts: AbstractSet[str] = EVERY_ACT) -> list[Told]:
    """The changes of one fact, or of the stop on it, latest first."""
    rows = [
        row
        for row in state.rows
        if row.act in acts and (row.subject == fact_id or f'"{fact_id}"' in row.content)
    ]
    found = [one for row in rows if (one := told(state, row)) is not None and fact_id in one.facts]
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Stood:
    """A version of a fact and the days it stood: `until` is the day from which it no longer did."""

    fact: Fact[Value]
    recorded: date
    until: date | None


def versions_of(state: InForce, fact_id: str) -> list[Stood]:
    """Every version of a fact, latest first."""
    found = [
        Stood(old.fact, old.recorded, old.until) for old in state.atlas.history if old.fact.id == fact_id
    ]
    now = state.atlas.facts.get(fact_id)
    if now is not None:
        found.append(Stood(now, recorded_on(now, state.atlas), None))
    return sorted(found, key=lambda one: (one.recorded, one.until or date.max), reverse=True)


def believed_on(state: InForce, fact_id: str, day: date) -> Stood | None:
    """What was believed at the end of a day; None where nothing was."""
    for one in versions_of(state, fact_id):
        if one.recorded <= day and (one.until is None or day < one.until):
            return one
    return None


def _source(state: InForce, content: Content) -> str:
    if content.new_source is not None:
        return in_page_language(content.new_source.cited)
    found = _sources(state.atlas).get(content.source or "")
    return in_page_language(found.cited) if found else ""


@lru_cache(maxsize=2)
def _sources(atlas: Atlas) -> Mapping[str, Source]:
    """Every source any fact names, by id."""
    return {one.id: one for fact in atlas.facts.values() for one in fact.sources}


def lines_of_record(record: Mapping[str, Any]) -> Iterable[Line]:
    """The keys of a record in the notation of a pack, in words."""
    for key, value in record.items():
        name = FIELDS.get({"from": "origin", "to": "target"}.get(key, key))
        yield Line(str(name) if name else key, notation_words(value))


def notation_words(value: Any) -> str:
    """A value in the notation of a pack, as people read it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return pgettext("truth", "yes") if value else pgettext("truth", "no")
    if isinstance(value, Mapping):
        if set(value) == {"en", "ru"}:
            return str(value["ru" if (get_language() or "ru").startswith("ru") else "en"])
        return "; ".join(notation_words(member) for member in value.values())
    if isinstance(value, list):
        numbers = value and all(isinstance(member, int | float) for member in value)
        return (" – " if numbers else ", ").join(notation_words(member) for member in value)
    return named(str(value)) if isinstance(value, str) else f"{value:g}"
