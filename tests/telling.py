"""What a run tells: each failure at once, and at its end how long each room and the slowest tests took, what was
skipped and why. The run fails when a test was skipped that `tests/skips.py` does not allow.

Loaded by `tests/conftest.py` as a plugin.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.skips import ROOMS, left_out, may_skip, missing, on_sqlite_alone, room_of

SLOWEST = 20


class Telling:
    """One run on one engine. `engine`: `sqlite` or `postgres`. `rooms`: which are run, one of
    `ROOMS`. `failures`: the file each failure is added to as it happens.
    """

    def __init__(self, engine: str, rooms: str = "all", failures: Path | None = None) -> None:
        self._engine = engine
        self._rooms = rooms
        self._failures = failures
        self._longest: Counter[str] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._tests: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._silent: list[str] = []

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out rooms that were not asked for; skip what is of the other engine, by its name in the list."""
        gone = missing(_plain(item.nodeid) for item in items) if _whole(items) else []
        if gone:
            raise pytest.UsageError(f"tests/skips.py names tests that are not there: {', '.join(gone)}")
        others = [item for item in items if self._left_out(item)]
        if others:
            config.hook.pytest_deselected(items=others)
            items[:] = [item for item in items if not self._left_out(item)]
        if self._engine == "sqlite":
            return
        for item in items:
            reason = on_sqlite_alone(_plain(item.nodeid))
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))

    def _left_out(self, item: pytest.Item) -> bool:
        return left_out(_plain(item.nodeid), engine=self._engine, rooms=self._rooms)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count it."""
        room = room_of(report.nodeid)
        self._seconds[room] += report.duration
        self._longest[report.nodeid] += report.duration
        if report.failed and self._failures:
            with self._failures.open("a") as file:
                file.write(f"\nin {report.when} of {report.nodeid}\n{report.longreprtext}\n")
        self._tests[room] += report.when == "call" or report.skipped
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = _reason(report)
            self._skipped[reason] += 1
            if not may_skip(_plain(report.nodeid), reason, engine=self._engine):
                self._silent.append(f"{report.nodeid}: {reason}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that skips itself whole is never allowed."""
        if report.skipped:
            self._silent.append(f"{report.nodeid}: {_reason(report)}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A silent skip fails the run."""
        if self._silent:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table."""
        write = terminalreporter.write_line
        terminalreporter.section(f"{ROOMS[self._rooms]}, on {self._engine}")
        for room, seconds in sorted(self._seconds.items()):
            write(f"{seconds:8.1f} s  {self._tests[room]:5d} tests  {room}")
        write(f"the slowest {SLOWEST} tests:")
        for name, seconds in self._longest.most_common(SLOWEST):
            write(f"{seconds:8.1f} s  {name}")
        write(f"skipped: {sum(self._skipped.values())}, each by name or reason of tests/skips.py")
        for reason, times in sorted(self._skipped.items()):
            write(f"{times:5d}  {reason}")
        for silent in self._silent:
            write(f"SKIPPED AND NOT ALLOWED  {silent}")


def _plain(nodeid: str) -> str:
    return nodeid.partition("[")[0]


def _whole(items: list[pytest.Item]) -> bool:
    """Whether no single test was asked for by its name."""
    return bool(items) and not any("::" in word for word in items[0].config.args)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr)
