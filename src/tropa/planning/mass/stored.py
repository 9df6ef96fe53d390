"""Open plans of many people as arrays, so that all of them can be judged in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tropa.planning.mass.open_plans import Act, Front, Line, OpenPlan

__all__ = ["Fleet", "Front", "Line", "OpenPlan"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """Many open plans as arrays: `acts` end to end, `first_act` [lines + 1], `first_line` [plans + 1], `numbers`: each
    act of the atlas that any plan uses; `chosen` [plans]: the line followed, or -1."""

    plans: tuple[OpenPlan, ...]
    numbers: Mapping[Act, int]
    acts: Ints
    first_act: Ints
    first_line: Ints
    chosen: Ints

    @classmethod
    def of(cls, plans: Sequence[OpenPlan]) -> Fleet:
        """The arrays of some plans."""
        numbers: dict[Act, int] = {}
        acts: list[int] = []
        lengths, counts, chosen = [], [], []
        for plan in plans:
            counts.append(len(plan.front))
            chosen.append(plan.chosen if plan.front else -1)
            for line in plan.front:
                acts.extend(numbers.setdefault(act, len(numbers)) for act in line.acts)
                lengths.append(len(line.acts))
        first_line = np.concatenate([[0], np.cumsum(np.array(counts, np.int64))]).astype(np.int64)
        followed = np.array(chosen, np.int64)
        return cls(
            plans=tuple(plans),
            numbers=numbers,
            acts=np.array(acts, np.int64),
            first_act=np.concatenate([[0], np.cumsum(np.array(lengths, np.int64))]).astype(np.int64),
            first_line=first_line,
            chosen=np.where(followed >= 0, first_line[:-1] + followed, -1),
        )

    def touching(self, acts: frozenset[Act]) -> Flags:
        """For each line whether it uses one of these acts."""
        chosen = np.zeros(len(self.numbers) + 1, np.bool_)
        chosen[[self.numbers[act] for act in acts if act in self.numbers]] = True
        used = np.concatenate([[0], np.cumsum(chosen[self.acts])])
        return np.asarray(used[self.first_act[1:]] > used[self.first_act[:-1]])

    def by_plan(self, lines: Flags) -> Flags:
        """For each plan whether any of its lines is flagged."""
        flagged = np.concatenate([[0], np.cumsum(lines)])
        return np.asarray(flagged[self.first_line[1:]] > flagged[self.first_line[:-1]])

    def followed(self, lines: Flags) -> Flags:
        """For each plan whether the line followed is flagged."""
        return np.append(lines, False)[self.chosen]
