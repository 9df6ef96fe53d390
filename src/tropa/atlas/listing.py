"""Facts, changes and finds as lines of text: what `tropa atlas show`, `diff` and `search` say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any, Final

from tropa.atlas.basics import Text
from tropa.atlas.changes import Change, ChangeKind
from tropa.atlas.history import Entry
from tropa.atlas.kinds import Leg, Value
from tropa.atlas.model import Fact
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.report import Translate, in_language
from tropa.atlas.search import countries_of
from tropa.atlas.world import Atlas
from tropa.atlas.writing import meta_record, plain, record_of, source_record, sources_of, yaml_text

_SIGNS: Final = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}


def shown(atlas: Atlas, fact: Fact[Value], on: date, translate: Translate) -> Iterator[str]:
    """One fact whole: its record, its sources in full, and whether it may be used on a day."""
    yield titled(atlas, fact, translate)
    yield from yaml_text({"kind": fact.kind.value, **record_of(fact)}).splitlines()
    for source in fact.sources:
        dated = source.dated.text if source.dated else _("without date").say(translate)
        yield _(
            "source {id}: {title} ({dated}) {url}",
            id=source.id,
            title=in_language(source.title, translate),
            dated=dated,
            url=source.url or "-",
        ).say(translate)
    yield _("on {day}: {standing}", day=on, standing=atlas.standing(fact, on)).say(translate)


def found(atlas: Atlas, facts: Iterable[Fact[Value]], translate: Translate) -> Iterator[str]:
    """A line for each fact, and their number."""
    number = 0
    for number, fact in enumerate(facts, 1):  # noqa: B007 the count is said at the end
        yield titled(atlas, fact, translate)
    yield _("facts: {n}", n=number).say(translate)


def titled(atlas: Atlas, fact: Fact[Value], translate: Translate) -> str:
    """`id  kind  country  words`: a fact in one line."""
    countries = ",".join(countries_of(atlas, fact)) or "-"
    return f"{fact.id}  {fact.kind}  {countries}  {_words(atlas, fact, translate)}"


def _words(atlas: Atlas, fact: Fact[Value], translate: Translate) -> str:
    if isinstance(fact.value, Leg):
        ends = (atlas.places[place].value.name for place in (fact.value.origin, fact.value.target))
        return " → ".join(in_language(name, translate) for name in ends)
    texts = [getattr(fact.value, one.name) for one in fields(fact.value)]
    said = [in_language(text, translate) for text in texts if isinstance(text, Text)]
    if said:
        return said[0]
    shape = record_of(fact)
    named = [str(value) for key, value in shape.items() if key != "id" and isinstance(value, str)]
    return " ".join(named[:3])


def compared(changes: Iterable[Change], translate: Translate) -> Iterator[str]:
    """Every change: `+` added, `-` removed, `~` changed with each key before and after."""
    number = 0
    for number, change in enumerate(changes, 1):  # noqa: B007 the count is said at the end
        yield f"{_SIGNS[change.what]} {change.id}  {change.kind}"
        for key in change.keys:
            yield f"    {key.key}: {_short(key.before)} → {_short(key.after)}"
    yield _("changes: {n}", n=number).say(translate)


def logged(entries: Iterable[Entry], translate: Translate) -> Iterator[str]:
    """The history, latest first: the day, what happened to which fact, and each key before and after."""
    number = 0
    for number, entry in enumerate(entries, 1):  # noqa: B007 the count is said at the end
        change = entry.change
        yield f"{entry.day}  {_SIGNS[change.what]} {change.id}  {change.kind}"
        for key in change.keys:
            yield f"    {key.key}: {_short(key.before)} → {_short(key.after)}"
    yield _("changes: {n}", n=number).say(translate)


def entry_record(entry: Entry) -> dict[str, Any]:
    """An event of the history for other programs."""
    return {"day": plain(entry.day), **change_record(entry.change)}


def _short(value: Any) -> str:
    return "∅" if value is None else json.dumps(value, ensure_ascii=False)


def change_record(change: Change) -> dict[str, Any]:
    """A change for other programs."""
    return {
        "id": change.id,
        "kind": change.kind.value,
        "what": change.what.value,
        "keys": {one.key: {"before": one.before, "after": one.after} for one in change.keys},
    }


def fact_record(atlas: Atlas, fact: Fact[Value], on: date) -> dict[str, Any]:
    """A fact for other programs: its record, its sources, and its standing on a day."""
    return {
        "kind": fact.kind.value,
        **record_of(fact),
        "effect": fact.effect.value,
        "review": fact.review.value,
        "sources": [source_record(source) for source in fact.sources],
        "standing": {"on": plain(on), "is": atlas.standing(fact, on).value},
    }


def exported(atlas: Atlas, facts: Iterable[Fact[Value]]) -> dict[str, Any]:
    """Facts as one document: the pack's description, its digest, the sources named, and the records."""
    chosen = list(facts)
    return {
        "pack": meta_record(atlas.meta),
        "digest": atlas.version,
        "sources": [source_record(source) for source in sources_of(atlas, chosen)],
        "facts": [{"kind": fact.kind.value, **record_of(fact, review=atlas.meta.review)} for fact in chosen],
    }
