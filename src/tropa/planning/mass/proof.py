"""Whether a stored front is still the whole front after facts changed, without searching.

Kept true, for one party on one day:
* *worsening* (sections 8.3 of the design): if no representative rests on a touched act, all of them are as feasible and
  as dear as before; whatever else there is only got worse or vanished, so it is still beaten;
* where lines rest on touched acts and things only got worse, whatever ends at a higher rank than all these lines stays
  as it was, by the same argument; only what ends there or lower is searched again;
* *improving* (8.4): for every improved act, the least that any plan through it can cost (from the start to it, the act,
  from it to safety, each taken alone in the changed graph) is beaten by the front or too dear; then no plan through an
  improved act can join the front.
Anything else that a search depends on (the start, the days on which something opens) must be as before. "Not proven" is
never an error: whoever is not proven is searched again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tropa.planning import _kernel_acts as at
from tropa.planning._ways_kernel import Engine, from_place
from tropa.planning.compiled import Compiled
from tropa.planning.graph import SAFE, TARGET, SafetyGraph
from tropa.planning.mass.difference import Difference
from tropa.planning.mass.kinds import Kept
from tropa.planning.mass.open_plans import Act
from tropa.planning.mass.stored import Line
from tropa.planning.moves import INCOME_DAYS
from tropa.planning.person import PersonFacts
from tropa.planning.search import MEMORY_CAP, MONEY_UNIT
from tropa.planning.starting import limits_there
from tropa.planning.stays import HORIZON_DAYS

Ints = NDArray[np.int64]


def still_whole(old: SafetyGraph, new: SafetyGraph, changed: Difference, front: tuple[Line, ...]) -> bool:
    """Whether a front that was whole in `old` is whole in `new`, by proof."""
    if changed.is_empty:
        return True
    if not may_be_whole(changed, front) or not _same_question(old, new):
        return False
    return not changed.improved or _nothing_better(new, changed.improved, front)


def may_be_whole(changed: Difference, front: tuple[Line, ...]) -> bool:
    """Whether it is worth asking: no line rests on anything that changed."""
    return not changed.everything and all(changed.touched.isdisjoint(line.acts) for line in front)


def kept_lines(
    old: Compiled, new: Compiled, changed: Difference, person: PersonFacts, front: tuple[Line, ...]
) -> Kept | None:
    """What of a front that was whole is proven to be all there is at its ranks; None if nothing is.

    Where things only got worse, whatever ends at a higher rank than every line that rests on a touched act is still
    covered by lines of these ranks, and all of them are as they were.
    """
    if changed.everything or changed.improved or _opens_later(old, person) or _opens_later(new, person):
        return None
    spot = new.spots[new.place_numbers[person.place]]
    if limits_there(person, old.borders, spot.country) != limits_there(person, new.borders, spot.country):
        return None
    highest = max((line.rank for line in front if not changed.touched.isdisjoint(line.acts)), default=0)
    return Kept(tuple(line for line in front if line.rank > highest), highest) if highest else None


def _opens_later(compiled: Compiled, person: PersonFacts) -> bool:
    """Whether anything may open on a later day: then what is worth waiting for may have changed with it."""
    held = (held for member in person.members for held in member.papers)
    if any(one.valid_from and one.valid_from > compiled.on for one in held):
        return True
    return compiled.opens_later


def _same_question(old: SafetyGraph, new: SafetyGraph) -> bool:
    return (
        old.start == new.start
        and old.fragile_start == new.fragile_start
        and old.events == new.events
        and old.deadline_day == new.deadline_day
        and old.goal == new.goal
        and old.person == new.person
    )


def _nothing_better(graph: SafetyGraph, improved: frozenset[Act], front: tuple[Line, ...]) -> bool:
    """Whether every plan through an improved act is beaten by the front, rank by rank, or too dear."""
    rows = np.array(
        [
            number
            for number, (row, place) in enumerate(
                zip(graph.numbers.tolist(), graph.origins.tolist(), strict=True)
            )
            if (graph.compiled.id_of(row), graph.spots[place].id) in improved
        ],
        np.int64,
    )
    if not len(rows):
        return True
    engine = Engine(graph, MONEY_UNIT, MEMORY_CAP)
    assert graph.start is not None
    through = from_place(engine, graph.start.place)[graph.origins[rows]]
    through = np.where(through >= at.FAR, at.FAR, through + engine.least[rows])
    target = graph.acts[rows, TARGET]
    for rank in graph.ranks:
        onward = np.vstack([engine.layers(rank).bounds[0, :, :4], np.zeros((1, 4), np.int64)])
        after = np.where(
            (target == SAFE) & (graph.acts[rows, at.RANK] < rank), at.FAR, onward[target].max(axis=1)
        )
        hopeful = (through[:, 0] < at.FAR) & (after < at.FAR)
        whole = through[hopeful] + onward[target[hopeful]]
        if not _beaten(graph, whole, [line.cost for line in front if line.rank >= rank]):
            return False
    return True


def _beaten(graph: SafetyGraph, whole: Ints, known: list[tuple[int, int, int, int]]) -> bool:
    """Whether each row (danger, ticks, euros, doubt) is over the budget or covered by a known cost."""
    assert graph.start is not None
    months = HORIZON_DAYS // INCOME_DAYS
    most = graph.person.money_euros + graph.person.income_euros * months - graph.start.spent
    vectors = whole[whole[:, 2] <= most]
    if not len(vectors):
        return True
    if not known:
        return False
    least = np.column_stack([vectors[:, :2], -(-vectors[:, 2] // MONEY_UNIT), vectors[:, 3]])
    covered = np.all(np.array(known, np.int64)[None, :, :] <= least[:, None, :], axis=2)
    return bool(np.all(np.any(covered, axis=1)))
