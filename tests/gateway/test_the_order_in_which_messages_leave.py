"""The schedule: one at a time to a person, in order; the account's rate kept and never passed; answers first."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tropa.channels.values import Limits
from tropa.gateway.schedule import AHEAD, Schedule, Waiting

LIMITS = Limits(per_second=30.0, per_person=1.0)


def sent_in_order(schedule: Schedule, *, until: float, takes: float = 0.0) -> list[tuple[float, Waiting]]:
    """Play a clock on which every call takes as long as said; what left, and when."""
    now, left, running = 0.0, [], []
    while now <= until and len(schedule):
        for moment, waiting in [each for each in running if each[0] <= now]:
            schedule.over(waiting, moment)
            running.remove((moment, waiting))
        for waiting in schedule.due(now):
            left.append((now, waiting))
            running.append((now + takes, waiting))
        wait = schedule.wait(now)
        now = min(
            [moment for moment, _waiting in running] + [now + (0.01 if wait is None else max(wait, 0.001))]
        )
    return left


def test_a_whole_account_keeps_its_rate_over_thousands() -> None:
    schedule = Schedule(LIMITS, 0.0)
    for number in range(3000):
        schedule.add(Waiting(number, f"person {number}", answer=False))
    left = sent_in_order(schedule, until=200.0)
    assert len(left) == 3000
    assert 3000 / left[-1][0] >= 0.99 * 30
    moments = [moment for moment, _waiting in left]
    most = max(
        sum(1 for other in moments[at : at + 40] if other < moments[at] + 1.0) for at in range(0, 3000, 7)
    )
    assert most <= 30 + AHEAD + 1


def test_a_moment_nothing_could_leave_in_is_made_up_for_and_no_second_holds_more_than_allowed() -> None:
    chance = random.Random(7)  # noqa: S311
    schedule = Schedule(LIMITS, 0.0)
    for number in range(6000):
        schedule.add(Waiting(number, f"person {number}", answer=False))
    now, left = 0.0, list[float]()
    while len(schedule):
        for waiting in schedule.due(now):
            left.append(now)
            schedule.over(waiting, now)
        wait = schedule.wait(now) or 0.0
        now += max(wait, 0.001) + (chance.uniform(0.3, 0.9) if chance.random() < 0.02 else 0.0)
    assert len(left) == 6000
    assert 6000 / left[-1] >= 0.99 * 30
    most = max(
        sum(1 for other in left[at : at + 80] if other < moment + 1.0) for at, moment in enumerate(left)
    )
    assert most <= 30 + AHEAD


def test_who_stood_still_for_long_sends_no_heap() -> None:
    schedule = Schedule(LIMITS, 0.0)
    for number in range(200):
        schedule.add(Waiting(number, f"person {number}", answer=False))
    assert 30 <= len(list(schedule.due(60.0))) <= 30 + AHEAD


def test_an_answer_overtakes_all_automatic_messages() -> None:
    schedule = Schedule(LIMITS, 0.0)
    for number in range(1000):
        schedule.add(Waiting(number, f"person {number}", answer=False))
    begun = sent_in_order(schedule, until=2.0)
    schedule.add(Waiting(5000, "somebody", answer=True))
    after = next(iter(schedule.due(begun[-1][0] + 1.0)))
    assert after.number == 5000


def test_what_a_person_is_told_first_leaves_before_their_answer_and_with_its_right_of_way() -> None:
    schedule = Schedule(LIMITS, 0.0)
    for number in range(100):
        schedule.add(Waiting(number, f"person {number}", answer=False))
    schedule.add(Waiting(500, "somebody", answer=False))
    schedule.add(Waiting(501, "somebody", answer=True))
    order = [waiting.number for _moment, waiting in sent_in_order(schedule, until=60.0)]
    assert order[0] == 500
    assert order.index(501) < 40


def test_told_to_wait_nothing_leaves_before() -> None:
    schedule = Schedule(LIMITS, 0.0)
    for number in range(10):
        schedule.add(Waiting(number, f"person {number}", answer=True))
    first = next(iter(schedule.due(0.0)))
    schedule.again(first, 7.0, everybody=True)
    assert list(schedule.due(6.9)) == []
    assert [waiting.number for waiting in schedule.due(7.0)]
    assert first.number in [waiting.number for _moment, waiting in sent_in_order(schedule, until=60.0)]


@given(seed=st.integers(0, 10_000), people=st.integers(1, 6), messages=st.integers(1, 40))
def test_each_persons_messages_leave_once_in_order_and_not_too_fast(
    seed: int, people: int, messages: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    schedule = Schedule(LIMITS, 0.0)
    waiting = [
        Waiting(number, f"person {chance.randrange(people)}", answer=chance.random() < 0.5)
        for number in range(messages)
    ]
    for each in waiting:
        schedule.add(each)
        schedule.add(each)
    left = sent_in_order(schedule, until=500.0, takes=chance.choice((0.0, 0.2, 1.5)))
    assert sorted(each.number for _moment, each in left) == list(range(messages))
    for person in {each.person for each in waiting}:
        theirs = [(moment, each.number) for moment, each in left if each.person == person]
        assert [number for _moment, number in theirs] == sorted(number for _moment, number in theirs)
        assert all(later - earlier >= 0.999 for (earlier, _), (later, _) in pairwise(theirs))


def test_being_told_to_wait_holds_the_whole_account_and_is_known_until_it_is_over() -> None:
    schedule = Schedule(LIMITS, 0.0)
    for number in range(2):
        schedule.add(Waiting(number, f"person {number}", answer=True))
    first = next(iter(schedule.due(0.0)))
    schedule.again(first, 40.0, everybody=True)
    assert (schedule.held(10.0), schedule.held(41.0)) == (30.0, 0.0)
    assert not list(schedule.due(39.9))
    alone = Schedule(LIMITS, 0.0)
    alone.add(Waiting(1, "somebody", answer=True))
    alone.again(next(iter(alone.due(0.0))), 40.0, everybody=False)
    assert alone.held(1.0) == 0.0
