"""`python -m tools.bench`: measures, prints a table, writes JSON (`var/bench.json`, or where `--json` says)."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path

from tools.bench import (
    atlas,
    atlas_pages,
    channels,
    counsel,
    crowds,
    desk,
    desk_pages,
    disk,
    drop,
    interview,
    keep,
    mass_worlds,
    memory,
    planner_worlds,
    plans,
    policies,
    rebuilding,
    searching,
    unlocking,
    vault,
)
from tools.bench.processes import on_core
from tools.bench.results import ROOT, Results, machine, markdown, write_json
from tropa.cli.rehearse import running

ROOMS = (
    "atlas",
    "vault",
    "drop",
    "desk",
    "channels",
    "keep",
    "planner",
    "counsel",
    "interview",
    "memory",
)
BY_NAME_ALONE = ("crowds",)
"""Rooms that take many minutes and real servers: measured when they are asked for, and in `make soak`."""
PAGE = ROOT / "docs" / "bench.md"
TABLE = "<!-- table -->"


def main() -> int:
    """Measure; 1 when a promise was missed."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json")
    parser.add_argument("--only", choices=(*ROOMS, *BY_NAME_ALONE), action="append", help="only these rooms")
    parser.add_argument("--run-seconds", type=float, default=8.0, help="of each calm or attacked run")
    parser.add_argument("--idle-seconds", type=float, default=60.0, help="before idle memory is looked at")
    parser.add_argument("--outbox", type=int, default=600, help="messages a gateway has to send")
    parser.add_argument(
        "--people", type=int, default=crowds.PEOPLE, help="on each server, with as many messages each"
    )
    parser.add_argument("--page", action="store_true", help="put the table into docs/bench.md")
    told = parser.parse_args()
    rooms = told.only or ROOMS
    results = Results()
    print(", ".join(machine().values()))
    with tempfile.TemporaryDirectory(prefix="tropa-bench-") as folder:
        measure(Path(folder), results, rooms, told)
    write_json(results, told.json)
    print(f"written to {told.json}")
    if told.page:
        head = PAGE.read_text(encoding="utf-8").partition(TABLE)[0]
        PAGE.write_text(f"{head}{TABLE}\n\n{markdown(told.json)}", encoding="utf-8")
    for missed in results.broken:
        print(
            f"missed: {missed.what}: {missed.value:.4g} {missed.unit}, promised {missed.promise}",
            file=sys.stderr,
        )
    return 1 if results.broken else 0


def measure(
    folder: Path, results: Results, rooms: tuple[str, ...] | list[str], told: argparse.Namespace
) -> None:
    """The rooms asked for, each on an installation that does nothing else meanwhile."""
    if "drop" in rooms or "desk" in rooms:
        with contextlib.ExitStack() as stack:
            with on_core(drop.SERVER_CORE):
                installation = stack.enter_context(running(folder / "loaded", None))
            if "drop" in rooms:
                drop.first_page(installation, results)
                drop.submissions(installation, results)
                drop.wall_rate(installation, results)
                drop.at_once(installation, results)
                drop.under_attack(installation, results, seconds=told.run_seconds)
                drop.during_uploads(installation, results)
            if "desk" in rooms:
                desk.inbox(installation, results)
                searching.search(installation, results, entries=desk.THREADS)
                searching.find(installation, results, threads=desk.THREADS)
                unlocking.under_unlocking(installation, results, seconds=told.run_seconds)
                atlas_pages.atlas_pages(installation, results)
                desk_pages.desk_pages(installation, results)
    if "drop" in rooms:
        with disk.slow(drop.SLOW_COMMIT), running(folder / "slow", None) as installation:
            drop.on_a_slow_disk(installation, results)
    if "channels" in rooms:
        with running(folder / "channels", None) as installation:
            channels.channels(installation, results, outbox=told.outbox)
    if "crowds" in rooms:
        with running(folder / "crowds", None) as installation:
            crowds.crowds(installation, results, people=told.people)
    if "atlas" in rooms:
        atlas.atlas(results)
        rebuilding.rebuilding(results)
    if "vault" in rooms:
        vault.keys(results)
    if "keep" in rooms:
        keep.measure(folder / "keep", results)
    if "planner" in rooms:
        plans.plans(results)
        planner_worlds.people(results)
        mass_worlds.mass(results)
        mass_worlds.invented_mass(results)
        policies.contingent(results)
    if "counsel" in rooms:
        counsel.counsel(results)
    if "interview" in rooms:
        interview.interview_room(results)
    if "memory" in rooms:
        memory.memory(folder, results, idle=told.idle_seconds)


if __name__ == "__main__":
    sys.exit(main())
