"""Every page of the desk: CPU of one request (median and p95), its queries, and what it weighs on first load.

A conversation is told through the real pages first: written, taken, answered, planned and given to a second reader.
Then the pages are asked for in a process of their own, where the CPU of each request can be told from the others'.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tools.bench.desk_browser import in_a_browser
from tools.bench.desk_load import under_load
from tools.bench.results import Results
from tropa.cli.run import EXAMPLE_DAY
from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.browser import Value
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

ROOM = "desk"
MOST_CPU, MOST_OF_THE_INBOX, MOST_BYTES = 20.0, 10.0, 60.0
TEXT = "У меня повестка на 3 декабря, загранпаспорта нет, что делать?"
FACTS: dict[str, Value] = {"money_euros": "6000", "least_haven": "asylum"}
OF_THE_DESK = (
    "/",
    "/inbox/",
    "/search/",
    "/replies/",
    "/review/",
    "/answers/",
    "/answers/summons-first-steps/",
    "/answers/all/missing/",
    "/answers/all/alike/",
    "/people/",
    "/account/",
    "/atlas/",
    "/atlas/exit-RU/",
    "/atlas/?q=kazakhstan%20entry",
    "/atlas/all/due/",
    "/atlas/all/changes/",
    "/atlas/countries/KZ/",
    "/atlas/countries/RU/",
    "/atlas/sources/judgement/",
    "/atlas/entry-KZ/",
)


def desk_pages(installation: Installation, results: Results) -> None:
    """Each page, for the volunteer who leads the case."""
    people = [Volunteer(installation.desk, who, "ru") for who in installation.people]
    for volunteer in people:
        volunteer.speak(volunteer.sign_in())
        volunteer.unlock()
    lead = people[1]
    thread, case, review = _told(installation, lead)
    pages = [*OF_THE_DESK, thread, f"{thread}assign/", review]
    pages += [
        f"{case}{part}" for part in ("card/", "plan/", "plan/facts/", "interview/", "holders/", "keeping/")
    ]
    names = {address: address.replace(thread, "/threads/…/").replace(case, "/cases/…/") for address in pages}
    names[review] = "/review/…/"
    cookies = dict(lead.browser.cookies) | {"tropa-desk-language": "ru"}
    for address, one in _asked(installation, {"cookies": cookies, "pages": pages}).items():
        what, most = names[address], MOST_OF_THE_INBOX if address == "/inbox/" else MOST_CPU
        results.add(ROOM, f"CPU of {what}, median", one["median"], "ms", most=most)
        results.add(ROOM, "  p95", one["p95"], "ms")
        results.add(ROOM, "  queries", one["queries"], "")
        results.add(
            ROOM, "  on first load, with style and scripts", one["weight"] / 1000, "kB", most=MOST_BYTES
        )
    under_load(installation, results, people=people, thread=thread, case=case)
    in_a_browser(results, desk=installation.desk, cookies=cookies, pages=names, thread=thread, case=case)


def _told(installation: Installation, lead: Volunteer) -> tuple[str, str, str]:
    """The conversation; where its thread, its case and the review of its plan are."""
    applicant = Applicant(installation.drop, "ru")
    applicant.write(TEXT)
    page = lead.take(lead.thread(applicant.thread_id))
    card = page.link("/card/")
    if card is None:
        raise SystemExit("a taken conversation has no card")
    page = lead.fill_card(lead.answer(page, "Здравствуйте. До явки есть время."))
    page = lead.ask_review(lead.words_for_steps(lead.set_facts(page, more=FACTS)))
    review = page.address.split("?")[0].removeprefix(installation.desk)
    return f"/threads/{applicant.thread_id}/", card.address.removesuffix("card/"), review


def _asked(installation: Installation, told: dict[str, Any]) -> dict[str, dict[str, float]]:
    """What `tools.bench.desk_pages_world` measures, in the installation's own environment."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))},
        "DJANGO_SETTINGS_MODULE": "tropa.desk.settings",
        "TROPA_DATA": str(installation.data),
        "TROPA_EXAMPLE": "1",
        "TROPA_AS_OF": EXAMPLE_DAY.isoformat(),
        "TROPA_LIVE_KEY": "5e" * 32,  # so that pages are live
    }
    process = subprocess.run(
        [sys.executable, "-m", "tools.bench.desk_pages_world"],
        input=json.dumps(told),
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measured: dict[str, dict[str, float]] = json.loads(process.stdout)
    return measured
