"""The drop: weight of its first page, cost of a submission, many at once, and honest people under attack."""

from __future__ import annotations

import http.client
import json
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing
from typing import Any

from tools.bench import disk
from tools.bench.processes import cpu_seconds, named, on_core, on_every_core
from tools.bench.results import Results
from tropa.rehearsal.world import Installation

ROOM = "drop"
DATABASE = "tropa.sqlite3"
WARM_UP, COUNTED = 100, 600
AT_ONCE = 64
SERVER_CORE, SENDER_CORE = 0, 1
RUNS = 5
RATE_OF_ATTACK = 20.0
SENDERS, EACH = 32, 40
SLOW_COMMIT = 5  # milliseconds
UPLOADS = 6


def first_page(installation: Installation, results: Results) -> None:
    """Every byte that crosses the wire for the first page and what it fetches, headers included."""
    port = port_of(installation)
    page = _weight(port, "/")
    style = _weight(port, "/style.css")
    results.add(ROOM, "first page with its style, as transferred", (page + style) / 1000, "kB", most=30)
    results.add(ROOM, "  of that the page, not compressed", page / 1000, "kB")
    results.add(ROOM, "  of that the style sheet, gzip", style / 1000, "kB")


def _weight(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept-Language": "ru"})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    head = sum(len(name) + len(value) + 4 for name, value in response.getheaders()) + len(
        "HTTP/1.1 200 OK\r\n\r\n"
    )
    return len(body) + head


