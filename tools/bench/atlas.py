"""The atlas: loading and checking packs, looking a fact up, importing a table. Processor time, least of a few runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools.bench.results import ROOT, Results
from tropa.atlas import SHIPPED_PACK, Atlas, load_pack
from tropa.atlas.importing import ImportKind, read_import
from tropa.atlas.pack import load_files
from tropa.atlas.synthetic import synthetic_pack

ROOM = "atlas"
LOOK_UPS = 100_000
INDEX = Path("data") / "passport_index_imorte" / "passport-index-tidy-iso2.csv"


def atlas(results: Results) -> None:
    """Everything promised of the atlas's speed but the planner's graph and the pages."""
    pack = load_pack(SHIPPED_PACK)
    what = f"load and check the shipped pack ({len(pack.facts)} facts), CPU"
    results.add(ROOM, what, _ms(partial(load_pack, SHIPPED_PACK)), "ms", most=300)
    ids = list(pack.facts)
    many = [ids[number % len(ids)] for number in range(LOOK_UPS)]
    taken = _ms(lambda: [pack.fact(one) for one in many])
    results.add(ROOM, "look up one fact, CPU", taken * 1000 / LOOK_UPS, "µs", most=5)
    _world(results)
    _import(results, pack)


def _world(results: Results) -> None:
    files = synthetic_pack()
    world = load_files(files)
    size = f"{len(world.countries)} countries, {len(world.places)} places, {len(world.legs)} legs"
    taken = _ms(partial(load_files, files), runs=3)
    results.add(ROOM, f"load and check a world ({size}), CPU", taken, "ms", most=2000)


def _import(results: Results, pack: Atlas) -> None:
    file = Path(os.environ.get("TROPA_SHARED") or ROOT.parent / "shared") / INDEX
    if not file.is_file():
        print(f"not measured: {INDEX} is not here; set TROPA_SHARED")
        return
    content = file.read_bytes()
    work = partial(
        read_import, ImportKind.PASSPORT_INDEX, content, file=file.name, atlas=pack, citizenship="RU"
    )
    rows = len(content.splitlines()) - 1
    results.add(ROOM, f"import {rows} rows of a passport index, CPU", _ms(work, runs=3), "ms", most=2000)


def _ms(work: Callable[[], object], *, runs: int = 5) -> float:
    """Milliseconds of processor time, the least of some runs: what else the machine does only ever adds."""
    taken = []
    for _run in range(runs):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken) * 1000
