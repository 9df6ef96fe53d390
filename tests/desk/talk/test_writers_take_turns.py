"""Many writers at once each get their turn, and whoever is in a transaction already never waits for one."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tropa.desk.talk.turns import writing_turn

PATIENCE = 20.0


def in_a_thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_on_sqlite_one_writer_is_in_at_a_time() -> None:
    inside, most = [0], [0]
    counting = threading.Lock()

    def write() -> None:
        with writing_turn():
            with counting:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            threading.Event().wait(0.005)
            with counting:
                inside[0] -= 1

    threads = [in_a_thread(write) for _each in range(8)]
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert inside[0] == 0
    assert most[0] == 1 or connection.vendor != "sqlite"


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_nobody_waits_for_a_turn() -> None:
    held, over, done = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        with writing_turn():
            held.set()
            over.wait(PATIENCE)

    def write_inside() -> None:
        with transaction.atomic(), writing_turn():
            done.set()
        connection.close()

    holder = in_a_thread(hold)
    assert held.wait(PATIENCE)
    writer = in_a_thread(write_inside)
    assert done.wait(PATIENCE)
    over.set()
    for thread in (holder, writer):
        thread.join(PATIENCE)
