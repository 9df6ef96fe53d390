"""Slow hashes run one at a time in a thread of low priority, so that whoever writes at the drop comes first."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.staff import slots, slow_hash
from tropa.desk.staff.background import NICENESS, giving_way

Result = TypeVar("Result")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_the_thread_gives_way_and_the_one_that_asks_does_not() -> None:
    before = niceness()
    assert giving_way(niceness) == NICENESS
    assert niceness() == before <= NICENESS  # the whole run may have been told to give way


def test_what_fails_in_it_fails_where_it_was_asked_for() -> None:
    with pytest.raises(ZeroDivisionError):
        giving_way(lambda: 1 // 0)
    assert giving_way(lambda: 7) == 7


def test_two_never_run_at_once() -> None:
    running: list[int] = []
    most: list[int] = []

    def work() -> None:
        running.append(1)
        most.append(len(running))
        running.pop()

    with ThreadPoolExecutor(8) as askers:
        list(askers.map(lambda _number: giving_way(work), range(200)))
    assert max(most) == 1


def test_passwords_and_both_slots_are_hashed_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def watched(work: Callable[[], Result]) -> Result:
        asked.append("hash")
        return giving_way(work)

    for module in (slow_hash, slots):
        monkeypatch.setattr(module, "giving_way", watched)
    signed_in(world.boris)
    assert len(asked) == 3  # the password, and a passphrase against each slot


def test_a_full_queue_rests_as_long_as_it_works() -> None:
    """By the clock the queue itself reads: a second turn does not begin before the rest is over."""
    queue = slow_hash.SlowQueue(1)
    with queue.turn():
        began = time.monotonic()
        while time.monotonic() - began < 0.05:
            pass
    ended = time.monotonic()
    with queue.turn():
        assert time.monotonic() - ended >= 0.04
