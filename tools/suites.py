"""Runs every check and every suite of tests, each to its end, and fails when one of them failed.

Each says how long it took. The whole suite, pages in a real browser included, runs on a real PostgreSQL and on
SQLite at the same time; the last line of the log is pytest's, and how every suite ended stands above the last one's
words. A part that is missing (browser, PostgreSQL) is an error, never a skip.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import chromium, synapse, tor

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
LOOKED_AT = 1.0
"""Seconds between two looks at suites under way."""


@dataclass(frozen=True, slots=True)
class Suite:
    """One command of the checks or tests."""

    name: str
    command: tuple[str, ...]


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
    Suite("all tests on PostgreSQL", ("pytest", "-q", "--database", "postgres")),
    Suite("all tests on SQLite", ("pytest", "-q")),
)


def run(suite: Suite) -> Outcome:
    """One check, its words as they come."""
    print(f"\n== {suite.name}", flush=True)
    began = time.monotonic()
    outcome = Outcome(suite.name, _start(suite).wait() == 0, time.monotonic() - began)
    print(outcome, flush=True)
    return outcome


def run_at_once(suites: Sequence[Suite], so_far: list[Outcome]) -> list[Outcome]:
    """Every suite of tests at the same time: most of what they do is wait for servers and browsers they started. What
    each said is printed whole once all have ended, the last suite's last.
    """
    began = time.monotonic()
    with contextlib.ExitStack() as open_files:
        said = [open_files.enter_context(tempfile.TemporaryFile("w+")) for _suite in suites]
        running = [_start(suite, into) for suite, into in zip(suites, said, strict=True)]
        for process in running:
            open_files.callback(process.terminate)  # does nothing to one that has ended
        ended: dict[int, Outcome] = {}
        while len(ended) < len(suites):
            time.sleep(LOOKED_AT)
            for number, process in enumerate(running):
                if number not in ended and process.poll() is not None:
                    seconds = time.monotonic() - began
                    ended[number] = Outcome(suites[number].name, process.returncode == 0, seconds)
                    print(f"ended  {ended[number]}", flush=True)
        outcomes = [ended[number] for number in range(len(suites))]
        for suite, into in zip(suites, said, strict=True):
            if suite is suites[-1]:
                print("\n== how every suite ended", *so_far, *outcomes, sep="\n")
            into.seek(0)
            print(f"\n== {suite.name}\n{into.read()}", end="", flush=True)
    return outcomes


def _start(suite: Suite, into: IO[str] | None = None) -> subprocess.Popen[bytes]:
    program, *arguments = suite.command
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    return subprocess.Popen(
        [str(PROGRAMS / program), *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=into,
        stderr=None if into is None else subprocess.STDOUT,
    )


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
        except (chromium.ChromiumMissing, tor.TorMissing, synapse.SynapseMissing) as missing:
            print(f"a part that the tests need is missing: {missing}", file=sys.stderr)
            return 1
    outcomes = [run(suite) for suite in CHECKS]
    if not checks_only:
        print("\n== all tests, on both engines at once: what they say comes when both have ended", flush=True)
        outcomes += run_at_once(TESTS, outcomes)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
