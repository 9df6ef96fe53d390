"""Search over many sealed entries, as the desk's server spends CPU on it: the first time, when each is opened with a
key pair, and once they lie wrapped.
"""

from __future__ import annotations

import time

from tools.bench.processes import cpu_seconds, named
from tools.bench.results import Results
from tropa.rehearsal.page import Form, Page
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

ROOM = "desk"
MOST_ROUNDS = 80
COUNTED = 20


def search(installation: Installation, results: Results, *, entries: int) -> None:
    """Search until everything was opened once, then again and again. Needs the inbox's threads."""
    volunteer = Volunteer(installation.desk, installation.people[0], "en")
    volunteer.speak(volunteer.sign_in())
    volunteer.unlock()
    words = f"загранпаспорта письмо {entries - 7}"  # every entry holds the first two, one the third
    server = named("serve", "desk")
    browser = volunteer.browser
    page = browser.get("/search/")
    before, rounds = cpu_seconds(server), 0
    while rounds < MOST_ROUNDS:
        page = browser.post(_form(page), page, {"q": words})
        rounds += 1
        if "never opened yet" not in page.text:
            break
    first = cpu_seconds(server) - before
    before, began = cpu_seconds(server), time.perf_counter()
    for _again in range(COUNTED):
        page = browser.post(_form(page), page, {"q": words})
    spent = (cpu_seconds(server) - before) / COUNTED * 1000
    wall = (time.perf_counter() - began) / COUNTED * 1000
    if "1 entry found" not in page.text or "never opened yet" in page.text:
        raise SystemExit("the search did not find the one entry that holds the words")
    results.add(ROOM, f"CPU of a search over {entries} entries", spent, "ms", most=250)
    results.add(ROOM, "  by the wall clock", wall, "ms")
    results.add(ROOM, f"  opening them all for the first time, CPU, in {rounds} searches", first, "s")


def find(installation: Installation, results: Results, *, threads: int) -> None:
    """Everything a line of words leads to, once what the process keeps of the atlas and the answers is there."""
    volunteer = Volunteer(installation.desk, installation.people[0], "en")
    volunteer.speak(volunteer.sign_in())
    volunteer.unlock()
    server, browser = named("serve", "desk"), volunteer.browser
    page = browser.get("/find/")
    spent = []
    for words in ("рябиной 1", "казахстан", "вручили повестку у метро", "ель"):
        page = browser.post(_form(page), page, {"q": words})
        before = cpu_seconds(server)
        for _again in range(COUNTED):
            page = browser.post(_form(page), page, {"q": words})
        spent.append((cpu_seconds(server) - before) / COUNTED * 1000)
    results.add(
        ROOM, f"CPU of find or do over {threads} threads, the dearest of four", max(spent), "ms", most=250
    )


def _form(page: Page) -> Form:
    return next(form for form in page.forms if "q" in form.offered)
