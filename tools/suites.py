"""Runs every check and every suite of tests, each to its end, and fails when one of them failed.

Each says how long it took. The whole suite, pages in a real browser included, runs on a real PostgreSQL and then
on SQLite, so the last line of the log is pytest's; just above it stands how the suites before it ended. A part that is
missing (browser, PostgreSQL) is an error, never a skip.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.chromium import ChromiumMissing, ensure

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent


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


def run(suite: Suite, so_far: list[Outcome]) -> Outcome:
    print(f"\n== {suite.name}", flush=True)
    program, *arguments = suite.command
    environment = {
        **os.environ,
        "SUITES_SO_FAR": "\n".join(map(str, so_far)),
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    began = time.monotonic()
    result = subprocess.run([str(PROGRAMS / program), *arguments], cwd=ROOT, env=environment, check=False)
    outcome = Outcome(suite.name, result.returncode == 0, time.monotonic() - began)
    if suite is not TESTS[-1]:
        print(outcome, flush=True)
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(description="Run every check and every test.")
    parser.add_argument(
        "--checks-only", action="store_true", help="only what starts no server and no browser"
    )
    checks_only = parser.parse_args().checks_only
    if not checks_only:
        try:
            print(f"browser: {ensure()}", flush=True)
        except ChromiumMissing as missing:
            print(f"the tests of the pages need a browser: {missing}", file=sys.stderr)
            return 1
    outcomes: list[Outcome] = []
    for suite in CHECKS if checks_only else CHECKS + TESTS:
        outcomes.append(run(suite, outcomes))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
