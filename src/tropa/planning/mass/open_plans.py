"""Open plans as they are kept between changes of facts: for each person the front, as acts and costs.

Kept true: nothing of a person but what planning needs; a line names its acts by fact and place, so it can be read
against any later atlas. Whoever only keeps plans pays for no arrays: nothing is imported here that computes.
"""

from __future__ import annotations

from dataclasses import dataclass

from tropa.planning.person import PersonFacts

Act = tuple[str, str]
"""An act by the id of its fact and the id of the place where it begins."""

Vector = tuple[int, int, int, int]
"""Risk, time, money and doubt in the units of the search."""


@dataclass(frozen=True, slots=True)
class Line:
    """One plan of a front: what is done where, when each act is begun (in quarters of a day from the day of planning),
    its cost in the units of the search and the rank of its end state."""

    acts: tuple[Act, ...]
    starts: tuple[int, ...]
    cost: Vector
    rank: int


@dataclass(frozen=True, slots=True)
class Front:
    """What was found for somebody; not `whole`: the search ended with its effort, and ways may be missing."""

    lines: tuple[Line, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """Somebody's open plan: `key` is opaque to the planner, `front` the front, `chosen` the line they follow, or
    -1; `under_way`: they have set out; not `whole`: the search ended with its effort, and ways may be missing."""

    key: str
    person: PersonFacts
    front: tuple[Line, ...]
    chosen: int = 0
    under_way: bool = False
    whole: bool = True

    def __post_init__(self) -> None:
        if not -1 <= self.chosen < max(1, len(self.front)):
            raise ValueError("the chosen line is not among the front")

    @property
    def followed(self) -> Line | None:
        """The line they follow."""
        return self.front[self.chosen] if self.front and self.chosen >= 0 else None
