"""The atlas as the desk reads it: loaded when a page first asks for it, and kept while the process lives.

The shipped pack is unverified: on the real clock it opens no leg. Only a pinned day (example world, rehearsal, tests)
counts as the day somebody reviewed it. The planner loads the same pack in its own process.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from tropa.atlas import Atlas, Effect, Fact, Standing, Value, load_pack
from tropa.desk import clock
from tropa.desk.conf import conf

SHIPPED_PACK = Path(__file__).resolve().parent.parent / "atlas" / "packs" / "ru"
SOON = timedelta(days=7)


@cache
def atlas() -> Atlas:
    """The pack in force. Raises `PackError` when it is not valid."""
    return load_pack(SHIPPED_PACK, reviewed_as_of=conf.as_of)


def to_look_at(limit: int) -> list[tuple[Fact[Value], Standing]]:
    """Permissions that are closed by age or fall due within a week, the longest overdue first."""
    day = clock.facts_day()
    due = [
        (fact, atlas().standing(fact, day))
        for fact in atlas().facts.values()
        if fact.effect is Effect.PERMISSION and fact.review_by <= day + SOON
    ]
    return sorted(due, key=lambda pair: (pair[0].review_by, pair[0].id))[:limit]
