"""What was believed, and when: earlier versions of facts, each with the days from and until which it stood.

Kept true: history only grows; a version once recorded is never changed, and two versions of one fact never
stood on the same day. Valid time (when a rule held) and recorded time (when we wrote it down) are apart: a
correction today does not change what a plan of last month rested on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from tropa.atlas.changes import Change, ChangeKind, compare_facts
from tropa.atlas.errors import PackError, Problem
from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.world import Atlas, Superseded
from tropa.atlas.writing import sources_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the log: on this day a fact was added, changed or removed."""

    day: date
    change: Change


def recorded_on(fact: Fact[Value], atlas: Atlas) -> date:
    """The day the fact was written down as it stands."""
    return fact.recorded or atlas.meta.published


def believed(atlas: Atlas, day: date) -> Mapping[str, Fact[Value]]:
    """The facts as they stood at the end of a day, by id."""
    then = {old.fact.id: old.fact for old in atlas.history if old.recorded <= day < old.until}
    then.update((fact.id, fact) for fact in atlas.facts.values() if recorded_on(fact, atlas) <= day)
    return then


def as_believed_on(atlas: Atlas, day: date) -> Atlas:
    """The atlas of that day: what plans made then could rest on, and nothing learnt since."""
    facts = believed(atlas, day).values()
    meta = replace(atlas.meta, published=min(day, atlas.meta.published))
    return Atlas(
        meta=meta,
        facts=facts,
        reviewed_as_of=atlas.reviewed_as_of,
        history=tuple(old for old in atlas.history if old.until <= day),
    )


def log(atlas: Atlas, fact_id: str | None = None) -> tuple[Entry, ...]:
    """Every event, latest first; of one fact where an id is given."""
    return tuple(
        sorted(
            (
                entry
                for versions in _versions(atlas).values()
                if fact_id in (None, versions[0].fact.id)
                for entry in _events(versions)
            ),
            key=lambda entry: (entry.day, entry.change.id),
            reverse=True,
        )
    )


def _versions(atlas: Atlas) -> Mapping[str, list[Superseded]]:
    found: dict[str, list[Superseded]] = defaultdict(list)
    standing = [Superseded(fact, recorded_on(fact, atlas), date.max) for fact in atlas.facts.values()]
    for one in (*atlas.history, *standing):
        found[one.fact.id].append(one)
    for versions in found.values():
        versions.sort(key=lambda one: one.recorded)
    return found


def _events(versions: list[Superseded]) -> Iterator[Entry]:
    first, last = versions[0], versions[-1]
    yield Entry(first.recorded, Change(first.fact.id, first.fact.kind, ChangeKind.ADDED))
    for earlier, later in pairwise(versions):
        if earlier.until < later.recorded:
            yield Entry(earlier.until, Change(earlier.fact.id, earlier.fact.kind, ChangeKind.REMOVED))
            yield Entry(later.recorded, Change(later.fact.id, later.fact.kind, ChangeKind.ADDED))
        else:
            change = compare_facts({"": _undated(earlier.fact)}, {"": _undated(later.fact)})
            keys = change[0].keys if change else ()
            yield Entry(later.recorded, Change(later.fact.id, later.fact.kind, ChangeKind.CHANGED, keys))
    if last.until != date.max:
        yield Entry(last.until, Change(last.fact.id, last.fact.kind, ChangeKind.REMOVED))


def _undated(fact: Fact[Value]) -> Fact[Value]:
    return replace(fact, recorded=None)


def carried(old: Atlas, new: Atlas) -> Atlas:
    """`new` with what `old` knows of the past: facts that say the same keep their day, what changed or went
    is put into the history as of the new publication. Raises `PackError` where the new pack is not the later
    one, or gives a known source another text: what was cited then must stay readable.
    """
    day = new.meta.published
    problems = list(_unfit(old, new))
    if problems:
        raise PackError(tuple(problems))
    facts: list[Fact[Value]] = []
    history = list(old.history)
    for fact in new.facts.values():
        before = old.facts.get(fact.id)
        same = before is not None and _undated(before) == _undated(fact)
        facts.append(replace(fact, recorded=recorded_on(before, old) if same and before else day))
        if before is not None and not same:
            history.append(
                Superseded(replace(before, recorded=recorded_on(before, old)), recorded_on(before, old), day)
            )
    history.extend(
        Superseded(replace(fact, recorded=recorded_on(fact, old)), recorded_on(fact, old), day)
        for fact in old.facts.values()
        if fact.id not in new.facts
    )
    return Atlas(
        meta=new.meta,
        facts=facts,
        reviewed_as_of=new.reviewed_as_of,
        history=tuple(history),
    )


def _unfit(old: Atlas, new: Atlas) -> Iterator[Problem]:
    if new.meta.published <= old.meta.published:
        yield Problem(
            "pack.yaml",
            0,
            _("published {day}", day=new.meta.published),
            _("a day after {day}", day=old.meta.published),
        )
    cited = {source.id: source for source in sources_of(old)}
    for source in sources_of(new):
        if cited.get(source.id, source) != source:
            what = _("the source “{id}” says something else than before", id=source.id)
            yield Problem("sources.yaml", 0, what, _("a new id for a new text"))
    if new.history:
        yield Problem("history", 0, _("the new pack has a history of its own"), _("none: it is carried over"))
