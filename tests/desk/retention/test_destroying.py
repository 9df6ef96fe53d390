"""What is destroyed is gone in every form; what breaks off in the middle leaves all of it, or nothing that opens."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from tests.desk.world import World
from tropa.desk.cases.models import Case, Phase
from tropa.desk.cases.services import set_phase
from tropa.desk.conf import conf
from tropa.desk.housekeeping import keep_house
from tropa.desk.receipts import Destroyed, note_destroyed, noted
from tropa.desk.retention.destroying import Cause, destroy
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.models import Thread
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import reply
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.last_act import note_act
from tropa.desk.vault.services import open_case_seed
from tropa.desk.vault.wrapping_keys import destroy_wrapping_keys, wrapping_keys

NO_ROOM = "too large|not all"


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def closed(world: World) -> Case:
    written, case = world.taken()
    reply(reader=world.boris.reader(world.now), thread=written.thread, text="ответ")
    set_phase(reader=world.boris.reader(world.now), case=case, phase=Phase.CLOSED)
    return case


def test_key_rows_and_line_go_together(world: World) -> None:
    case, other = closed(world), world.taken()[1]
    assert keep_house(now=world.now + timedelta(days=conf.closed_days + 1)).cases == 1
    assert set(wrapping_keys([case.pk, other.pk])) == {other.pk}
    assert noted(Destroyed.CASE, [case.pk, other.pk]) == [case.pk]
    assert list(Case.objects.all()) == [other]


def test_delete_everything_destroys_the_key_too(world: World) -> None:
    written, case = world.taken()
    delete_everything(thread=written.thread, now=world.now)
    assert not wrapping_keys([case.pk])
    assert not Case.objects.exists()
    assert not Thread.objects.exists()


def test_killed_after_the_word_all_is_there_and_the_next_round_ends_it(world: World) -> None:
    written, case = world.taken()
    note_destroyed({Destroyed.THREAD: [written.thread.pk], Destroyed.CASE: [case.pk]})
    assert thread_entries(reader=world.boris.reader(), thread=written.thread)[0].text
    assert keep_house(now=world.now).ended == 2
    assert not Case.objects.exists()
    assert not wrapping_keys([case.pk])
    assert keep_house(now=world.now).ended == 0


def test_killed_after_the_key_nothing_opens_and_the_next_round_ends_it(world: World) -> None:
    written, case = world.taken()
    note_destroyed({Destroyed.THREAD: [written.thread.pk], Destroyed.CASE: [case.pk]})
    destroy_wrapping_keys([case.pk])
    for person in (world.boris, world.anna):
        with pytest.raises(NoGrant):
            open_case_seed(reader=person.reader(), case=case)
    assert keep_house(now=world.now).ended == 2
    assert not Thread.objects.exists()


def test_rows_that_stay_because_the_database_refused_open_nothing(world: World) -> None:
    _written, case = world.taken()
    before = transaction.savepoint()
    destroy(cause=Cause.RETENTION, now=world.now, cases=[case.pk])
    transaction.savepoint_rollback(before)
    assert Case.objects.get() == case
    with pytest.raises(NoGrant):
        open_case_seed(reader=world.boris.reader(), case=case)
    assert keep_house(now=world.now).ended == 2


def test_a_full_disk_before_the_word_leaves_everything_as_it_was(world: World) -> None:
    written, case = world.taken()
    book = conf.pinned / "destroyed"
    size = book.stat().st_size if book.exists() else 0
    for more in (0, 1, 20, 40):
        with room(size + more), pytest.raises(OSError, match=NO_ROOM):
            delete_everything(thread=written.thread, now=world.now)
        assert (book.stat().st_size if book.exists() else 0) == size
        assert thread_entries(reader=world.boris.reader(), thread=written.thread)[0].text
        assert noted(Destroyed.CASE, [case.pk]) == []
    assert keep_house(now=world.now).ended == 0
    assert Case.objects.get() == case


def test_a_clock_set_back_keeps_nothing_longer_and_destroys_nothing_sooner(world: World) -> None:
    closed(world)
    note_act(world.now + timedelta(days=conf.closed_days))
    assert keep_house(now=world.now - timedelta(days=3000)).cases == 0
    note_act(world.now + timedelta(days=conf.closed_days + 1))
    assert keep_house(now=world.now - timedelta(days=3000)).cases == 1
