"""The queue: tasks are taken for a time, kept by a heartbeat, and gone when their work is stored.

Kept true: two workers never have one task at once; a task whose worker died is taken by another once its lease has
run out, and what the dead one had not stored is done again; a worker that lost its lease stores nothing. Leases are
measured by the database's clock, so that workers may stand on any machines. A row names a case and nothing of it.
A task that failed `MOST_TRIES` times is left for people to look at; it holds up nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from tropa.desk.work.models import Round, Task

LEASE = timedelta(seconds=90)
MOST_TRIES = 3
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is. `failed` tasks are done by nobody any more; `waiting` includes those in hand."""

    total: int
    waiting: int
    in_hand: int
    failed: int
    day: date | None

    @property
    def done(self) -> int:
        """Cases whose work is stored, or that are gone."""
        return self.total - self.waiting - self.failed


@transaction.atomic
def begin(ranks: Iterable[tuple[str, int]], *, day: date) -> Round:
    """A new round over these (case, rank); whatever was left of an earlier one is part of it or obsolete."""
    Round.objects.all().delete()
    wanted = list(ranks)
    begun = Round.objects.create(total=len(wanted), day=day)
    rows = (Task(round=begun, case_id=case, rank=rank) for case, rank in wanted)
    Task.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return begun


@transaction.atomic
def take(*, worker: str, most: int) -> list[Task]:
    """Up to `most` tasks for this worker, the worst first; none when all are done or in hand."""
    free = Task.objects.select_for_update(skip_locked=True).filter(
        Q(leased_until=None) | Q(leased_until__lt=Now()), tries__lt=MOST_TRIES
    )
    found = list(free.order_by("rank", "id")[:most])
    if found and found[0].tries:
        found = found[:1]  # it may be what its last worker died of, so nobody is to be taken along
    found = [task for task in found if task.tries == found[0].tries]
    Task.objects.filter(pk__in=[task.pk for task in found]).update(
        worker=worker, leased_until=Now() + LEASE, tries=F("tries") + 1
    )
    return found


def keep(*, worker: str) -> int:
    """The heartbeat: every task in this worker's hand stays there for another lease. Returns how many they are."""
    return Task.objects.filter(worker=worker).update(leased_until=Now() + LEASE)


def finish(task: Task, *, worker: str) -> bool:
    """The task's row goes, if this worker still has it. Called in the transaction that stores its work: on False
    that is to be rolled back, for somebody else has it or the round is another.
    """
    return bool(Task.objects.filter(pk=task.pk, worker=worker).delete()[0])


def put_back(*, worker: str, failed: Iterable[str] = ()) -> None:
    """What this worker has in hand is free at once; only tasks that `failed` count as tried."""
    mine = Task.objects.filter(worker=worker)
    wrong = list(failed)
    mine.filter(pk__in=wrong).update(worker="", leased_until=None)
    mine.exclude(pk__in=wrong).update(worker="", leased_until=None, tries=F("tries") - 1)


def progress() -> Progress:
    """How far the round is; zeros before the first."""
    begun = Round.objects.first()
    tasks = Task.objects.all()
    in_hand = tasks.filter(leased_until__gte=Now()).count()
    given_up = tasks.filter(Q(leased_until=None) | Q(leased_until__lt=Now()), tries__gte=MOST_TRIES).count()
    return Progress(
        total=begun.total if begun else 0,
        waiting=tasks.count() - given_up,
        in_hand=in_hand,
        failed=given_up,
        day=begun.day if begun else None,
    )
