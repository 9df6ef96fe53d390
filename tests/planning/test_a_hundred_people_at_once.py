"""A hundred people at the planner's process at once: everybody gets the answer they would get alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tropa.atlas import load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.answer import Planner
from tropa.planning.client import PlannerClient
from tropa.planning.drawn import drawn_people
from tropa.planning.plan_json import to_json

PEOPLE = 100


def test_everybody_gets_the_answer_they_would_get_alone() -> None:
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    drawn = list(drawn_people(atlas, EXAMPLE_DAY, 10, seed=11))
    people = [replace(drawn[n % 10], money_euros=drawn[n % 10].money_euros + n // 10) for n in range(PEOPLE)]
    with (
        PlannerClient(pack=SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY, answer_seconds=300) as client,
        ThreadPoolExecutor(PEOPLE) as pool,
    ):
        answers = list(pool.map(lambda person: client.plans(person, on=EXAMPLE_DAY), people))
    assert len(answers) == PEOPLE
    alone = Planner(atlas)
    for number in (0, 7, 23, 99):
        assert to_json(answers[number]) == to_json(alone.plans(people[number], EXAMPLE_DAY))
