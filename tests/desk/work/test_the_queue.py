"""Tasks are taken for a time, by one worker each, the worst first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from tropa.desk.work.models import Round, Task
from tropa.desk.work.queue import MOST_TRIES, begin, finish, keep, progress, put_back, take

if TYPE_CHECKING:
    from tropa.desk.cases.models import Case

DAY = date(2026, 11, 22)


def begun(cases: list[Case]) -> None:
    begin([(case.pk, 5 - number) for number, case in enumerate(cases)], day=DAY)


def run_out() -> None:
    Task.objects.exclude(leased_until=None).update(leased_until=Now() - timedelta(seconds=1))


def test_the_worst_is_taken_first_and_by_one_alone(watched: list[Case]) -> None:
    begun(watched)
    first = take(worker="a", most=2)
    assert [task.case_id for task in first] == [watched[2].pk, watched[1].pk]
    assert [task.case_id for task in take(worker="b", most=2)] == [watched[0].pk]
    assert take(worker="c", most=2) == []
    assert progress().in_hand == 3


def test_a_lease_that_ran_out_is_anothers_and_the_first_stores_nothing(watched: list[Case]) -> None:
    begun(watched)
    mine = take(worker="a", most=1)[0]
    run_out()
    assert take(worker="b", most=1)[0].pk == mine.pk
    assert not finish(mine, worker="a")
    assert finish(mine, worker="b")
    assert progress().done == 1


def test_a_heartbeat_keeps_what_is_in_hand(watched: list[Case]) -> None:
    begun(watched)
    mine = take(worker="a", most=3)
    run_out()
    assert keep(worker="a") == 3
    assert take(worker="b", most=3) == []
    assert all(finish(task, worker="a") for task in mine)


def test_what_is_put_back_is_free_at_once_and_counts_as_tried_only_if_it_failed(watched: list[Case]) -> None:
    begun(watched)
    mine = take(worker="a", most=2)
    put_back(worker="a", failed=[mine[0].pk])
    assert sorted(Task.objects.values_list("tries", flat=True)) == [0, 0, 1]
    assert len({task.pk for n in range(3) for task in take(worker=str(n), most=1)}) == 3


def test_what_a_worker_may_have_died_of_is_taken_alone(watched: list[Case]) -> None:
    begun(watched)
    take(worker="a", most=3)
    run_out()
    assert len(take(worker="b", most=3)) == 1


def test_what_fails_again_and_again_waits_for_people_and_holds_up_nobody(watched: list[Case]) -> None:
    begun(watched)
    for _ in range(MOST_TRIES):
        one = take(worker="a", most=1)[0]
        assert one.case_id == watched[2].pk
        put_back(worker="a", failed=[one.pk])
    assert [task.case_id for task in take(worker="a", most=1)] == [watched[1].pk]
    now = progress()
    assert (now.failed, now.waiting, now.in_hand, now.done) == (1, 2, 1, 0)


def test_a_new_round_takes_the_work_of_the_old_one_away(watched: list[Case]) -> None:
    begun(watched)
    old = take(worker="a", most=1)[0]
    begun(watched)
    assert not finish(old, worker="a")
    assert (Round.objects.count(), progress().waiting) == (1, 3)


def test_a_case_that_goes_takes_its_task_and_copy_along(watched: list[Case]) -> None:
    begun(watched)
    watched[0].delete()
    assert (progress().waiting, Task.objects.count()) == (2, 2)


def test_a_row_says_nothing_but_ids_and_an_order(watched: list[Case]) -> None:
    begun(watched)
    names = {field.name for field in Task._meta.concrete_fields}
    assert names == {"id", "round", "case", "rank", "worker", "leased_until", "tries"}


@pytest.mark.parametrize("column", ["worker"])
def test_nobody_has_a_task_for_ever(watched: list[Case], column: str) -> None:
    from django.db import IntegrityError

    begun(watched)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.update(**{column: F("id")})
