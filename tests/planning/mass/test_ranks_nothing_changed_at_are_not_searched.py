"""Where an end state closes, what ends better is kept by proof and not looked for again.

Where anything could have become better, or opens later, everything is looked for.
"""

from __future__ import annotations

import pytest

from tests.planning.tiny import HOME, ON, calm, haven, leg, open_country, person, place, world
from tropa.atlas import Atlas, ProtectionKind
from tropa.planning.compiling import Compilations
from tropa.planning.mass.renewal import Renewal, planned
from tropa.planning.mass.stored import Front
from tropa.planning.mass.together import Together
from tropa.planning.person import PersonFacts

VISIT = ProtectionKind.VISA_FREE_STAY


def towns(*codes: str, asylum: float = 0.2) -> Atlas:
    """Asylum far away through a chain of towns; a visitor's stay in each of these countries, dearer in the second."""
    chain = [place(f"t{n}", "TT") for n in range(6)]
    roads = [leg(f"t{n}", f"t{n + 1}", border=False, hours=6, risk=0.001) for n in range(5)]
    visits = [
        fact
        for n, code in enumerate(("VV", "WW"))
        for fact in (
            *open_country(code), place(code.lower(), code), *leg("h", code.lower(), hours=6 * (n + 1)),
            *(haven(code, what=VISIT, days=10, risk=0.001 * (n + 1)) if code in codes else ()),
        )
    ]  # fmt: skip
    return world(
        *calm(HOME), place("h", HOME), *open_country("TT"), *chain, *roads, *leg("h", "t0", hours=6),
        *haven("TT", risk=asylum), *visits,
    )  # fmt: skip


def renewed(before: Atlas, after: Atlas, someone: PersonFacts) -> tuple[Front, int, int]:
    """Somebody's front after a change, the labels it took, and the labels it takes from scratch."""
    plan = planned(Together(Compilations(before), ON), "0", someone)
    renewal = Renewal(before, after, ON, [plan])
    (done,) = renewal.run()
    alone = Together(Compilations(after), ON)
    found = alone.front(someone)
    assert done.plan.front == found.lines
    assert done.plan.whole
    return found, renewal.labels_made, alone.labels_made


@pytest.mark.parametrize("someone", [person(), person(deadline=ON), person(least_haven=VISIT)])
def test_asylum_is_not_looked_for_again_where_a_visit_closes(someone: PersonFacts) -> None:
    found, labels, from_scratch = renewed(towns("VV", "WW"), towns("WW"), someone)
    assert {line.rank for line in found.lines} == {1, 4}
    assert 0 < labels < from_scratch


def test_the_next_best_visit_takes_the_place_of_the_one_that_closed() -> None:
    found, *_ = renewed(towns("VV", "WW"), towns("WW"), person())
    assert [line.acts[-1][1] for line in found.lines if line.rank == 1] == ["ww"]


def test_everything_is_searched_where_something_may_have_become_better() -> None:
    _, labels, from_scratch = renewed(towns("VV", "WW"), towns("WW", asylum=0.1), person())
    assert labels == from_scratch
