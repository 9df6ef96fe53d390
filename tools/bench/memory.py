"""Resident memory of a whole installation: idle, and at the peak with one unlock and one plan."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tools.bench.processes import command, descendants, named, resident, rss
from tools.bench.results import Results
from tropa.cli.ports import free_port
from tropa.cli.rehearse import running
from tropa.rehearsal.answering import open_desk
from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.promises import Promises
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

ROOM = "memory"
MEGABYTE = 1_000_000
SAMPLE = 0.02
PATIENCE = 90.0


def memory(folder: Path, results: Results, *, idle: float) -> None:
    """An empty desk and an example world, each asked for a page once and then left alone for `idle` seconds."""
    with empty_desk(folder / "empty") as supervisor, running(folder / "example", None) as installation:
        for address in (installation.drop, installation.desk):
            urllib.request.urlopen(f"{address}/", timeout=10).read()  # noqa: S310
        time.sleep(idle)
        _sum(
            results,
            "default installation (empty desk)",
            [supervisor, *descendants(supervisor)],
            bound=True,
        )
        whole = _whole_example(installation)
        _sum(results, "with the example world", [whole, *descendants(whole)], bound=True)
        peak = _peak(installation, whole)
        results.add(
            ROOM, "RSS at the peak with one unlock and one plan, planner included", peak / MEGABYTE, "MB"
        )
        _sum(results, "afterwards, planner running", [whole, *descendants(whole)], bound=False)


def _sum(results: Results, what: str, pids: list[int], *, bound: bool) -> None:
    """RSS counts a page shared by several processes once for each of them, so it is the stricter sum."""
    amounts = {pid: resident(pid) for pid in pids}
    total = sum(amount[0] for amount in amounts.values()) / MEGABYTE
    shared = sum(amount[1] for amount in amounts.values()) / MEGABYTE
    results.add(ROOM, f"RSS of all processes, {what}", total, "MB", most=250 if bound else None)
    results.add(ROOM, f"PSS of all processes, {what}", shared, "MB")
    for pid, (own, _shared) in amounts.items():
        results.add(ROOM, f"  RSS of {_name(pid)}", own / MEGABYTE, "MB")


def _name(pid: int) -> str:
    words = command(pid)
    if "serve" in words:
        return words[words.index("serve") + 1]
    return "planner" if "tropa.planning.process" in words else "supervisor"


def _whole_example(installation: Installation) -> int:
    """The supervisor above the installation's drop."""
    drop = named("serve", "drop", installation.drop.rsplit(":", 1)[1])
    return int(Path(f"/proc/{drop}/stat").read_text().rsplit(")", 1)[1].split()[1])


def _peak(installation: Installation, whole: int) -> int:
    """The highest sum of RSS while somebody unlocks and plans."""
    highest, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE):
            highest[0] = max(highest[0], sum(rss(pid) for pid in [whole, *descendants(whole)]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        _unlock_and_plan(installation)
    finally:
        over.set()
        watcher.join()
    return highest[0]


def _unlock_and_plan(installation: Installation) -> None:
    applicant = Applicant(installation.drop, "ru")
    applicant.write("Пришла повестка, загранпаспорта нет, что делать?")
    volunteer = Volunteer(installation.desk, installation.people[0], "ru")
    open_desk(volunteer, Promises(lambda _promise: None))
    page = volunteer.take(volunteer.thread(applicant.thread_id))
    bench = volunteer.set_facts(volunteer.fill_card(page))
    if "?plan=" not in bench.body.decode():
        raise SystemExit("no plan was computed")


@contextlib.contextmanager
def empty_desk(data: Path) -> Iterator[int]:
    """`tropa run` as on a fresh machine; the supervisor's process id."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))}
    environment = {
        **clean,
        "TROPA_DATA": str(data),
        "TROPA_PORT": str(free_port(8400, avoid=frozenset({8400, 8401}))),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tropa.cli", "run"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        for _site in ("drop", "desk"):
            address = process.stdout.readline().partition(": ")[2].strip()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address, timeout=10).read()  # noqa: S310
        yield process.pid
    finally:
        process.terminate()
        process.wait(PATIENCE)
        if process.stdout is not None:
            process.stdout.close()
