"""The planner as the desk uses it: a process of its own, asked through its pipe about every example person."""

from __future__ import annotations

import dataclasses
import statistics
import time
from pathlib import Path

from tools.bench.processes import cpu_seconds
from tools.bench.results import ROOT, Results
from tropa.atlas import load_pack
from tropa.atlas.pack import SHIPPED_PACK
from tropa.cli.run import EXAMPLE_DAY
from tropa.planning.client import PlannerClient
from tropa.planning.person import PersonFacts
from tropa.planning.person_file import read_person

ROOM = "planner"
REPEATS = 10
PERSONS = ROOT / "examples" / "persons"


def plans(results: Results) -> None:
    """Cold start with the first answer, then each person anew, with money a little different each time."""
    persons = _persons()
    first = next(iter(persons.values()))
    with PlannerClient(pack=SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY) as client:
        began = time.perf_counter()
        client.plans(first, on=EXAMPLE_DAY)
        results.add(
            ROOM,
            "cold start until the first answer, by the wall clock",
            time.perf_counter() - began,
            "s",
            most=3,
        )
        assert client.process_id is not None
        results.add(ROOM, "cold start until the first answer, CPU", cpu_seconds(client.process_id), "s")
        for name, person in persons.items():
            _person(client, name, person, results)


def _person(client: PlannerClient, name: str, person: PersonFacts, results: Results) -> None:
    assert client.process_id is not None
    before = cpu_seconds(client.process_id)
    answer = client.plans(person, on=EXAMPLE_DAY)
    new_class = (cpu_seconds(client.process_id) - before) * 1000
    before, seconds = cpu_seconds(client.process_id), []
    for more in range(1, REPEATS + 1):
        began = time.perf_counter()
        # the very same question might be answered from memory; one euro more is a new one
        client.plans(dataclasses.replace(person, money_euros=person.money_euros + more), on=EXAMPLE_DAY)
        seconds.append(time.perf_counter() - began)
    spent = (cpu_seconds(client.process_id) - before) / REPEATS * 1000
    found = f"{len(answer.plans)} plans of {len(answer.front)}"
    results.add(ROOM, f"CPU of planning anew: {name} ({found})", spent, "ms", most=200)
    results.add(ROOM, "  the first time for such a person", new_class, "ms")
    results.add(ROOM, "  by the wall clock, median", statistics.median(seconds) * 1000, "ms")


def _persons() -> dict[str, PersonFacts]:
    """The example persons by the names of their files. SystemExit when there are none."""
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    files = sorted(PERSONS.glob("*.yaml"))
    if not files:
        raise SystemExit(f"no persons in {PERSONS}")
    return {file.stem: _read(file, atlas) for file in files}


def _read(file: Path, atlas: object) -> PersonFacts:
    return read_person(file.read_text(encoding="utf-8"), atlas, EXAMPLE_DAY, name=file.name)  # type: ignore[arg-type]
