"""The planner on many drawn people: the shipped pack, an invented world, and open plans after a change of facts.

Sizes, seeds, labels and fronts are printed with every figure, so that a faster wrong answer shows. Times are processor
time of this process; nothing else is counted.
"""

from __future__ import annotations

import dataclasses
import resource
import statistics
import time
from collections.abc import Hashable, Sequence

from tools.bench.results import Results
from tropa.atlas import Atlas, Effect, Fact, load_pack
from tropa.atlas.kinds import EntryRule
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK, load_files
from tropa.atlas.synthetic import WorldPlan, synthetic_pack
from tropa.planning.answer import Planner
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.drawn import drawn_people
from tropa.planning.mass.renewal import Renewal, planned
from tropa.planning.mass.stored import OpenPlan
from tropa.planning.mass.together import MOST_LABELS, Together
from tropa.planning.person import PersonFacts
from tropa.planning.search import Search
from tropa.planning.setting import Setting

ROOM = "planner"
REAL_PEOPLE, REAL_SEED = 200, 7
INVENTED_PEOPLE, INVENTED_SEED, INVENTED_MONEY = 40, 7, 3000
LONGEST_SECONDS = 5.0
OPEN_PLANS, PLANNED = 35_000, 200
FIRST_KIND, EACH_KIND = 9, 37


def people(results: Results) -> None:
    """Whole answers on the shipped pack, fronts in the invented world."""
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    planner, seconds, fronts = Planner(atlas), [], []
    for person in drawn_people(atlas, EXAMPLE_DAY, REAL_PEOPLE, seed=REAL_SEED):
        began = time.process_time()
        answer = planner.plans(person, EXAMPLE_DAY)
        seconds.append(time.process_time() - began)
        fronts.append(len(answer.front))
    said = f"whole answers, shipped pack, {REAL_PEOPLE} people of seed {REAL_SEED}, {sum(fronts)} best plans"
    _spread(results, said, seconds, median=50, most=300)
    _invented(results)


def _invented(results: Results) -> None:
    plan = WorldPlan()
    atlas = load_files(synthetic_pack(plan))
    compilations = Compilations(atlas)
    compiling, seconds, fronts, labels, cut = [], [], 0, 0, 0
    for person in drawn_people(atlas, EXAMPLE_DAY, INVENTED_PEOPLE, seed=INVENTED_SEED, money=INVENTED_MONEY):
        began = time.process_time()
        compilations.of(person, EXAMPLE_DAY, confirmed=False)
        compiling.append(time.process_time() - began)
        began = time.process_time()
        graph = build(compilations, person, EXAMPLE_DAY, Setting())
        until = began + LONGEST_SECONDS
        search = Search(graph, stop=lambda until=until: time.process_time() > until)  # type: ignore[misc]
        assert graph.start is not None
        found = search.lines(graph.start, budget=person.money_euros)
        seconds.append(time.process_time() - began)
        fronts, labels, cut = (
            fronts + len(found.ways),
            labels + search.labels_made,
            cut + (not found.is_complete),
        )
    results.add(ROOM, "compiling a class in the invented world, the slowest", max(compiling) * 1000, "ms")
    said = (
        f"fronts, invented world {plan.places} places {plan.legs} legs {plan.papers} papers seed {plan.seed}, "
        f"{INVENTED_PEOPLE} people of seed {INVENTED_SEED}, EUR {INVENTED_MONEY}, {fronts} ways, {labels} labels"
    )
    _spread(results, said, seconds, median=50, most=1000)
    results.add(ROOM, f"  stopped after {LONGEST_SECONDS:.0f} s with what was proven", cut, "people", most=0)


def _spread(results: Results, said: str, seconds: Sequence[float], *, median: float, most: float) -> None:
    ordered = sorted(one * 1000 for one in seconds)
    results.add(ROOM, said, statistics.median(ordered), "ms", most=median)
    results.add(ROOM, "  95 of 100 within", ordered[int(0.95 * (len(ordered) - 1))], "ms", most=most)
    results.add(ROOM, "  the longest", ordered[-1], "ms")


def mass(results: Results) -> None:
    """Open plans of the shipped pack after one country changed. Fronts of some people stand for many in the triage."""
    before = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    together = Together(Compilations(before), EXAMPLE_DAY)
    began = time.process_time()
    drawn = drawn_people(before, EXAMPLE_DAY, PLANNED, seed=REAL_SEED)
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
    """Fronts from scratch in the invented world: everybody of every so many kinds, in order of their size."""
    plan = WorldPlan()
    atlas = load_files(synthetic_pack(plan))
    together = Together(Compilations(atlas), EXAMPLE_DAY)
    kinds: dict[Hashable, list[PersonFacts]] = {}
    for person in drawn_people(atlas, EXAMPLE_DAY, OPEN_PLANS, seed=INVENTED_SEED, money=INVENTED_MONEY):
        kinds.setdefault(together.key(person), []).append(person)
    by_size = sorted(kinds.values(), key=len, reverse=True)[FIRST_KIND::EACH_KIND]
    chosen = [person for alike in by_size for person in alike]
    classes = {together.compilations.key(person): person for person in chosen}
    began = time.process_time()
    for person in classes.values():
        together.compilations.of(person, EXAMPLE_DAY, confirmed=False)
    compiling = (time.process_time() - began) / len(classes)
    began = time.process_time()
    fronts = [together.front(person) for person in chosen]
    each = (time.process_time() - began) / len(chosen)
    said = (
        f"mass work, invented world seed {plan.seed}, all {len(chosen)} of {len(by_size)} kinds of {OPEN_PLANS} "
        f"people in {len(kinds)} kinds of seed {INVENTED_SEED}, "
        f"EUR {INVENTED_MONEY}, {sum(len(one.lines) for one in fronts)} ways, {together.labels_made} labels, each"
    )
    results.add(ROOM, said, each * 1000, "ms")
    results.add(ROOM, "  compiling one class", compiling * 1000, "ms")
    results.add(ROOM, f"  cut off at {MOST_LABELS} labels", sum(not one.whole for one in fronts), "people")
    results.add(
        ROOM,
        f"  {OPEN_PLANS} of them, by multiplication, two processes",
        each * OPEN_PLANS / 2,
        "s",
        most=150,
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.add(ROOM, "  memory at most", memory, "MB", most=1000)


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
