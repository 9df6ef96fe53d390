"""The sentinel: off unless switched on; what it may read, what is believed of it, and what is left when it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.desk.plans.example_plans import PERSON
from tests.desk.plans.flow import approved, released
from tests.desk.world import signed_in
from tropa.desk.atlas.services import stop
from tropa.desk.conf import conf
from tropa.desk.plans.applicant import acknowledge
from tropa.desk.plans.services import save_facts, saved_facts
from tropa.desk.vault.services import open_case_seed
from tropa.desk.work.copies import Found, Watched, digest_of, finding_for, keep_copy, keep_finding, open_copy
from tropa.desk.work.errors import AlreadyOn, NoSentinelKey, WrongSentinelKey
from tropa.desk.work.models import Finding, OpenCopy, Round, Task
from tropa.desk.work.replanning import Worker
from tropa.desk.work.rounds import begin_round, switch_off
from tropa.desk.work.sentinel import PINNED, sentinel_public, sentinel_seed, switch_on
from tropa.envelope import CannotOpen, Seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk.plans.conftest import Planned
    from tests.desk.world import World
    from tropa.desk.cases.models import Case


@pytest.fixture
def off() -> Iterator[None]:
    yield
    switch_off()


def found_by(world: World, case: Case) -> Found | None:
    reader = world.boris.reader()
    saved = saved_facts(reader=reader, case=case)
    assert saved is not None
    return finding_for(case=case, person=saved.person, opened=open_case_seed(reader=reader, case=case))


def test_without_a_sentinel_nothing_is_copied_and_nothing_waits(world: World) -> None:
    _, case = world.taken()
    save_facts(reader=world.boris.reader(), case=case, facts=PERSON, version=0)
    assert sentinel_public() is None
    assert begin_round() is None
    assert (OpenCopy.objects.count(), Task.objects.count()) == (0, 0)
    with pytest.raises(NoSentinelKey):
        sentinel_seed()


def test_facts_saved_before_it_are_copied_when_a_holder_opens_them(world: World, off: None) -> None:
    _, case = world.taken()
    save_facts(reader=world.boris.reader(), case=case, facts=PERSON, version=0)
    switch_on()
    assert OpenCopy.objects.count() == 0
    saved = saved_facts(reader=world.boris.reader(), case=case)
    assert saved is not None
    copy = OpenCopy.objects.get()
    assert open_copy(copy, sentinel_seed()).plan.person == saved.person


def test_a_copy_opens_to_the_sentinel_alone_and_in_its_place_alone(watched: list[Case]) -> None:
    one, other = OpenCopy.objects.order_by("pk")[:2]
    with pytest.raises(CannotOpen):
        open_copy(one, Seed(bytes(32)))
    other.sealed = one.sealed
    with pytest.raises(CannotOpen):
        open_copy(other, sentinel_seed())
    one.version += 1
    with pytest.raises(CannotOpen):
        open_copy(one, sentinel_seed())


def test_a_second_key_and_a_foreign_one_are_refused(watched: list[Case]) -> None:
    with pytest.raises(AlreadyOn):
        switch_on()
    text = conf.sentinel_key.read_text()
    conf.sentinel_key.write_text(text[:-3] + ("00" if text[-3:-1] != "00" else "11") + "\n")
    with pytest.raises(WrongSentinelKey):
        sentinel_seed()
    conf.sentinel_key.unlink()
    with pytest.raises(NoSentinelKey):
        sentinel_seed()


def test_a_finding_is_for_the_holders_and_for_these_very_facts(world: World, watched: list[Case]) -> None:
    begin_round()
    while Worker(sentinel_seed()).work():
        pass
    case = watched[0]
    found = found_by(world, case)
    assert found is not None
    assert found.ways_after > 0
    save_facts(reader=world.boris.reader(), case=case, facts=replace(PERSON, money_euros=17), version=1)
    assert found_by(world, case) is None


def test_a_finding_the_sentinel_did_not_sign_is_passed_over(world: World, watched: list[Case]) -> None:
    begin_round()
    while Worker(sentinel_seed()).work():
        pass
    found = found_by(world, watched[0])
    assert found is not None
    keep_finding(case=watched[0], found=replace(found, outcome="no_way"), seed=Seed(bytes(32)))
    assert found_by(world, watched[0]) is None
    row = Finding.objects.get(case=watched[1])
    Finding.objects.filter(case=watched[2]).update(sealed=row.sealed, signature=row.signature)
    assert found_by(world, watched[2]) is None


def test_facts_saved_while_a_worker_plans_keep_their_own_copy(world: World, watched: list[Case]) -> None:
    begin_round()
    case = watched[2]
    changed = replace(PERSON, money_euros=4321)

    class Slow(Worker):
        def _store(self, copy: OpenCopy, *told: object) -> None:
            if copy.case_id == case.pk:
                keep_copy(case=case, person=changed, version=2)
            super()._store(copy, *told)  # type: ignore[arg-type]

    while Slow(sentinel_seed()).work():
        pass
    copy = open_copy(OpenCopy.objects.get(case=case), sentinel_seed())
    assert (copy.plan.person, copy.on) == (changed, None)
    assert not Finding.objects.filter(case=case).exists()
    assert Task.objects.count() == 0


def test_a_stop_puts_everybody_in_line_and_those_under_way_on_it_first(planned: Planned, off: None) -> None:
    switch_on()
    world = planned.world
    saved_facts(reader=world.boris.reader(), case=planned.case)
    _, other = world.taken()
    save_facts(reader=world.boris.reader(), case=other, facts=PERSON, version=0)
    release = released(planned, approved(planned))
    acknowledge(thread=planned.written.thread, release_id=release.pk)
    stop(reader=world.stranger.reader(), scope="AM", reason="закрыто")
    assert dict(Task.objects.values_list("case_id", "rank")) == {planned.case.pk: 0, other.pk: 5}


def test_a_case_that_cannot_be_opened_is_told_by_its_kind_alone(
    watched: list[Case], caplog: pytest.LogCaptureFixture
) -> None:
    begin_round()
    OpenCopy.objects.filter(case=watched[0]).update(sealed=b"\x01 nothing that opens")
    worker = Worker(sentinel_seed())
    while worker.work():
        pass
    assert Task.objects.get().case_id == watched[0].pk
    assert {record.getMessage() for record in caplog.records} == {
        "a case could not be planned anew: CannotOpen"
    }


def test_switched_off_nothing_of_it_is_left(watched: list[Case]) -> None:
    begin_round()
    while Worker(sentinel_seed()).work():
        pass
    switch_off()
    assert not conf.sentinel_key.exists()
    assert not (conf.pinned / PINNED).exists()
    assert [model.objects.count() for model in (OpenCopy, Finding, Task, Round)] == [0, 0, 0, 0]


def test_the_workbench_says_that_no_way_is_left_and_only_to_holders(planned: Planned, off: None) -> None:
    switch_on()
    case, boris = planned.case, planned.world.boris
    saved = saved_facts(reader=boris.reader(), case=case)
    assert saved is not None
    on = date(2026, 11, 22)
    for outcome, words in (("no_way", "пути не осталось"), ("changed", "другие"), ("same", "")):
        found = Found(outcome, on, digest_of(saved.person), ways_before=3, ways_after=0)
        keep_finding(case=case, found=found, seed=sentinel_seed())
        page = signed_in(boris).get(f"/cases/{case.pk}/plan/").content.decode()
        assert words in page
        assert ("без людей" in page) == bool(words)
    assert "без людей" not in signed_in(planned.world.vera).get(f"/cases/{case.pk}/plan/").content.decode()


def test_what_it_reads_is_facts_and_front_and_no_more() -> None:
    assert set(Watched.__slots__) == {"plan", "on"}
