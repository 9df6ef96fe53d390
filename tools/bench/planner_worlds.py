"""The planner on many drawn people: the shipped pack, and an invented world.

Sizes, seeds, labels and fronts are printed with every figure, so that a faster wrong answer shows. Times are processor
time of this process; nothing else is counted.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from tools.bench.results import Results
from tropa.atlas import load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK, load_files
from tropa.atlas.synthetic import WorldPlan, synthetic_pack
from tropa.planning.answer import Planner
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.drawn import drawn_people
from tropa.planning.search import Search
from tropa.planning.setting import Setting

ROOM = "planner"
REAL_PEOPLE, REAL_SEED = 200, 7
INVENTED_PEOPLE, INVENTED_SEED, INVENTED_MONEY = 40, 7, 3000
LONGEST_SECONDS = 5.0


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
