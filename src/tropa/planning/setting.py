"""What is asked of one search beyond the person and the atlas: which world, what is closed, what is assumed.

Kept true: every question of the kind "what if" is one changed `Setting` on the same code path, so an answer to "what
would change this plan" rests on the same rules as the plan itself. The default is what people are shown: the
pessimistic world, nothing assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

from tropa.planning.person import Wish
from tropa.planning.units import World


@dataclass(frozen=True, slots=True)
class Setting:
    """`without`: ids of acts that are left out of the graph, bounds and all. `waived`: wishes left out. `confirmed`:
    overdue facts count as confirmed. `no_bars`: unknown statuses turn out to be no. `lifted`: known ones too.
    `given_papers`: held by everybody on top. `any_money`, `any_day`, `any_haven`: no limit on money, no deadline, no
    least haven."""

    world: World = World.PESSIMISTIC
    without: frozenset[str] = frozenset()
    waived: frozenset[Wish] = frozenset()
    confirmed: bool = False
    no_bars: bool = False
    lifted: bool = False
    given_papers: frozenset[str] = frozenset()
    any_money: bool = False
    any_day: bool = False
    any_haven: bool = False
