"""The desk: the inbox over many sealed threads, as its server spends CPU on it."""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import time

from tools.bench.processes import cpu_seconds, named
from tools.bench.results import Results
from tropa.cli.run import EXAMPLE_DAY
from tropa.rehearsal.browser import Browser
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

ROOM = "desk"
THREADS = 35_000
COUNTED = 200
WALKED = 20
VISIT_COOKIE = "__Host-tropa-desk"


def inbox(installation: Installation, results: Results, *, threads: int = THREADS) -> None:
    """CPU and queries of the inbox's page, before and after the threads were put there."""
    volunteer = Volunteer(installation.desk, installation.people[0], "ru")
    volunteer.sign_in()
    volunteer.unlock()
    cookie = volunteer.browser.cookies[VISIT_COOKIE]
    few = _world(installation, "count", told=cookie)
    began = time.perf_counter()
    _world(installation, "fill", str(threads))
    results.add(
        ROOM, f"sealing and storing {threads} threads for the inbox took", time.perf_counter() - began, "s"
    )
    many = _world(installation, "count", told=cookie)
    results.add(ROOM, "queries of the inbox page, example world", few, "")
    results.add(ROOM, f"queries of the inbox page, {threads} threads more", many, "", most=few)
    _pages(volunteer.browser, installation, results, threads)


def _pages(browser: Browser, installation: Installation, results: Results, threads: int) -> None:
    server, port = named("serve", "desk"), int(installation.desk.rsplit(":", 1)[1])
    address = "/inbox/"
    before = cpu_seconds(server)
    for _page in range(WALKED):
        page = browser.get(address)
        following = next((link.address for link in page.links if "row=" in link.address), "")
        if not following:
            break
        address = following
    cold = (cpu_seconds(server) - before) / WALKED * 1000
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    seconds, size = [], 0
    for number in range(COUNTED + 20):
        if number == 20:
            before = cpu_seconds(server)
        began = time.perf_counter()
        connection.request("GET", "/inbox/", headers={"Cookie": cookie, "Accept-Language": "ru"})
        response = connection.getresponse()
        body = response.read()
        seconds.append(time.perf_counter() - began)
        size = len(body)
        if response.status != 200 or body.count(b'class="who"') != 50:
            raise SystemExit(f"the inbox answered {response.status} with {body.count(b'class=who')} rows")
    spent = (cpu_seconds(server) - before) / COUNTED * 1000
    connection.close()
    results.add(ROOM, f"CPU of an inbox page of 50 rows over {threads} threads", spent, "ms", most=10)
    results.add(ROOM, "  the same, opened for the first time (mean of 20 pages)", cold, "ms")
    results.add(ROOM, "  by the wall clock, median", statistics.median(seconds) * 1000, "ms")
    results.add(ROOM, "  bytes of that page", size / 1000, "kB")


def _world(installation: Installation, *words: str, told: str = "") -> int:
    """What `tools.bench.inbox_world` prints, in the installation's own environment."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))},
        "TROPA_DATA": str(installation.data),
        "TROPA_EXAMPLE": "1",
        "TROPA_AS_OF": EXAMPLE_DAY.isoformat(),
    }
    process = subprocess.run(
        [sys.executable, "-m", "tools.bench.inbox_world", *words],
        input=f"{told}\n",
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(process.stdout or 0)
