"""Asks for pages of the desk in this process and prints, as JSON, what each costs.

Reads cookies and addresses as JSON from the input. Needs DJANGO_SETTINGS_MODULE, and TROPA_DATA of an example world
whose visit the cookies are.
"""

from __future__ import annotations

import gc
import json
import re
import statistics
import sys
import time
from collections.abc import Mapping
from functools import cache

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

COUNTED, WARMED = 30, 3
REFERRED = re.compile(r'(?:href|src)="(/static/desk/[\w./]+\.(?:css|js))"')


def measured(client: Client, address: str) -> dict[str, float]:
    """CPU of one request in milliseconds, queries, and bytes on first load. SystemExit when it is no page."""
    spent = []
    for number in range(WARMED + COUNTED):
        began = time.thread_time()
        response = client.get(address)
        if number >= WARMED:
            spent.append((time.thread_time() - began) * 1000)
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    page = response.content
    return {
        "median": statistics.median(spent),
        "p95": statistics.quantiles(spent, n=20)[-1],
        "queries": len(queries),
        "weight": len(page) + sum(travels(name) for name in set(REFERRED.findall(page.decode()))),
    }


@cache
def travels(address: str) -> int:
    """Bytes of one of our own files as a browser gets it."""
    response = Client(headers={"host": "localhost"}).get(address, headers={"accept-encoding": "gzip"})
    return len(response.content)


def client_of(cookies: Mapping[str, str]) -> Client:
    """A browser with these cookies."""
    client = Client(headers={"host": "localhost"})
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def main() -> None:
    """Measure what the input names."""
    django.setup()
    gc.collect()
    gc.freeze()  # as the server does once it has loaded: else a page pays for looking through all that was loaded
    told = json.load(sys.stdin)
    client = client_of(told["cookies"])
    print(json.dumps({address: measured(client, address) for address in told["pages"]}))


if __name__ == "__main__":
    main()
