"""Opens many visits in an example world, for people who are unlocked there, and prints their cookies as JSON.

Reads `{"tokens": [...], "volunteers": N}`: tokens of unlocked visits, by which the key of each is opened for N visits
of their own. Nobody waits for slow hashes: that signing in works is measured elsewhere. Needs TROPA_DATA.
"""

from __future__ import annotations

import json
import sys
from itertools import cycle, islice

import django

django.setup()

from tropa.desk.clock import now  # noqa: E402  # models are there once Django is set up
from tropa.desk.staff import visits  # noqa: E402
from tropa.desk.staff.cookies import VISIT_COOKIE  # noqa: E402
from tropa.desk.staff.models import Visit  # noqa: E402
from tropa.desk.staff.services import begin_visit  # noqa: E402


def visits_of(tokens: list[str], count: int) -> list[str]:
    """The cookies of `count` unlocked visits."""
    cookies = []
    for token in islice(cycle(tokens), count):
        known = Visit.objects.select_related("member").get(pk=visits.visit_id(token))
        seed = visits.open_seed(bytes(known.sealed_seed or b""), token)
        visit, own = begin_visit(member=known.member, now=now())
        Visit.objects.filter(pk=visit.pk).update(
            sealed_seed=visits.seal_seed(seed, own), idle_after=known.idle_after
        )
        cookies.append(f"{VISIT_COOKIE}={own}")
    return cookies


def main() -> None:
    """Open what the input asks for."""
    told = json.load(sys.stdin)
    print(json.dumps(visits_of(told["tokens"], told["volunteers"])))


if __name__ == "__main__":
    main()
