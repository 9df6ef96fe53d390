"""Open plans of everybody after a change of facts, on the shipped pack and in an invented world.

Sizes, seeds, labels, fronts and a sum over every cost found are printed with the figures, so that a faster wrong answer
shows. Times are processor time of this process; what all would take is by multiplication, and says so.
"""

from __future__ import annotations

import dataclasses
import resource
import time
import zlib
from collections.abc import Hashable, Sequence

from tools.bench.results import Results
from tropa.atlas import Atlas, Effect, Fact, load_pack
from tropa.atlas.kinds import EntryRule
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK, load_files
from tropa.atlas.synthetic import WorldPlan, synthetic_pack
from tropa.planning.compiling import Compilations
from tropa.planning.drawn import drawn_people
from tropa.planning.mass.renewal import Renewal, planned
from tropa.planning.mass.stored import Fleet, OpenPlan
from tropa.planning.mass.together import MOST_LABELS, Together
from tropa.planning.mass.triage import Classes, triage
from tropa.planning.person import PersonFacts
from tropa.planning.plan_json import from_json, to_json

ROOM = "planner"
OPEN_PLANS, PLANNED, SEED, MONEY = 35_000, 200, 7, 3000
SAMPLES = ((9, 37), (5, 15))
"""First kind and every so many, in order of their size: 10 and 25 of all kinds."""
CLOSED = "VR"
"""The country closed to entry in the invented world."""


def mass(results: Results) -> None:
    """Open plans of the shipped pack after one country changed. Fronts of some people stand for many in the triage."""
    before = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    together = Together(Compilations(before), EXAMPLE_DAY)
    began = time.process_time()
    drawn = drawn_people(before, EXAMPLE_DAY, PLANNED, seed=SEED)
    plans = [planned(together, str(n), person) for n, person in enumerate(drawn)]
    each = (time.process_time() - began) / PLANNED
    results.add(ROOM, f"planning {PLANNED} people from scratch, each", each * 1000, "ms")
    results.add(
        ROOM, f"  {OPEN_PLANS} of them, by multiplication, two processes", each * OPEN_PLANS / 2, "s", most=10
    )
    after = _without_entry(before, "KZ")
    many: list[OpenPlan] = [dataclasses.replace(plans[n % PLANNED], key=str(n)) for n in range(OPEN_PLANS)]
    began = time.process_time()
    renewal = Renewal(before, after, EXAMPLE_DAY, many)
    spent = time.process_time() - began
    counts = ", ".join(f"{n} {verdict.name.lower()}" for verdict, n in renewal.triage.counts().items())
    results.add(
        ROOM, f"arrays, classes and triage of {OPEN_PLANS} open plans ({counts})", spent, "s", most=10
    )
    began = time.process_time()
    done = list(Renewal(before, after, EXAMPLE_DAY, plans).run())
    spent = time.process_time() - began
    results.add(ROOM, f"renewing {len(done)} of {PLANNED} after a country closed", spent, "s", most=10)


def invented_mass(results: Results) -> None:
    """Fronts from scratch in the invented world, everybody of some kinds; then the first sample after an event."""
    plan = WorldPlan()
    atlas = load_files(synthetic_pack(plan))
    kinds: dict[Hashable, list[PersonFacts]] = {}
    keys = Together(Compilations(atlas), EXAMPLE_DAY)
    for person in drawn_people(atlas, EXAMPLE_DAY, OPEN_PLANS, seed=SEED, money=MONEY):
        kinds.setdefault(keys.key(person), []).append(person)
    by_size = sorted(kinds.values(), key=len, reverse=True)
    said = (
        f"of {len(kinds)} of {OPEN_PLANS} people of seed {SEED}, EUR {MONEY}, invented world seed {plan.seed}"
    )
    plans, *_ = [_from_scratch(results, atlas, by_size[first::each], said) for first, each in SAMPLES]
    _memory(results, "memory at most, from scratch")
    after = _without_entry(atlas, CLOSED)
    _triage(results, atlas, after, plans)
    _after_event(results, atlas, after, plans)
    _memory(results, f"memory at most, {OPEN_PLANS} plans opened and the facts before and after held too")


