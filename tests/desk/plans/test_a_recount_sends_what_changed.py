"""What the page has is not sent again: a usual change of one fact weighs at most 15 kB, and what a browser puts
together from an answer is what it would have got whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from django.urls import reverse

from tests.desk.plans.example_plans import ON, PERSON
from tests.desk.world import signed_in
from tropa.desk.facts import atlas
from tropa.planning.answer import Planner
from tropa.planning.person import PersonFacts
from tropa.planning.plan import PlanSet

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

MOST_OF_AN_UPDATE = 15_000
SAID = re.compile(r"<([a-z]+) data-h=([0-9a-f]{10})")
LEFT_OUT = re.compile(r"<([a-z]+) data-s=([0-9a-f]{10})></\1>")


class RealPlanner:
    """The planner over the shipped pack, in this process."""

    def __init__(self) -> None:
        self.planner = Planner(atlas())

    def plans(self, person: PersonFacts, only: Collection[str] | None = None) -> PlanSet:
        """What it finds."""
        return self.planner.plans(person, ON)


def elements(page: str) -> dict[str, str]:
    """Every marked part of a page by its digest, whole."""
    found = {}
    for start in SAID.finditer(page):
        depth = 0
        for tag in re.compile(rf"<(/?){start[1]}\b").finditer(page, start.start()):
            depth += -1 if tag[1] else 1
            if not depth:
                found[start[2]] = page[start.start() : page.index(">", tag.start()) + 1]
                break
    return found


def put_together(answer: str, had: dict[str, str]) -> str:
    """The answer with what was left out, as parts.js does it."""
    return LEFT_OUT.sub(lambda place: had[place[2]], answer)


def test_a_usual_change_weighs_little_and_gives_the_same_page_as_the_whole(planned: Planned) -> None:
    from tropa.desk.plans import planner

    planner.use(RealPlanner())
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    had = elements(boris.get(reverse("desk:workbench", args=[planned.case.pk])).content.decode())
    assert len(had) > 50
    assert len(" ".join(had)) < 4000
    for version, euros in enumerate((3500, 3550, 3600), 1):
        facts = replace(PERSON, money_euros=euros)
        told = {**posted(facts), "version": str(version)}
        answer = boris.post(address, told, headers={"X-Part": "1", "X-Have": " ".join(had)})
        assert len(answer.content) <= MOST_OF_AN_UPDATE
        told["version"] = str(version + 1)  # nothing changes: the same answer, for a browser that has nothing
        whole = boris.post(address, told, headers={"X-Part": "1"}).content.decode()
        page = put_together(answer.content.decode(), had)
        assert page == whole
        had = elements(page)


def result_of(page: str) -> str:
    """What stands in the part of the page with plans, map and opened step, without digests."""
    start, depth = page.index('<div id="result"'), 0
    for tag in re.compile(r"<(/?)div\b").finditer(page, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return re.sub(r" data-h=[0-9a-f]{10}", "", page[start : tag.end()])
    raise AssertionError("the part has no end")


def test_after_several_updates_the_page_is_the_one_a_fresh_load_gives(planned: Planned) -> None:
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    fresh = boris.get(reverse("desk:workbench", args=[planned.case.pk])).content.decode()
    chosen, had, page = planned.planner.set.plans[0].id, elements(fresh), fresh
    for version, euros in enumerate((3500, 3550, 3600), 1):
        told = {**posted(replace(PERSON, money_euros=euros)), "version": str(version), "plan": chosen}
        answer = boris.post(address, told, headers={"X-Part": "1", "X-Have": " ".join(had)}).content.decode()
        page = put_together(answer, had)
        had = elements(page)
    again = boris.get(reverse("desk:workbench", args=[planned.case.pk])).content.decode()
    assert result_of(page) == result_of(again) == result_of(fresh)


def test_a_digest_that_was_never_given_brings_nothing_and_leaves_nothing_out(planned: Planned) -> None:
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    told = {**posted(PERSON), "version": "1"}
    for strange in ("", "0" * 10, "x" * 5000, "<part 0000000000>", "00 " * 3000):
        answer = boris.post(address, told, headers={"X-Part": "1", "X-Have": strange})
        assert answer.status_code == 200
        assert "data-s=" not in answer.content.decode()
        assert answer.content.count(b"<article") == 3


def posted(person: PersonFacts) -> dict[str, str]:
    """What a browser sends for these facts."""
    from tests.desk.plans.test_the_pages_work_without_script import as_posted

    return as_posted(person)
