"""Keeps the services of one machine running, and ends them all when it ends.

Kept true: a service that dies is started again, after a pause that grows while it keeps dying, and it is
said aloud; SIGTERM or SIGINT stops every service and waits for it; a supervisor that is killed takes its
services along (the kernel tells them). Signals are waited for, never handled in passing: there is no moment
at which one is lost. Not done here: anything with keys, messages or the database. This process imports the
standard library alone.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tropa.cli.language import gettext as _
from tropa.cli.lifeline import tie_to_parent

SIGNALS = frozenset({signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
SETTLED_AFTER = 60.0  # a service that ran this long has its earlier deaths forgiven
STOP_PATIENCE = 10.0
SHORT_WAIT = 0.1
LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """A program that should always run."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True, slots=True)
class Chore:
    """A short program that runs again and again; `every` is in seconds, from start to start."""

    name: str
    command: Sequence[str]
    every: float


@dataclass(slots=True)
class Child:
    """One service or chore with its process, if it runs now, and the moment it is to start (monotonic
    seconds).
    """

    job: Service | Chore
    starts_at: float
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = field(default=0)


class Supervisor:
    """Starts, watches and stops children; `say` receives a sentence for the operator."""

    def __init__(self, environment: Mapping[str, str], *, say: Callable[[str], None]) -> None:
        self._environment = dict(environment)
        self._say = say
        self._children: list[Child] = []
        self._stopping = False

    def add(self, job: Service | Chore, *, after: float = 0.0) -> None:
        """Run this job from `after` seconds from now on."""
        self._children.append(Child(job, starts_at=time.monotonic() + after))

    def run(self, *, until: Callable[[], bool] | None = None) -> bool:
        """Watch over the children until told to stop (False) or until `until()` holds (True)."""
        while not self._stopping:
            self._start_due()
            if until is not None and until():
                return True
            self._wait(LONGEST_WAIT if until is None else SHORT_WAIT)
            self._bury()
        return False

    def stop(self) -> None:
        """SIGTERM to every child, SIGKILL to those who do not end in time; returns when none is left."""
        self._stopping = True
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_PATIENCE
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start_due(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.process is None and child.starts_at <= now:
                child.process = start(child.job.command, self._environment)
                child.started_at = now

    def _wait(self, longest: float) -> None:
        """Sleep until a signal comes or the next child is due, at most `longest` seconds."""
        now = time.monotonic()
        due = [child.starts_at for child in self._children if child.process is None]
        pause = max(0.0, min([now + longest, *due]) - now)
        arrived = signal.sigtimedwait(SIGNALS, pause)
        if arrived is not None and arrived.si_signo != signal.SIGCHLD:
            self._stopping = True

    def _bury(self) -> None:
        for child in self._children:
            if child.process is None or child.process.poll() is None:
                continue
            code = child.process.returncode
            child.process = None
            if isinstance(child.job, Chore):
                self._chore_ended(child, child.job, code)
            elif not self._stopping:
                self._service_died(child, code)

    def _service_died(self, child: Child, code: int) -> None:
        now = time.monotonic()
        child.deaths = 1 if now - child.started_at >= SETTLED_AFTER else child.deaths + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (child.deaths - 1))
        child.starts_at = now + pause
        self._say(
            _("%(name)s ended (%(how)s); starting it again in %(pause).1f s")
            % {"name": child.job.name, "how": how_it_ended(code), "pause": pause}
        )

    def _chore_ended(self, child: Child, chore: Chore, code: int) -> None:
        child.starts_at = max(time.monotonic(), child.started_at + chore.every)
        if code:
            self._say(
                _("%(name)s failed (%(how)s); it runs again in its turn")
                % {"name": chore.name, "how": how_it_ended(code)}
            )


def block_signals() -> None:
    """From here on signals wait until the supervisor asks for them. Call once, before the first child."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def start(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    output: int | None = None,
    errors: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child whose life is tied to ours and who hears signals again."""
    parent = os.getpid()

    def in_the_child() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        tie_to_parent(parent)

    # safe here: this process has one thread
    return subprocess.Popen(
        list(command),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        preexec_fn=in_the_child,  # noqa: PLW1509
        # an interrupt typed at the terminal goes to the supervisor alone, which stops the children in order
        process_group=0,
    )


def how_it_ended(code: int) -> str:
    """An exit code, or the signal that ended a process, in words."""
    if code >= 0:
        return _("exit code %d") % code
    try:
        return signal.Signals(-code).name
    except ValueError:
        return _("signal %d") % -code


def say(sentence: str) -> None:
    """A sentence for the operator, on the error stream, where the lines that programs read do not pass."""
    print(f"tropa: {sentence}", file=sys.stderr, flush=True)
