"""The desk's end of the planner: starts the process when a plan is first asked for, and again when it has died.

Kept true: a call answers within its bounded wait or raises `PlannerUnavailable`; calls of several threads take turns; a
child that died, hung or spoke nonsense is ended and the next call starts a new one. One dead child is forgiven within a
call (it may have died since the last one), a second is not. Facts of a person travel through the pipe only.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tropa.planning.errors import BadPerson, PersonProblem, PlannerUnavailable
from tropa.planning.frames import frame, read_frame
from tropa.planning.over_pack import NOTHING, OverPack
from tropa.planning.person import PersonFacts
from tropa.planning.plan import PlanSet
from tropa.planning.plan_json import WrongJson, plain, revive

START_SECONDS = 120.0
"""For the process to come up with pack and kernels; without a cache they are compiled, for half a minute."""
ANSWER_SECONDS = 20.0
STOP_SECONDS = 2.0
SEARCH_SHARE = 0.75
"""Of the time an answer may take, so much is for searching: what was found by then is the answer."""
KEPT_ENVIRONMENT = (
    "PATH",
    "PYTHONPATH",
    "LANG",
    "LC_ALL",
    "HOME",
    "NUMBA_CACHE_DIR",
    "VIRTUAL_ENV",
    "SYSTEMROOT",
)
CHUNK = 65536


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    owner: int  # the process that started it; a fork must not talk into its parent's pipe
    over: str = NOTHING.name  # what it was told to lay over its pack


class PlannerClient:
    """Talks to one planner process for one pack. Thread-safe; use as a context manager or call `close`."""

    def __init__(
        self,
        *,
        pack: Path,
        reviewed_as_of: date | None = None,
        answer_seconds: float = ANSWER_SECONDS,
        start_seconds: float = START_SECONDS,
    ) -> None:
        self._pack, self._reviewed_as_of = pack, reviewed_as_of
        self._answer_seconds, self._start_seconds = answer_seconds, start_seconds
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def plans(
        self,
        person: PersonFacts,
        *,
        on: date,
        over: OverPack = NOTHING,
        only: Collection[str] | None = None,
    ) -> PlanSet:
        """The planner's answer for a person on a day, with what the organisation says over the pack. `only`: of the
        plans nothing beats those that are shown and those of these ids; None: all.

        Raises BadPerson if the atlas does not know something of the facts, PlannerUnavailable if there is no answer.
        """
        answer = self._ask(
            {
                "person": plain(person),
                "on": on.isoformat(),
                "seconds": self._answer_seconds * SEARCH_SHARE,
                **({} if only is None else {"only": sorted(only)}),
            },
            over,
        )
        if "problems" in answer:
            raise BadPerson(self._revived(tuple[PersonProblem, ...], answer["problems"]))
        if "answer" not in answer:
            raise PlannerUnavailable(f"the planner failed: {answer.get('failed', 'no answer')}")
        found: PlanSet = self._revived(PlanSet, answer["answer"])
        return found

    @property
    def process_id(self) -> int | None:
        """The planner's process, if one has been started and not been ended."""
        child = self._child
        return child.process.pid if child else None

    def close(self) -> None:
        """End the planner process, if there is one."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _revived(self, kind: Any, data: Any) -> Any:
        try:
            return revive(kind, data)
        except WrongJson as error:
            self.close()
            raise PlannerUnavailable("the planner spoke nonsense") from error

    def _ask(self, request: dict[str, Any], over: OverPack) -> dict[str, Any]:
        if not self._lock.acquire(timeout=self._answer_seconds):
            raise PlannerUnavailable("the planner is busy")
        try:
            fresh = self._child is None
            try:
                return self._exchange(request, over)
            except _Died as error:
                if fresh:
                    raise PlannerUnavailable("the planner died") from error
            try:
                return self._exchange(request, over)
            except _Died as error:
                raise PlannerUnavailable("the planner died") from error
        finally:
            self._lock.release()

    def _exchange(self, request: dict[str, Any], over: OverPack) -> dict[str, Any]:
        try:
            child = self._running()
            if child.over != over.name:
                self._tell(child, over)
            self._send(child, frame(request))
            answer = self._receive(child, self._answer_seconds)
        except (_Died, PlannerUnavailable):
            self._end()
            raise
        return answer

    def _tell(self, child: _Child, over: OverPack) -> None:
        """Have the child lay this over its pack; it answers with the name of what it understood."""
        self._send(child, frame({"over": over.document}))
        if self._receive(child, self._start_seconds).get("over") != over.name:
            raise PlannerUnavailable("the planner did not take the facts in force")
        child.over = over.name

    def _running(self) -> _Child:
        if self._child is not None and self._child.owner != os.getpid():
            self._child = None
        if self._child is not None and self._child.process.poll() is not None:
            self._end()
            raise _Died
        if self._child is None:
            self._child = _Child(self._start(), os.getpid())
            self._receive(self._child, self._start_seconds)  # "ready", once the pack is loaded
        return self._child

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tropa.planning.process", str(self._pack)]
        if self._reviewed_as_of is not None:
            command += ["--reviewed-as-of", self._reviewed_as_of.isoformat()]
        environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                bufsize=0,
            )
        except OSError as error:
            raise PlannerUnavailable("the planner cannot be started") from error

    def _send(self, child: _Child, data: bytes) -> None:
        pipe = child.process.stdin
        assert pipe is not None
        view = memoryview(data)
        try:
            while view:
                view = view[pipe.write(view) or 0 :]
        except OSError as error:
            raise _Died from error

    def _receive(self, child: _Child, seconds: float) -> dict[str, Any]:
        until = time.monotonic() + seconds
        answer = read_frame(lambda count: self._read(child, count, until))
        if answer is None:
            raise _Died
        return answer

    def _read(self, child: _Child, count: int, until: float) -> bytes:
        pipe = child.process.stdout
        assert pipe is not None
        found = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while len(found) < count:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise PlannerUnavailable("the planner did not answer in time")
                chunk = os.read(pipe.fileno(), min(CHUNK, count - len(found)))
                if not chunk:
                    break
                found += chunk
        return bytes(found)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None or child.owner != os.getpid():
            return
        process = child.process
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class _Died(Exception):
    """The child ended; a new one may answer."""
