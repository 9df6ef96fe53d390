"""The supervisor, run as a program of its own with real children, and killed the way the world kills."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PATIENCE = 300.0

PROLOGUE = """
import sys
from tropa.cli import supervisor
from tropa.cli.supervisor import Chore, Service, Supervisor, block_signals, say
block_signals()
PYTHON = sys.executable
watched = Supervisor({"PATH": "/usr/bin:/bin"}, say=say)
"""
EPILOGUE = """
print("watching", flush=True)
watched.run()
watched.stop()
"""
NOTES_ITS_PID = "import os, time; open('{file}', 'a').write(f'{{os.getpid()}}\\\\n'); time.sleep(600)"


class Watched:
    """A supervisor at work; its children write their ids into `pids`."""

    def __init__(self, folder: Path, jobs: str) -> None:
        self.folder = folder
        script = PROLOGUE + textwrap.dedent(jobs).replace("{folder}", str(folder)) + EPILOGUE
        self.errors = (folder / "errors").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=self.errors, start_new_session=True
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def pids(self, name: str) -> list[int]:
        path = self.folder / name
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def said(self) -> str:
        return (self.folder / "errors").read_text()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.errors.close()


def eventually(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[[str], Watched]]:
    begun: list[Watched] = []

    def begin(jobs: str) -> Watched:
        begun.append(Watched(tmp_path, jobs))
        return begun[-1]

    yield begin
    for watched in begun:
        watched.close()


SLEEPER = (
    f'watched.add(Service("sleeper", (PYTHON, "-c", "{NOTES_ITS_PID.format(file="{folder}/sleeper")}")))'
)


def test_a_killed_service_is_started_again_and_it_is_said(watch: Callable[[str], Watched]) -> None:
    watched = watch(SLEEPER)
    eventually(lambda: len(watched.pids("sleeper")) == 1, "the service starts")
    os.kill(watched.pids("sleeper")[0], signal.SIGKILL)
    eventually(lambda: len(watched.pids("sleeper")) == 2, "the service starts again")
    assert "sleeper ended (SIGKILL)" in watched.said()


def test_a_service_that_keeps_dying_is_started_after_growing_pauses(watch: Callable[[str], Watched]) -> None:
    watched = watch('watched.add(Service("dying", (PYTHON, "-c", "raise SystemExit(3)")))')
    eventually(lambda: watched.said().count("dying ended (exit code 3)") >= 3, "it dies three times")
    said = watched.said()
    assert "in 0.5 s" in said
    assert "in 1.0 s" in said
    assert "in 2.0 s" in said


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_being_stopped_it_stops_its_services_and_ends_well(
    watch: Callable[[str], Watched], stop: signal.Signals
) -> None:
    watched = watch(SLEEPER)
    eventually(lambda: len(watched.pids("sleeper")) == 1, "the service starts")
    watched.process.send_signal(stop)
    assert watched.process.wait(PATIENCE) == 0
    assert not runs(watched.pids("sleeper")[0])


def test_a_service_deaf_to_being_stopped_is_killed(watch: Callable[[str], Watched]) -> None:
    deaf = NOTES_ITS_PID.format(file="{folder}/deaf").replace(
        "time;", "time, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    )
    watched = watch(f'supervisor.STOP_PATIENCE = 0.2\nwatched.add(Service("deaf", (PYTHON, "-c", "{deaf}")))')
    eventually(lambda: len(watched.pids("deaf")) == 1, "the service starts")
    watched.process.terminate()
    assert watched.process.wait(PATIENCE) == 0
    assert not runs(watched.pids("deaf")[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_killed_supervisor_takes_its_services_along(watch: Callable[[str], Watched]) -> None:
    watched = watch(SLEEPER)
    eventually(lambda: len(watched.pids("sleeper")) == 1, "the service starts")
    watched.process.kill()
    watched.process.wait()
    eventually(lambda: not runs(watched.pids("sleeper")[0]), "the service ends with its supervisor")


def test_a_chore_runs_again_and_again_and_its_failure_is_said(watch: Callable[[str], Watched]) -> None:
    code = "import os; open('{folder}/chore', 'a').write(f'{os.getpid()}\\\\n'); raise SystemExit(7)"
    watched = watch(f'watched.add(Chore("sweeping", (PYTHON, "-c", "{code}"), every=0.2))')
    eventually(lambda: len(watched.pids("chore")) >= 3, "the chore runs three times")
    eventually(lambda: "sweeping failed (exit code 7)" in watched.said(), "its failure is said")
