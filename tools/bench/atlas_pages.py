"""The atlas on the desk: its pages as the desk's server spends CPU on them, and how soon a change is in force."""

from __future__ import annotations

import http.client

from tools.bench.processes import cpu_seconds, named
from tools.bench.results import Results
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation

ROOM = "desk"
COUNTED = 40
MOST = 100
PAGES = {
    "first page with the map": "/atlas/",
    "page of a country": "/atlas/countries/KZ/",
    "page of the country with most facts": "/atlas/countries/RU/",
    "the same with all its lists": "/atlas/countries/RU/?whole=1",
    "page of a fact": "/atlas/entry-KZ/",
    "search in two words": "/atlas/?q=kazakhstan%20entry",
    "what is due": "/atlas/all/due/",
    "batch of a source": "/atlas/sources/judgement/",
    "second page of that batch": "/atlas/sources/judgement/?from=30",
    "changes": "/atlas/all/changes/",
    "conflicts": "/atlas/all/conflicts/",
    "form of a fact": "/atlas/entry-KZ/edit/",
}


def atlas_pages(installation: Installation, results: Results) -> None:
    """CPU of each page, once the server has the facts; and of the first one, which lays the changes over the pack."""
    volunteer = Volunteer(installation.desk, installation.people[0], "ru")
    volunteer.sign_in()
    volunteer.unlock()
    cookie = "; ".join(f"{name}={value}" for name, value in volunteer.browser.cookies.items())
    server, port = named("serve", "desk"), int(installation.desk.rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    for what, address in PAGES.items():
        _got(connection, address, cookie)
        before = cpu_seconds(server)
        size = [_got(connection, address, cookie) for _time in range(COUNTED)][-1]
        spent = (cpu_seconds(server) - before) / COUNTED * 1000
        results.add(ROOM, f"CPU of the atlas's {what}", spent, "ms", most=MOST)
        results.add(ROOM, "  bytes of it", size / 1000, "kB")
    connection.close()


def _got(connection: http.client.HTTPConnection, address: str, cookie: str) -> int:
    """Bytes of the page. SystemExit when it is no page of the atlas."""
    connection.request("GET", address, headers={"Cookie": cookie, "Accept-Language": "ru"})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200 or b"/atlas/" not in body:
        raise SystemExit(f"{address} answered {response.status}")
    return len(body)
