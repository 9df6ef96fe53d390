"""Writers take turns on SQLite, and whoever's turn it is stores for all who wait; nobody's failure is a neighbour's.

The row itself works on every database, and is tried on each; only SQLite's writers stand in it by themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from tropa.desk.staff.models import Team
from tropa.desk.talk import turns
from tropa.desk.talk.turns import MOST_BYTES, MOST_TOGETHER, in_turn, store

PATIENCE = 180.0
pytestmark = pytest.mark.django_db(transaction=True)


class Writers:
    """Threads that store something; what each returned or raised."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.results: list[object] = []
        self.errors: list[Exception] = []

    def start(self, work: Callable[[], object], *, size: int = 0) -> None:
        def write() -> None:
            try:
                self.results.append(in_turn(work, size=size))
            except Exception as error:  # noqa: BLE001  # looked at by the test
                self.errors.append(error)
            finally:
                connection.close()

        before = len(turns._TURNS._row)
        thread = threading.Thread(target=write, daemon=True)
        thread.start()
        self.threads.append(thread)
        for _each in range(int(PATIENCE * 1000)):  # so that the row has one order
            if not thread.is_alive() or len(turns._TURNS._row) != before:
                break
            threading.Event().wait(0.001)

    def join(self) -> None:
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


@contextmanager
def while_one_writes(writers: Writers) -> Iterator[None]:
    """Somebody is at work in a transaction nobody fits into, until all who are started meanwhile stand in the row."""
    inside, over = threading.Event(), threading.Event()

    def hold() -> None:
        inside.set()
        assert over.wait(PATIENCE)

    def hold_on() -> None:
        with suppress(OperationalError):
            in_turn(hold, size=MOST_BYTES + 1)
        connection.close()

    holder = threading.Thread(target=hold_on, daemon=True)
    holder.start()
    assert inside.wait(PATIENCE)
    try:
        yield
    finally:
        over.set()
        holder.join(PATIENCE)
        writers.join()


def found(name: str, who: list[int] | None = None) -> Callable[[], str]:
    """Work that stores one team, and notes the thread that did it."""

    def write() -> str:
        if who is not None:
            who.append(threading.get_ident())
        return Team.objects.create(name=name).name

    return write


def test_those_who_come_while_somebody_writes_share_the_next_transaction() -> None:
    writers, who = Writers(), list[int]()
    with while_one_writes(writers):
        for number in range(6):
            writers.start(found(f"{number}", who))
    assert len(who) == 6
    assert set(who) == {writers.threads[0].ident}
    assert sorted(map(str, writers.results)) == sorted(Team.objects.values_list("name", flat=True))


def test_who_comes_while_a_transaction_is_written_is_taken_along() -> None:
    writers, who = Writers(), list[int]()

    def write() -> str:
        if not who:
            writers.start(found("late", who))
        return found("first", who)()

    assert in_turn(write) == "first"
    writers.join()
    assert who == [threading.get_ident()] * 2
    assert writers.results == ["late"]
    assert set(Team.objects.values_list("name", flat=True)) == {"first", "late"}


def test_a_late_one_that_fails_harms_nobody_it_was_taken_along_by() -> None:
    Team.objects.create(name="taken")
    writers, started = Writers(), list[str]()

    def write() -> str:
        if not started:
            started.append("taken")
            writers.start(found("taken"))
        return found("first")()

    assert in_turn(write) == "first"
    writers.join()
    assert [type(error) for error in writers.errors] == [IntegrityError]
    assert set(Team.objects.values_list("name", flat=True)) == {"taken", "first"}


@pytest.mark.parametrize(
    ("size", "together"), [(0, MOST_TOGETHER), (MOST_BYTES // 4 + 1, 3), (3 * MOST_BYTES, 1)]
)
def test_one_transaction_carries_only_so_much(size: int, together: int) -> None:
    writers, who = Writers(), list[int]()
    with while_one_writes(writers):
        for number in range(together + 1):
            writers.start(found(f"{number}", who), size=size)
    assert who == [writers.threads[0].ident] * together + [writers.threads[together].ident]


def test_a_failed_one_harms_no_neighbour() -> None:
    Team.objects.create(name="taken")
    writers = Writers()

    def breaks() -> None:
        Team.objects.create(name="not to be kept")
        raise ValueError("a fault of its own")

    with while_one_writes(writers):
        for work in (found("a"), found("taken"), breaks, found("b")):
            writers.start(work)
    writers.join()
    assert {type(error) for error in writers.errors} == {IntegrityError, ValueError}
    assert set(Team.objects.values_list("name", flat=True)) == {"taken", "a", "b"}
    assert set(writers.results) == {"a", "b"}


def test_when_a_transaction_fails_as_a_whole_each_is_tried_by_itself() -> None:
    writers, tried = Writers(), list[str]()

    def fault_of_the_disk() -> None:
        tried.append("fault")
        raise OperationalError("disk I/O error")

    def counted() -> str:
        tried.append("counted")
        return found("kept")()

    with while_one_writes(writers):
        for work in (counted, fault_of_the_disk):
            writers.start(work)
    assert tried == ["counted", "fault"] * 2
    assert [type(error) for error in writers.errors] == [OperationalError]
    assert writers.results == ["kept"]
    assert Team.objects.count() == 1


def test_nothing_is_acknowledged_that_a_failed_commit_took_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every commit fails, the shared one and each of its own: all hear of it, nothing stays, the row moves on."""
    writers = Writers()
    with while_one_writes(writers):
        for number in range(3):
            writers.start(found(f"{number}"))

        def no_commit(_self: object) -> None:
            raise OperationalError("database or disk is full")

        monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper._commit", no_commit)
    monkeypatch.undo()
    assert writers.results == []
    assert [type(error) for error in writers.errors] == [OperationalError] * 3
    assert not Team.objects.exists()
    assert in_turn(found("after")) == "after"


def test_within_a_transaction_nobody_waits_for_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns._TURNS, "_busy", True)  # somebody's turn, which does not end
    with transaction.atomic():
        assert store(found("inside")) == "inside"
    assert Team.objects.count() == 1
