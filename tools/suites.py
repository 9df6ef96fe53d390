"""Runs every check and every suite of tests, each to its end, and fails when one of them failed.

Each says how long it took. Every test that stores anything, pages in a real browser included, runs on a real PostgreSQL
and on SQLite at the same time, those that wait for servers and browsers beside those that work; the rooms that store
nothing (`tests/skips.py`) run once, in what these leave of the machine. A failure is printed when it happens; the last
line of the log is pytest's, and how every suite ended stands above the last one's words. A part that is missing
(browser, PostgreSQL) is an error, never a skip.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import chromium, debian, mail_server, prosody, synapse, tor

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
LOOKED_AT = 1.0
"""Seconds between two looks at suites under way."""
TOLD_EVERY = 60.0
"""Seconds between two lines that say how far they are."""
NICE = 10
"""How much a suite that gives way does so."""
SO_FAR = re.compile(r"\[ *(\d+)%\]\s")


@dataclass(frozen=True, slots=True)
class Suite:
    """One command of the checks or tests."""

    name: str
    command: tuple[str, ...]
    gives_way: bool = False
    """Whether the others have the machine first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    suite: str
    passed: bool
    seconds: float

    def __str__(self) -> str:
        return f"{'passed' if self.passed else 'FAILED'}  {self.seconds:7.1f} s  {self.suite}"


CHECKS = (
    Suite("lint", ("ruff", "check", "--quiet", ".")),
    Suite("format", ("ruff", "format", "--check", "--quiet", ".")),
    Suite("types", ("mypy",)),
    Suite("imports", ("lint-imports", "--no-cache")),
    Suite("messages", ("python", "tools/messages.py", "--check")),
)
TESTS = (
    Suite("PostgreSQL", ("pytest", "-q", "--rooms", "working", "--database", "postgres")),
    Suite(
        "PostgreSQL, servers and browsers", ("pytest", "-q", "--rooms", "waiting", "--database", "postgres")
    ),
    Suite("SQLite, servers and browsers", ("pytest", "-q", "--rooms", "waiting")),
    Suite("what stores nothing", ("pytest", "-q", "--rooms", "unstored"), gives_way=True),
    Suite("SQLite", ("pytest", "-q", "--rooms", "working")),
)


def run(suite: Suite) -> Outcome:
    """One check, its words as they come."""
    print(f"\n== {suite.name}", flush=True)
    began = time.monotonic()
    outcome = Outcome(suite.name, _start(suite).wait() == 0, time.monotonic() - began)
    print(outcome, flush=True)
    return outcome


class Running:
    """A suite of tests under way. What it says is kept until all have ended; its failures are told as they happen."""

    def __init__(self, suite: Suite, folder: Path) -> None:
        self.suite = suite
        self._said = folder / f"{suite.name}.said"
        self._failures = folder / f"{suite.name}.failures"
        self._failures.touch()
        self._told = 0
        with self._said.open("w") as into:
            # by "=": pytest takes a path that stands alone for where its tests and options are
            self.process = _start(suite, f"--failures={self._failures}", into=into)

    def tell_failures(self) -> None:
        """Print what failed since the last look."""
        said = self._failures.read_text()
        if new := said[self._told :]:
            print(f"\n-- {self.suite.name}{new}", end="", flush=True)
        self._told = len(said)

    def so_far(self) -> str:
        """How far it is."""
        percents = SO_FAR.findall(self._said.read_text())
        return f"{self.suite.name}: {percents[-1] if percents else 0} %"

    def said(self) -> str:
        """Everything pytest said."""
        return f"\n== {self.suite.name}\n{self._said.read_text()}"


def run_at_once(suites: Sequence[Suite], before: list[Outcome]) -> list[Outcome]:
    """Every suite of tests at the same time: much of what they do is wait for servers and browsers they started. What
    each said is printed whole once all have ended, the last suite's last.
    """
    began = told = time.monotonic()
    with contextlib.ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="tropa-suites-")))
        running = [Running(suite, folder) for suite in suites]
        for one in running:
            ending.callback(one.process.terminate)  # does nothing to one that has ended
        ended: dict[str, Outcome] = {}
        while len(ended) < len(running):
            time.sleep(LOOKED_AT)
            seconds = time.monotonic() - began
            for one in running:
                one.tell_failures()
                if one.suite.name not in ended and one.process.poll() is not None:
                    ended[one.suite.name] = Outcome(one.suite.name, one.process.returncode == 0, seconds)
                    print(f"ended  {ended[one.suite.name]}", flush=True)
            if time.monotonic() - told >= TOLD_EVERY:
                told = time.monotonic()
                print(f"{seconds / 60:4.0f} min  {', '.join(one.so_far() for one in running)}", flush=True)
        outcomes = [ended[suite.name] for suite in suites]
        *others, last = running
        print(*(one.said() for one in others), sep="", end="")
        print("\n== how every suite ended", *before, *outcomes, sep="\n")
        print(last.said(), end="", flush=True)
    return outcomes


def _start(suite: Suite, *more: str, into: IO[str] | None = None) -> subprocess.Popen[bytes]:
    program, *arguments = suite.command
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    process = subprocess.Popen(
        [str(PROGRAMS / program), *arguments, *more],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=into,
        stderr=None if into is None else subprocess.STDOUT,
    )
    if suite.gives_way:
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    return process


def main() -> int:
    parser = argparse.ArgumentParser(description="Run every check and every test.")
    parser.add_argument(
        "--checks-only", action="store_true", help="only what starts no server and no browser"
    )
    checks_only = parser.parse_args().checks_only
    if not checks_only:
        try:
            print(f"browser: {chromium.ensure()}", flush=True)
            print(
                f"tor: {tor.ensure() or 'none, and no root to install it; its tests are skipped'}", flush=True
            )
            print(
                f"Matrix server: {synapse.ensure() or 'none could be had; its tests are skipped'}", flush=True
            )
            print(
                f"mail server: {mail_server.ensure() or 'none, and no root for one; its tests are skipped'}",
                flush=True,
            )
            print(
                f"XMPP server: {prosody.ensure() or 'none, and no root for one; its tests are skipped'}",
                flush=True,
            )
        except (chromium.ChromiumMissing, debian.PackageMissing, synapse.SynapseMissing) as missing:
            print(f"a part that the tests need is missing: {missing}", file=sys.stderr)
            return 1
    outcomes = [run(suite) for suite in CHECKS]
    if not checks_only:
        print(
            "\n== all tests at once: failures as they happen, all that was said when all have ended",
            flush=True,
        )
        outcomes += run_at_once(TESTS, outcomes)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
