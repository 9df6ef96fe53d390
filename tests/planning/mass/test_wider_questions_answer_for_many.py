"""What is closed to one person and not to another changes nothing of what a search of their own would find.

People of one kind differ in deadline, wishes against something, least end state, last days of papers, days already used
and days already spent where they are; most of their fronts are never searched.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.planning.mass.test_people_of_a_class_share_their_bounds import walked
from tests.planning.small_worlds import random_person, random_world
from tests.planning.tiny import ON, asks, calm, entry, fact, haven, leg, paper, person, place, world
from tropa.atlas import Effect, ProtectionKind, Range, StayKind, StayRule
from tropa.atlas import Kind as FactKind
from tropa.planning._search import Engine
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.mass import kinds
from tropa.planning.mass.together import Together
from tropa.planning.person import HeldPaper, PastStay, PersonFacts, Wish, WishKind, WishVerdict
from tropa.planning.search import Search
from tropa.planning.setting import Setting

SEEDS = range(8100, 8150)


def of_one_kind(seed: int) -> Iterator[PersonFacts]:
    """People with the same papers, at home and abroad, each with something else closed to them."""
    dice = random.Random(seed)  # noqa: S311 - dice for a test
    base = random_person(seed)
    abroad = replace(base, place="aa", entered=ON)
    for one in (base, replace(base, place="i"), abroad):
        yield one
        for _ in range(3):
            last = ON - timedelta(days=dice.randint(0, 30))
            ends = ON + timedelta(days=dice.randint(0, 40))
            changes = {
                "deadline": ON + timedelta(days=dice.randint(0, 20)),
                "wishes": (Wish(WishKind.COUNTRY, dice.choice(["AA", "BB", "CC"]), WishVerdict.NEVER),),
                "least_haven": ProtectionKind.ASYLUM,
                "papers": tuple(HeldPaper(held.paper, None, ends) for held in one.papers),
                "past_stays": (PastStay("BB", last - timedelta(days=dice.randint(0, 12)), last),),
            }
            if one.entered:
                changes["entered"] = ON - timedelta(days=dice.randint(0, 15))
            chosen = dice.sample(sorted(changes), dice.randint(1, 3))
            yield replace(one, **{name: changes[name] for name in chosen})  # type: ignore[arg-type]


def alone(compilations: Compilations, someone: PersonFacts) -> set[tuple[int, ...]]:
    graph = build(compilations, someone, ON, Setting())
    assert graph.start is not None
    return {(*way.cost, way.rank) for way in Search(graph).front(graph.start, budget=someone.money_euros)}


def held_against_searches_alone(together: Together, people: list[PersonFacts]) -> None:
    for someone in people:
        found = together.front(someone)
        assert found.whole
        assert {(*line.cost, line.rank) for line in found.lines} == alone(together.compilations, someone)
        assert all(walked(together, someone, line) == line.cost for line in found.lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_closed_to_somebody_their_front_is_what_they_find_alone(seed: int) -> None:
    atlas = world(*random_world(seed, opens=(0, 0, 0, 5)[seed % 4]))
    held_against_searches_alone(Together(Compilations(atlas), ON), list(of_one_kind(seed)))


def test_many_people_of_a_kind_need_few_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []
    found = kinds.Kind._found

    def counted(self: kinds.Kind, *given: object) -> object:
        searched.append(given)
        return found(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(kinds.Kind, "_found", counted)
    people = 0
    for seed in SEEDS[:20]:
        together = Together(Compilations(world(*random_world(seed))), ON)
        for someone in of_one_kind(seed):
            together.front(someone)
            people += 1
    assert len(searched) < 0.7 * people


def test_a_front_is_completed_from_any_rank_downwards_by_what_is_known_above_it() -> None:
    completed = 0
    for seed in SEEDS[:20]:
        compilations = Compilations(world(*random_world(seed)))
        someone = random_person(seed)
        graph = build(compilations, someone, ON, Setting())
        assert graph.start is not None
        whole = Search(graph)
        traces, _ = whole.traces(graph.start, budget=someone.money_euros)
        for highest in graph.ranks:
            known = [trace for trace in traces if trace.rank > highest]
            search = Search(graph)
            found, _ = search.traces(graph.start, budget=someone.money_euros, known=known, highest=highest)
            assert found == traces
            assert search.labels_made <= whole.labels_made
            completed += 0 < len(known) < len(traces)
    assert completed


def test_the_answer_for_one_person_does_not_depend_on_who_was_asked_about_before() -> None:
    for seed in SEEDS[:12]:
        atlas, people = world(*random_world(seed)), list(of_one_kind(seed))
        first, second = (Together(Compilations(atlas), ON) for _ in "12")
        forwards = [first.front(someone) for someone in people]
        backwards = [second.front(someone) for someone in reversed(people)]
        assert forwards == backwards[::-1]


def test_a_surer_way_in_with_a_shorter_stay_is_found_by_whoever_cannot_use_the_longer_one() -> None:
    def lets_in(code: str, paper_id: str, turned_back: float, days: int) -> tuple[object, object]:
        no = Range(turned_back, turned_back, turned_back) if turned_back else None
        value = StayRule(code, StayKind.PER_VISIT, days, None, asks(paper_id), None)
        return (
            entry(code, asks(paper_id), id_=f"{code}-{paper_id}", turned_back=no),
            fact(f"stay-{code}-{paper_id}", FactKind.STAY_RULE, value, Effect.PERMISSION),
        )

    atlas = world(
        *calm("HH", "AA", "BB"), place("h", "HH"), place("aa", "AA"), place("bb", "BB"), paper("id"),
        *lets_in("AA", "fp", 0.3, 90), *lets_in("AA", "id", 0, 10), *lets_in("BB", "id", 0.2, 90),
        *leg("h", "aa", euros=100, hours=48), *leg("h", "bb", euros=50, hours=48), *haven("AA"), *haven("BB"),
    )  # fmt: skip
    lasting = person("h", "id", "fp", further_papers=0)
    ending = replace(lasting, papers=(HeldPaper("id"), HeldPaper("fp", None, ON)))
    together = Together(Compilations(atlas), ON)
    assert len(together.front(lasting).lines) == 1
    assert len(together.front(ending).lines) == 2
    held_against_searches_alone(together, [lasting, ending])


@pytest.mark.parametrize("seed", SEEDS[:16])
def test_both_engines_say_the_same_of_ways_that_others_found(seed: int) -> None:
    compilations = Compilations(world(*random_world(seed)))
    people = [one for one in of_one_kind(seed) if one.place == "h" and not one.wishes and not one.least_haven]
    graphs = [build(compilations, someone, ON, Setting()) for someone in people]
    starts = [graph.start for graph in graphs if graph.start]
    traces, _ = Search(graphs[0]).traces(starts[0], budget=people[0].money_euros)
    assert all(Search(graphs[0]).standing(starts[0], traces, budget=people[0].money_euros))
    for someone, graph, start in zip(people, graphs, starts, strict=True):
        kernel, twin = (
            Search(graph, engine=engine).standing(start, traces, budget=someone.money_euros)
            for engine in Engine
        )
        assert kernel == twin
