"""Unlocking under load: many wrong passphrases at the desk, each two slow hashes, while somebody writes to the drop.

`python -m tools.bench.unlocking` is the load, in a process of its own: it asks by one signed-in visit, over and over
from several connections, and prints how many were refused after their hashes and how many by the full queue.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import sys
import threading
import time
import urllib.parse
from dataclasses import asdict, dataclass

from tools.bench import drop
from tools.bench.processes import named, rss
from tools.bench.results import Results
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

RUNS, CLIENTS = 3, 12
TOKEN_FIELD = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field
BUSY = "Many people are signing in"
PATIENCE = 60.0


@dataclass(slots=True)
class Refused:
    """How many passphrases were tried, turned away by the queue, or not answered."""

    tried: int = 0
    turned_away: int = 0
    unanswered: int = 0


def under_unlocking(installation: Installation, results: Results, *, seconds: float) -> None:
    """Honest submissions in alternating runs, calm and while the desk's queue of slow hashes is full."""
    port = drop.port_of(installation)
    desk = int(installation.desk.rsplit(":", 1)[1])
    volunteer = Volunteer(installation.desk, installation.people[-1], "en")
    volunteer.speak(volunteer.sign_in())
    page = volunteer.browser.get("/unlock/")
    token = next(form.value(TOKEN_FIELD) for form in page.forms if "passphrase" in form.offered)
    cookie = "; ".join(f"{name}={value}" for name, value in volunteer.browser.cookies.items())
    server, most = named("serve", "desk"), 0
    calm: list[float] = []
    loaded: list[float] = []
    load = Refused()
    for _run in range(RUNS):
        calm += drop.honest(port, seconds)["seconds"]
        flood = drop.start(
            "unlocking", "--port", desk, "--cookie", cookie, "--token", token, "--seconds", seconds
        )
        loaded += drop.honest(port, seconds)["seconds"]
        most = max(most, rss(server))
        came = drop.told(flood)
        load = Refused(*(getattr(load, name) + came[name] for name in asdict(load)))
    quiet, loud = statistics.median(calm) * 1000, statistics.median(loaded) * 1000
    room = "desk"
    results.add(room, "honest submission, desk calm: median", quiet, "ms")
    results.add(room, "honest submission, desk unlocking without a pause: median", loud, "ms")
    results.add(room, "honest submission, unlocking over calm: median", loud / quiet, "x", most=2)
    results.add(room, "passphrases tried meanwhile", load.tried, "")
    results.add(room, "passphrases turned away by the full queue", load.turned_away, "")
    results.add(room, "passphrases left without an answer", load.unanswered, "", most=0)
    results.add(room, "memory of the desk meanwhile", most / 1e6, "MB")


def flood(port: int, cookie: str, token: str, seconds: float) -> Refused:
    """Try wrong passphrases for so long, from several connections at once."""
    done, lock, until = Refused(), threading.Lock(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=_one, args=(port, cookie, token, until, done, lock)) for _ in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return done


def _one(port: int, cookie: str, token: str, until: float, done: Refused, lock: threading.Lock) -> None:
    body = urllib.parse.urlencode({TOKEN_FIELD: token, "passphrase": "nobody has this passphrase"})
    headers = {
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://localhost:{port}",
        "Sec-Fetch-Site": "same-origin",
    }
    while time.monotonic() < until:
        busy = False
        connection = http.client.HTTPConnection("localhost", port, timeout=PATIENCE)
        try:
            connection.request("POST", "/unlock/", body, headers)
            response = connection.getresponse()
            busy = BUSY in response.read().decode()
            with lock:
                done.turned_away += busy
                done.tried += response.status == 403 and not busy
                done.unanswered += response.status != 403
        except (OSError, http.client.HTTPException):
            with lock:
                done.unanswered += 1
        finally:
            connection.close()
        if busy:
            time.sleep(0.2)


def main() -> None:
    """Be the load, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cookie", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    told = parser.parse_args()
    json.dump(asdict(flood(told.port, told.cookie, told.token, told.seconds)), sys.stdout)


if __name__ == "__main__":
    main()
