"""The one planner this process of the desk talks to: a process of its own, started when first needed.

`use` puts another in its place: what answers for the planner in tests passes the same contract.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import Protocol

from tropa.atlas.adoption import pack_in_force, state_of_pack
from tropa.desk import clock
from tropa.desk.atlas.in_force import in_force
from tropa.desk.conf import conf
from tropa.planning.client import PlannerClient
from tropa.planning.over_pack import OverPack, over_pack
from tropa.planning.person import PersonFacts
from tropa.planning.plan import PlanSet


class Planner(Protocol):
    """What the desk asks of a planner."""

    def plans(self, person: PersonFacts, only: Collection[str] | None = None) -> PlanSet:
        """The answer for a person today; with `only`, of the plans nothing beats no more than those shown and those of
        these ids. Raises BadPerson, PlannerUnavailable.
        """


_current: list[Planner] = []


def planner() -> Planner:
    """The planner, made when first asked for; its process starts with its first question."""
    if not _current:
        _current.append(_Process())
    return _current[0]


def use(other: Planner | None) -> None:
    """Answer with `other` from now on; None: with the process again."""
    _current[:] = [other] if other else []


class _Process:
    """The planner's process, asked for the desk's own day and the facts in force at this moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pack: tuple[int, ...] = ()
        self._client: PlannerClient | None = None
        self._told: tuple[object, OverPack] | None = None

    def plans(self, person: PersonFacts, only: Collection[str] | None = None) -> PlanSet:
        """The answer for a person today."""
        return self._running().plans(person, on=clock.facts_day(), over=self._over(), only=only)

    def _running(self) -> PlannerClient:
        """The process over the pack in force; another one as soon as another release was taken."""
        with self._lock:
            pack = state_of_pack(conf.data)
            if self._client is None or self._pack != pack:
                self.close()
                self._client = PlannerClient(pack=pack_in_force(conf.data), reviewed_as_of=conf.as_of)
                self._pack = pack
            return self._client

    def _over(self) -> OverPack:
        found = in_force()
        if self._told is None or self._told[0] != found.state:
            self._told = (found.state, over_pack(found.acts, found.overlaid.sources))
        return self._told[1]

    def close(self) -> None:
        """End the process, if there is one."""
        if self._client is not None:
            self._client.close()