def submissions(installation: Installation, results: Results) -> None:
    """CPU of the server for a complete submission, sent one after another from the other core."""
    port, server = port_of(installation), named("serve", "drop")
    send(port, each=WARM_UP)
    before = cpu_seconds(server)
    sent = send(port, each=COUNTED)
    spent = (cpu_seconds(server) - before) / COUNTED * 1000
    results.add(ROOM, "server CPU a submission: form, sealed and stored, nine words", spent, "ms", most=5)
    results.add(ROOM, "submissions a second and core, by CPU", 1000 / spent, "/s", least=200)
    lost = COUNTED - sent["taken"]
    results.add(ROOM, f"of {COUNTED} in a row lost or refused", lost, "", most=0)
    median = statistics.median(sent["seconds"]) * 1000
    results.add(ROOM, "one after another: median of a whole submission", median, "ms")
    before = cpu_seconds(server)
    sent = send(port, each=COUNTED // 2, answered=True)
    spent = (cpu_seconds(server) - before) / (COUNTED // 2) * 1000
    said = "server CPU of a short one that answers are shown for at once"
    results.add(ROOM, said, spent, "ms", most=5)


def wall_rate(installation: Installation, results: Results) -> None:
    """How many come through in a second with the server on any core, beside what the disk can do."""
    with on_every_core(named("serve", "drop")):
        rate, sender = _rate(installation)
    commits = disk.durable_commits(installation.data)
    results.add(ROOM, f"submissions a second from {SENDERS} senders, by the wall clock", rate, "/s")
    results.add(ROOM, "durable commits of this disk, SQLite, one after another", commits, "/s")
    results.add(ROOM, "submissions for each durable commit this disk could do", rate / commits, "x")
    results.add(ROOM, "the sender's own CPU a submission", sender, "ms")
    appends = disk.durable_appends(installation.data)
    results.add(ROOM, "durable appends of this disk, plain file", appends, "/s")


def on_a_slow_disk(installation: Installation, results: Results) -> None:
    """The same where the disk is the limit. The installation was started within `disk.slow`, and so is this called."""
    said = f"disk slowed by {SLOW_COMMIT} ms a commit"
    send(port_of(installation), each=20)
    before = entries(installation)
    alone = send(port_of(installation), each=200)
    rate, _sender = _rate(installation)
    stored = entries(installation) - before
    commits = disk.durable_commits(installation.data)
    results.add(ROOM, f"{said}: durable commits, one after another", commits, "/s")
    results.add(
        ROOM, f"{said}: submissions a second, one sender", alone["taken"] / sum(alone["seconds"]), "/s"
    )
    results.add(ROOM, f"{said}: submissions a second, {SENDERS} senders", rate, "/s")
    results.add(ROOM, f"{said}: submissions for each durable commit", rate / commits, "x", least=0.9)
    missing = alone["taken"] + SENDERS * EACH - stored
    results.add(ROOM, f"{said}: lost or refused", missing, "", most=0)


def _rate(installation: Installation) -> tuple[float, float]:
    """Submissions a second, and milliseconds of CPU one costs its sender."""
    began = time.perf_counter()
    sent = send(port_of(installation), senders=SENDERS, each=EACH)
    taken = time.perf_counter() - began
    return sent["taken"] / taken, sent["cpu"] / max(1, sent["taken"]) * 1000


def at_once(
    installation: Installation, results: Results, *, senders: int = AT_ONCE, each: int = 5, room: str = ROOM
) -> None:
    """So many people at the same moment, each several times; what was acknowledged is counted in the database."""
    before = entries(installation)
    sent = send(port_of(installation), senders=senders, each=each)
    stored = entries(installation) - before
    said = f"{senders} at once at the drop, {senders * each} in all"
    results.add(room, f"{said}: refused or failed", sent["refused"] + sent["failed"], "", most=0)
    results.add(room, f"{said}: acknowledged but not stored", max(0, sent["taken"] - stored), "", most=0)
    results.add(room, f"{said}: stored but not acknowledged", max(0, stored - sent["taken"]), "", most=0)
    results.add(room, f"{said}: the slowest submission", max(sent["seconds"], default=0.0) * 1000, "ms")


def under_attack(installation: Installation, results: Results, *, seconds: float) -> None:
    """Honest submissions in alternating runs, calm and with wrong codes coming in."""
    port = port_of(installation)
    calm: list[float] = []
    attacked: list[float] = []
    sent = answered = 0
    for _run in range(RUNS):
        calm += honest(port, seconds)["seconds"]
        attacker = start("attack", "--port", port, "--rate", RATE_OF_ATTACK, "--seconds", seconds)
        attacked += honest(port, seconds)["seconds"]
        came = told(attacker)
        sent, answered = sent + came["sent"], answered + came["answered"]
    for name, at in (("median", 0.5), ("p95", 0.95)):
        quiet, loud = quantile(calm, at) * 1000, quantile(attacked, at) * 1000
        results.add(ROOM, f"honest submission, calm: {name}", quiet, "ms")
        results.add(ROOM, f"honest submission, 20 wrong codes a second: {name}", loud, "ms")
        results.add(ROOM, f"honest submission, attack over calm: {name}", loud / quiet, "x", most=2)
    results.add(ROOM, f"wrong codes sent, in {RUNS} runs of {seconds:g} s", sent, "")
    results.add(ROOM, "wrong codes left without an answer", sent - answered, "", most=0)


def during_uploads(installation: Installation, results: Results) -> None:
    """Honest submissions while large uploads arrive and are stored."""
    port = port_of(installation)
    uploads = start("uploads", "--port", port, "--count", UPLOADS)
    seconds: list[float] = []
    while uploads.poll() is None:
        seconds += honest(port, 1.0)["seconds"]
    came = told(uploads)
    said = f"while {UPLOADS} uploads of 120 MB are stored"
    results.add(ROOM, f"honest submission {said}: median", quantile(seconds, 0.5) * 1000, "ms")
    results.add(ROOM, f"honest submission {said}: p95", quantile(seconds, 0.95) * 1000, "ms")
    results.add(ROOM, f"honest submission {said}: slowest of {len(seconds)}", max(seconds) * 1000, "ms")
    results.add(ROOM, f"{said}: uploads lost", came["sent"] - came["taken"], "", most=0)
    results.add(ROOM, f"{said}: uploads without all of their files", came["without"], "", most=0)


def honest(port: int, seconds: float) -> dict[str, Any]:
    """One person after another for so long, from the other core; what it printed."""
    return send(port, each=100_000, pause=0.05, seconds=seconds)


def send(
    port: int,
    *,
    senders: int = 1,
    each: int = 1,
    pause: float = 0.0,
    seconds: float = 0.0,
    answered: bool = False,
) -> dict[str, Any]:
    """Submissions from a process on the other core; what it printed."""
    words: list[object] = ["--port", port, "--senders", senders, "--each", each, "--pause", pause]
    if seconds:
        words += ["--seconds", seconds]
    if answered:
        words += ["--answered"]
    return told(start("submission", *words))


def start(module: str, *words: object) -> subprocess.Popen[bytes]:
    """A module of the bench as a process on the other core."""
    with on_core(SENDER_CORE):
        return subprocess.Popen(
            [sys.executable, "-m", f"tools.bench.{module}", *map(str, words)], stdout=subprocess.PIPE
        )


def told(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What it printed, once it ends."""
    output, _nothing = process.communicate()
    if process.returncode:
        raise SystemExit(f"a sender ended with {process.returncode}")
    printed: dict[str, Any] = json.loads(output)
    return printed


def port_of(installation: Installation) -> int:
    """The drop's port."""
    return int(installation.drop.rsplit(":", 1)[1])


def entries(installation: Installation) -> int:
    """How many messages the database holds."""
    with closing(sqlite3.connect(f"file:{installation.data / DATABASE}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM talk_entry").fetchone()[0])


def quantile(values: list[float], at: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(at * len(ordered)))]
