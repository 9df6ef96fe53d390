"""A hundred signed-in volunteers with live streams, and fifty pages a second among them: how soon a page is there.

`python -m tools.bench.desk_load` is the load, in a process of its own: it reads cookies and addresses as JSON, keeps a
stream open for every visit, asks for what changed whenever one says so, and asks for pages in an open loop, whether
earlier ones were answered or not. Streams that end, pages that fail and how long each took are printed as JSON.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from html import unescape
from typing import Any

from tools.bench.desk import VISIT_COOKIE
from tools.bench.results import Results
from tropa.cli.run import EXAMPLE_DAY
from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

ROOM = "desk"
VOLUNTEERS, RATE, SECONDS, SENDERS = 100, 50, 20.0, 32
MOST_OF_95 = 100.0
EVERY_SECONDS = 5.0
"""Somebody writes so often meanwhile, and every stream says so."""
PATIENCE = 30.0
HOLDER = 1
"""The place of who leads the case among the people."""
PAGES = ("/", "/inbox/", "/inbox/", "/inbox/?queue=mine", "/answers/", "/atlas/", "/review/", "/people/")
STREAM = re.compile(r'data-live="([^"]+)"')
ASKED = re.compile(r'data-ask="([^"]+)"')


@dataclass(slots=True)
class Loaded:
    """What the load saw. `seconds`: of each page from when it was due; `changed`: how often a stream said so."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    streams: int = 0
    ended: int = 0
    changed: int = 0


def under_load(
    installation: Installation, results: Results, *, people: Sequence[Volunteer], thread: str, case: str
) -> None:
    """Visits are opened for the people of the world in turn; those of the second, who leads the case, ask for its
    thread and its card.
    """
    tokens = [one.browser.cookies[VISIT_COOKIE] for one in people]
    told = {"tokens": tokens, "volunteers": VOLUNTEERS}
    cookies = json.loads(_run("tools.bench.desk_load_world", told, installation))
    load = {
        "desk": installation.desk,
        "cookies": cookies,
        "pages": PAGES,
        "holders": cookies[HOLDER :: len(people)],
        "held": [thread, f"{case}card/"],
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.bench.desk_load"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(load))
    process.stdin.close()
    while process.poll() is None:
        Applicant(installation.drop, "ru").write("Пришла повестка, что делать?")
        time.sleep(EVERY_SECONDS)
    assert process.stdout is not None
    found = Loaded(**json.load(process.stdout))
    what = f"{VOLUNTEERS} volunteers with streams, {RATE} pages a second"
    results.add(ROOM, f"{what}: median", statistics.median(found.seconds) * 1000, "ms")
    results.add(ROOM, "  p95", statistics.quantiles(found.seconds, n=20)[-1] * 1000, "ms", most=MOST_OF_95)
    results.add(ROOM, "  pages that failed", found.failed, "", most=0)
    results.add(ROOM, "  streams that ended by themselves", found.ended, "", most=0)
    results.add(ROOM, "  times a stream said that something changed", found.changed, "")


def _run(module: str, told: dict[str, Any], installation: Installation) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))},
        "DJANGO_SETTINGS_MODULE": "tropa.desk.settings",
        "TROPA_DATA": str(installation.data),
        "TROPA_EXAMPLE": "1",
        "TROPA_AS_OF": EXAMPLE_DAY.isoformat(),
    }
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(told),
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


class _Load:
    """Streams and pages of many visits at one desk."""

    def __init__(
        self, desk: str, cookies: list[str], pages: list[str], holders: list[str], held: list[str]
    ) -> None:
        self._host = urllib.parse.urlsplit(desk).netloc
        self._cookies, self._pages = cookies, [*pages, *held]
        self._holders, self._held = itertools.cycle(holders), frozenset(held)
        self._found, self._lock = Loaded(), threading.Lock()
        self._over = threading.Event()
        self._kept = threading.local()

    def run(self) -> Loaded:
        """Open every stream, then ask for pages at the rate."""
        watching = [threading.Thread(target=self._watch, args=(one,), daemon=True) for one in self._cookies]
        for one in watching:
            one.start()
        began = time.monotonic()
        while self._found.streams < len(self._cookies) and time.monotonic() - began < PATIENCE:
            time.sleep(0.05)
        visits, pages = itertools.cycle(self._cookies), itertools.cycle(self._pages)
        began = time.monotonic()
        with ThreadPoolExecutor(SENDERS) as senders:
            for number in range(int(RATE * SECONDS)):
                due = began + number / RATE
                time.sleep(max(0.0, due - time.monotonic()))
                address = next(pages)
                visit = next(self._holders if address in self._held else visits)
                senders.submit(self._page, visit, address, due)
        self._over.set()
        return self._found

    def _page(self, cookie: str, address: str, due: float) -> None:
        status, _text = self._get(cookie, address)
        with self._lock:
            self._found.seconds.append(time.monotonic() - due)
            self._found.failed += status != http.client.OK

    def _get(self, cookie: str, address: str) -> tuple[int, str]:
        connection: http.client.HTTPConnection | None = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._kept.connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)
        try:
            connection.request("GET", address, headers={"Cookie": cookie, "Accept-Language": "ru"})
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            connection.close()
            self._kept.connection = None
            return 0, ""

    def _watch(self, cookie: str) -> None:
        """Keep the stream of the inbox, and ask what changed whenever it says so, as the page's script does."""
        _status, page = self._get(cookie, "/inbox/")
        stream, asked = STREAM.search(page), ASKED.search(page)
        if stream is None or asked is None:
            return
        address = urllib.parse.urlsplit(unescape(stream[1]))
        connection = http.client.HTTPConnection(address.netloc or self._host)
        headers = {"Cookie": cookie, "Accept": "text/event-stream", "Origin": f"http://{self._host}"}
        connection.request("GET", f"{address.path}?{address.query}", headers=headers)
        response = connection.getresponse()
        with self._lock:
            self._found.streams += response.status == http.client.OK
        for line in response:
            if line.startswith(b"event: changed"):
                self._get(cookie, unescape(asked[1]))
                with self._lock:
                    self._found.changed += 1
        with self._lock:
            self._found.ended += not self._over.is_set()


def main() -> None:
    """Load what the input names."""
    told = json.load(sys.stdin)
    print(json.dumps(asdict(_Load(**told).run())), flush=True)
    os._exit(0)  # streams still wait for what changes


if __name__ == "__main__":
    main()
