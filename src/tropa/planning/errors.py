"""What planning refuses, and how.

    PlanningError
    ├── BadNetwork            (also a ValueError) arcs, costs or node numbers that make no network
    ├── BadLimits             (also a ValueError) limits that do not fit the objectives
    ├── SearchTooLarge        the front needs more memory than the search was allowed
    ├── BadPolicyWorld        (also a ValueError) arrays that make no world of uncertain steps
    ├── PolicyTooLarge        exact policies need more labels, pairs or layers than was allowed
    ├── CutOff                a complete front was asked of a search that was stopped before its end
    ├── BadPerson             expected: a person's facts that cannot be planned on, every problem named
    └── PlannerUnavailable    the planner process did not start, died or spoke nonsense

    KernelCacheUnusable       a warning: compiled searches cannot be kept, so each start costs seconds

"No plan exists" is an answer, never an error.
"""

from dataclasses import dataclass


class PlanningError(Exception):
    """Root of everything planning raises on purpose."""


class BadNetwork(PlanningError, ValueError):
    """The arrays handed in describe no network with two to four non-negative integer costs."""


class BadLimits(PlanningError, ValueError):
    """Limits must be one non-negative integer, or None for "no limit", for each objective."""


class SearchTooLarge(PlanningError):
    """The memory cap was reached before the front was complete: use limits, coarser units or a larger cap."""

    def __init__(self, cap_bytes: int, found: int) -> None:
        super().__init__(
            f"the search reached its memory cap of {cap_bytes:,} bytes with {found} points found; "
            "set limits, use coarser units or allow more memory"
        )
        self.cap_bytes = cap_bytes
        self.found = found


class BadPolicyWorld(PlanningError, ValueError):
    """The arrays handed in describe no world of places, arcs, ends and uncertain steps in layers."""


class PolicyTooLarge(PlanningError):
    """Exact policies would need more than was allowed: fewer refusals, coarser units, tighter limits, or allow more."""


class CutOff(PlanningError):
    """The search was stopped by its deadline: what it found is a part of the front, not the front."""


@dataclass(frozen=True, slots=True)
class PersonProblem:
    """One thing wrong with a person's facts: where, what stood there, what was expected, what is near."""

    field: str
    found: str
    expected: str
    nearest: tuple[str, ...] = ()


class BadPerson(PlanningError):
    """The person's facts name things the atlas does not know or dates that cannot be."""

    def __init__(self, problems: tuple[PersonProblem, ...]) -> None:
        super().__init__("; ".join(f"{p.field}: {p.expected}" for p in problems))
        self.problems = problems


class PlannerUnavailable(PlanningError):
    """The planner process could not answer; asking again may help, the case itself is untouched."""


class KernelCacheUnusable(UserWarning):
    """Compiled searches cannot be stored where they should be; every start of the planner pays for it."""
