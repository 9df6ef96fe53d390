"""What unattended planning found stands on Today: for those who lead or second the case, the worst first, counted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.world import signed_in
from tropa.desk.cases.models import Case, Phase
from tropa.desk.pages.at_a_glance import at_a_glance
from tropa.desk.plans.found_meanwhile import counted, found_meanwhile
from tropa.desk.plans.services import saved_facts
from tropa.desk.work.copies import Found, digest_of, keep_finding
from tropa.desk.work.models import Finding
from tropa.desk.work.sentinel import sentinel_seed

if TYPE_CHECKING:
    from tests.desk.world import World

ON = date(2026, 11, 22)
HEAD = "Рассчитано заново без людей"


def told(world: World, case: Case, outcome: str, *, facts: str = "") -> None:
    """Let the sentinel have found this for the facts that are saved."""
    saved = saved_facts(reader=world.boris.reader(), case=case)
    assert saved is not None
    found = Found(outcome, ON, facts or digest_of(saved.person), ways_before=3, ways_after=0)
    keep_finding(case=case, found=found, seed=sentinel_seed())


def outcomes(world: World, who: str = "boris") -> list[str]:
    return [one.found.outcome for one in found_meanwhile(reader=getattr(world, who).reader())]


def test_the_worst_stands_first_and_each_kind_is_counted(world: World, watched: list[Case]) -> None:
    for case, outcome in zip(watched, ("changed", "no_way", "changed"), strict=True):
        told(world, case, outcome)
    found = found_meanwhile(reader=world.boris.reader())
    assert [one.found.outcome for one in found] == ["no_way", "changed", "changed"]
    assert found[0].case_id == watched[1].pk
    assert counted(found) == [("no_way", 1), ("changed", 2)]
    page = signed_in(world.boris).get("/").content.decode()
    assert HEAD in page
    assert "пути не осталось: 1 · лучшие пути теперь другие: 2" in page
    assert page.index("пути не осталось.") < page.index("Посмотрите план ещё раз")
    assert f"/cases/{watched[1].pk}/plan/" in page


@pytest.mark.parametrize("who", ["vera", "stranger"])
def test_nobody_else_is_told_and_nothing_is_opened_for_them(
    world: World, watched: list[Case], who: str
) -> None:
    told(world, watched[0], "no_way")
    assert outcomes(world, who) == []
    assert HEAD not in signed_in(getattr(world, who)).get("/").content.decode()


def test_what_stands_as_it_did_is_not_told(world: World, watched: list[Case]) -> None:
    told(world, watched[0], "same")
    assert outcomes(world) == []


def test_a_finding_for_other_facts_or_one_the_sentinel_did_not_sign_is_passed_over(
    world: World, watched: list[Case]
) -> None:
    told(world, watched[0], "no_way", facts="0" * 64)
    told(world, watched[1], "no_way")
    signature = bytes(Finding.objects.get(case=watched[1]).signature)
    spoiled = bytes([signature[0] ^ 1]) + signature[1:]
    Finding.objects.filter(case=watched[1]).update(signature=spoiled)
    assert outcomes(world) == []


def test_a_case_that_is_over_calls_nobody(world: World, watched: list[Case]) -> None:
    told(world, watched[0], "no_way")
    Case.objects.filter(pk=watched[0].pk).update(phase=Phase.SAFE)
    assert outcomes(world) == []


def test_the_second_is_told_as_the_lead_is_and_a_holder_who_is_neither_is_not(
    world: World, watched: list[Case]
) -> None:
    told(world, watched[0], "no_way")
    Case.objects.filter(pk=watched[0].pk).update(second=world.anna.member)
    assert outcomes(world, "anna") == ["no_way"]
    Case.objects.filter(pk=watched[0].pk).update(second=None)
    assert outcomes(world, "anna") == []


def test_the_number_of_queries_does_not_grow_with_the_cases(world: World, watched: list[Case]) -> None:
    reader, counts = world.boris.reader(), []
    for case in watched:
        told(world, case, "changed")
        with CaptureQueriesContext(connection) as queries:
            found_meanwhile(reader=reader)
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_without_a_finding_nothing_is_asked(world: World, watched: list[Case]) -> None:
    assert not at_a_glance(reader=world.boris.reader()).findings
    told(world, watched[0], "changed")
    assert at_a_glance(reader=world.boris.reader()).findings
    assert not at_a_glance(reader=world.vera.reader()).findings
