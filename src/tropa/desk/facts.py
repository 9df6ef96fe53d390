"""The atlas as the desk reads it: the pack in force with the organisation's own changes over it.

The shipped pack is unverified: on the real clock it opens no leg until researchers have reviewed its facts. Only a
pinned day (example world, rehearsal, tests) counts as the day somebody reviewed everything. The planner answers from
the same pack and changes in its own process.
"""

from __future__ import annotations

from datetime import timedelta

from tropa.atlas import SHIPPED_PACK, Atlas, Effect, Fact, Standing, Value
from tropa.desk import clock
from tropa.desk.atlas.in_force import in_force, look_again

__all__ = ["SHIPPED_PACK", "SOON", "atlas", "look_again", "to_look_at"]

SOON = timedelta(days=7)


def atlas() -> Atlas:
    """The facts in force: within one request always the same. Raises `PackError` when the pack is not valid."""
    return in_force().atlas


def to_look_at(limit: int) -> list[tuple[Fact[Value], Standing]]:
    """Permissions that are closed by age or fall due within a week, the longest overdue first."""
    day = clock.facts_day()
    world = atlas()
    due = [
        (fact, world.standing(fact, day))
        for fact in world.facts.values()
        if fact.effect is Effect.PERMISSION and fact.review_by <= day + SOON
    ]
    return sorted(due, key=lambda pair: (pair[0].review_by, pair[0].id))[:limit]