def _from_scratch(
    results: Results, atlas: Atlas, kinds: Sequence[Sequence[PersonFacts]], said: str
) -> list[OpenPlan]:
    together = Together(Compilations(atlas), EXAMPLE_DAY)
    people = [person for alike in kinds for person in alike]
    classes = {together.compilations.key(person): person for person in people}
    began = time.process_time()
    for person in classes.values():
        together.compilations.of(person, EXAMPLE_DAY, confirmed=False)
    compiling = (time.process_time() - began) / len(classes)
    began = time.process_time()
    plans = [planned(together, str(n), person) for n, person in enumerate(people)]
    each = (time.process_time() - began) / len(people)
    results.add(
        ROOM,
        f"from scratch, all {len(people)} of {len(kinds)} kinds {said}, {_fronts(plans)}, "
        f"{together.labels_made} labels, each",
        each * 1000,
        "ms",
    )
    results.add(ROOM, "  compiling one class", compiling * 1000, "ms")
    results.add(ROOM, f"  cut off at {MOST_LABELS} labels", sum(not one.whole for one in plans), "people")
    _all_of_them(results, each * OPEN_PLANS, most=150)
    return plans


def _all_of_them(results: Results, seconds: float, *, most: float) -> None:
    results.add(
        ROOM, f"  {OPEN_PLANS} of them, by multiplication, two processes", seconds / 2, "s", most=most
    )


def _memory(results: Results, said: str) -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.add(ROOM, f"  {said}", most, "MB", most=1000)


def _fronts(plans: Sequence[OpenPlan]) -> str:
    """How many ways were found, and a sum over what they cost."""
    costs = [[(line.cost, line.rank) for line in plan.front] for plan in plans]
    return f"{sum(map(len, costs))} ways, sum {zlib.crc32(repr(costs).encode()):08x}"


def _triage(results: Results, before: Atlas, after: Atlas, plans: Sequence[OpenPlan]) -> None:
    """Everybody's plans opened, each an object of its own, and judged."""
    texts = [to_json(plan) for plan in plans]
    began = time.process_time()
    many = [from_json(OpenPlan, texts[n % len(texts)]) for n in range(OPEN_PLANS)]
    loading = time.process_time() - began
    began = time.process_time()
    fleet = Fleet.of(many)
    laying = time.process_time() - began
    classes = Classes(Compilations(before), Compilations(after), EXAMPLE_DAY)
    began = time.process_time()
    for plan in plans:
        classes.number(plan)
    comparing = time.process_time() - began
    began = time.process_time()
    judged = triage(fleet, classes)
    spent = time.process_time() - began
    counts = ", ".join(f"{n} {verdict.name.lower()}" for verdict, n in judged.counts().items())
    results.add(ROOM, f"triage of {OPEN_PLANS} plans after {CLOSED} closed ({counts})", spent, "s", most=1)
    results.add(ROOM, f"  reading them as JSON, {len(plans)} fronts many times over", loading, "s")
    results.add(ROOM, "  laying them out as arrays", laying, "s")
    number = len(classes.differences)
    results.add(ROOM, f"  compiling and comparing {number} classes before and after", comparing, "s")


def _after_event(results: Results, before: Atlas, after: Atlas, plans: Sequence[OpenPlan]) -> None:
    """The work on a sample after one country closed, without its triage."""
    renewal = Renewal(before, after, EXAMPLE_DAY, plans)
    began = time.process_time()
    done = list(renewal.run())
    spent = time.process_time() - began
    found = _fronts([one.plan for one in sorted(done, key=lambda one: one.number)])
    labels = renewal.labels_made
    said = (
        f"renewing {len(done)} of {len(plans)} after {CLOSED} closed, {found}, {labels} labels, each of all"
    )
    results.add(ROOM, said, spent / len(plans) * 1000, "ms")
    _all_of_them(results, spent / len(plans) * OPEN_PLANS, most=15)


def _without_entry(atlas: Atlas, country: str) -> Atlas:
    """The atlas with every entry rule of a country turned into a prohibition."""
    facts: list[Fact[EntryRule]] = [
        dataclasses.replace(fact, effect=Effect.PROHIBITION)  # type: ignore[arg-type]
        if isinstance(fact.value, EntryRule) and fact.value.country == country
        else fact
        for fact in atlas.facts.values()
    ]
    return Atlas(
        meta=atlas.meta,
        facts=facts,
        version=f"{atlas.version}-closed-{country}",
        reviewed_as_of=atlas.reviewed_as_of,
    )
