"""A worker: takes cases from the queue, plans them anew on the facts in force, stores what it found. Holds the
sentinel's key.

Kept true: what a case comes to is stored in one transaction with the end of its task, so a worker may be killed at any
moment and nothing is lost or stored twice; facts that were saved meanwhile are never overwritten with an older front.
Nothing of a person leaves the process but sealed; an error tells its kind alone.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from types import TracebackType
from typing import Self

from django.db import connection, transaction

from tropa.atlas import Atlas
from tropa.desk import clock
from tropa.desk.cases.models import Case
from tropa.desk.facts import look_again
from tropa.desk.work import queue
from tropa.desk.work.copies import Found, Watched, digest_of, keep_finding, open_copy, sealed_copy
from tropa.desk.work.models import OpenCopy, Task
from tropa.desk.work.sentinel import SentinelPublic
from tropa.envelope import Seed
from tropa.planning.compiling import Compilations
from tropa.planning.mass.renewal import Renewed, anew
from tropa.planning.mass.together import Together

AT_ONCE = 8
BEAT = queue.LEASE.total_seconds() / 3

_log = logging.getLogger(__name__)


class Worker:
    """One process at work. `name` is random: which machine it runs on is nobody's business."""

    def __init__(self, seed: Seed) -> None:
        self.name = secrets.token_hex(16)
        self._seed = seed
        self._public = SentinelPublic(seed.sealing().public, seed.signing().public)
        self._compiled: tuple[Atlas, date, Together] | None = None

    def work(self, *, stop: Callable[[], bool] = lambda: False) -> int:
        """Take some tasks and do them; how many were taken. On `stop` the rest goes back to the others."""
        taken, failed = queue.take(worker=self.name, most=AT_ONCE), []
        try:
            with Heartbeat(self.name):
                for task in taken:
                    if stop():
                        break
                    if not self._done(task):
                        failed.append(task.pk)
        finally:
            queue.put_back(worker=self.name, failed=failed)
        return len(taken)

    def _done(self, task: Task) -> bool:
        try:
            self._do(task)
        except Exception as error:  # noqa: BLE001 - whatever it is, it may hold a person's facts: only its kind is told
            _log.error("a case could not be planned anew: %s", type(error).__name__)
            return False
        return True

    def _do(self, task: Task) -> None:
        copy = OpenCopy.objects.filter(case_id=task.case_id).first()
        if copy is None:
            queue.finish(task, worker=self.name)
            return
        watched = open_copy(copy, self._seed)
        on = clock.facts_day()
        renewed = anew(self._together(on), watched.plan)
        with transaction.atomic():
            if not queue.finish(task, worker=self.name):
                return
            self._store(copy, watched, renewed, on)

    def _store(self, copy: OpenCopy, watched: Watched, renewed: Renewed, on: date) -> None:
        now = Watched(replace(renewed.plan, chosen=renewed.followed), on)
        same = OpenCopy.objects.filter(pk=copy.pk, version=copy.version)
        if not same.update(sealed=sealed_copy(self._public, copy.case_id, copy.version, now)):
            return  # the facts were saved anew meanwhile, by somebody who is planning on them now
        found = Found(
            outcome=renewed.outcome.value,
            on=on,
            facts=digest_of(watched.plan.person),
            ways_before=len(watched.plan.front) if watched.on else None,
            ways_after=len(renewed.plan.front),
        )
        keep_finding(case=Case.objects.get(pk=copy.case_id), found=found, seed=self._seed)

    def _together(self, on: date) -> Together:
        """What the classes could do on the facts in force at this moment; kept while they stay the same."""
        atlas = look_again().atlas
        if self._compiled is None or self._compiled[0] is not atlas or self._compiled[1] != on:
            self._compiled = (atlas, on, Together(Compilations(atlas), on))
        return self._compiled[2]


class Heartbeat(AbstractContextManager["Heartbeat"]):
    """While it runs, the worker's leases do not run out, however long a search takes."""

    def __init__(self, worker: str, every: float = BEAT) -> None:
        self._worker, self._every = worker, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(self._every):
                queue.keep(worker=self._worker)
        finally:
            connection.close()
