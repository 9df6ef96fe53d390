"""The planning graph after one changed fact: from the change to a graph a search could begin on, and no more."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from datetime import time as hour

from tools.bench.results import Results
from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, Atlas, Kind, load_pack
from tropa.atlas.overlay import Act, Change, Overlaid, overlaid
from tropa.atlas.overlay.wording import wording
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.drawn import drawn_people
from tropa.planning.person import PersonFacts
from tropa.planning.setting import Setting

ROOM = "atlas"
EACH, REPEATS, STORED, MOST = 4, 4, 300, 20
NEW = "new"
NOON = datetime.combine(EXAMPLE_DAY, hour(12), UTC)
CHANGED: Mapping[Kind, str] = {
    Kind.HAZARD: "a danger",
    Kind.LEG: "a way",
    Kind.ENTRY_RULE: "a rule of entry",
    Kind.PROTECTION: "an end state",
}


def rebuilding(results: Results) -> None:
    """The slowest of a few facts of each kind, by itself; then over many stored changes. Processor time, least of a
    few runs.
    """
    base = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    (person,) = drawn_people(base, EXAMPLE_DAY, 1, seed=7)
    bare = overlaid(base, ())
    for kind, named in CHANGED.items():
        spent = _slowest(bare, kind, person)
        results.add(ROOM, f"planning graph anew after {named} changed, CPU", spent, "ms", most=MOST)
    facts = [fact for fact in base.facts.values() if fact.kind is Kind.STAY_RULE or fact.kind is Kind.LIVING]
    stored = [_change(base, fact.id, f"s{n}") for n, fact in enumerate((facts * STORED)[:STORED])]
    many = overlaid(base, stored)
    what = f"the same after a danger changed, over {len(many.taken)} stored changes, CPU"
    results.add(ROOM, what, _slowest(many, Kind.HAZARD, person), "ms", most=MOST)


def _slowest(before: Overlaid, kind: Kind, person: PersonFacts) -> float:
    """Milliseconds."""
    facts = [fact.id for fact in before.atlas.facts.values() if fact.kind is kind]
    chosen = facts[:: max(1, len(facts) // EACH)][:EACH]
    known = Compilations(before.atlas)
    build(known, person, EXAMPLE_DAY, Setting())
    return max(min(_runs(before, known, _change(before.atlas, one, NEW), person)) for one in chosen)


def _runs(before: Overlaid, known: Compilations, change: Change, person: PersonFacts) -> Iterator[float]:
    for _run in range(REPEATS):
        begun = time.process_time()
        changes: Iterable[Change] = (*before.changes, change)
        after = overlaid(before.base, changes, sources=before.sources, after=before)
        build(Compilations(after.atlas, after=known), person, EXAMPLE_DAY, Setting())
        yield (time.process_time() - begun) * 1000
        if after.refused:
            raise SystemExit(f"{change.fact_id}: {after.refused[-1].faults}")


def _change(atlas: Atlas, fact_id: str, name: str) -> Change:
    """Other words on a fact: what was worked out of it is not looked at, so any change costs the same."""
    note = {"en": f"Measured, {name}.", "ru": f"Измерено, {name}."}
    return Change(
        id=name,
        act=Act.SET,
        fact_id=fact_id,
        by="one",
        on=NOON + timedelta(seconds=1 if name == NEW else 0),
        reason="measured",
        record={"note": note},
        second="two",
        against=wording(atlas.facts[fact_id]),
    )
