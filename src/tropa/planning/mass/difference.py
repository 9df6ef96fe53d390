"""What a change of facts did to the acts of one class of people.

Kept true: a plan that uses no act named here is as feasible as before and costs the same, and a plan that became
feasible or cheaper uses an act named `improved`. An act is compared in everything a plan can feel: its dates, times,
danger, price, doubt, papers, ways in with the stays they give, what bars it, and what a day costs where it begins.
A change that is not plainly for the worse or for the better counts as both. Refused: different classes or days.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tropa.planning.columns import Lists
from tropa.planning.compiled import Compiled
from tropa.planning.mass.open_plans import Act
from tropa.planning.units import World

T = TypeVar("T")

_Felt = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Acts by what became of them. `vanished` and `worse` may make plans worse, `improved` may make better ones.
    `everything`: places or papers themselves changed, so nothing can be told apart."""

    vanished: frozenset[Act]
    worse: frozenset[Act]
    improved: frozenset[Act]
    everything: bool = False

    @property
    def touched(self) -> frozenset[Act]:
        """Acts a plan may not rest on if it is to be as good as before."""
        return self.vanished | self.worse

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed for this class."""
        return not (self.everything or self.vanished or self.worse or self.improved)


def difference(old: Compiled, new: Compiled) -> Difference:
    """What changed from one compilation of a class to another of the same class and day."""
    if old.roads.members != new.roads.members or old.on != new.on:
        raise ValueError("two different classes or days cannot be compared")
    if _lay_of_the_land(old) != _lay_of_the_land(new):
        return Difference(frozenset(), frozenset(), frozenset(), everything=True)
    before, after = _Reading(old), _Reading(new)
    rows = {act: row for row, act in enumerate(after.acts)}
    vanished = {act for act in before.acts if act not in rows}
    there = [(row, rows[act]) for row, act in enumerate(before.acts) if act in rows]
    worse, improved = set(), set(rows).difference(before.acts)
    for row, now in _different(before, after, np.array(there, np.int64).reshape(-1, 2)).tolist():
        rises, falls = _compared(before, row, after, now)
        if rises:
            worse.add(before.acts[row])
        if falls:
            improved.add(before.acts[row])
    return Difference(frozenset(vanished), frozenset(worse), frozenset(improved))


def _lay_of_the_land(compiled: Compiled) -> Hashable:
    spots = tuple((spot.id, spot.country, spot.zone, spot.is_post, spot.home) for spot in compiled.spots)
    return spots, compiled.paper_ids, tuple(sorted(compiled.least_days.items()))


class _Reading:
    """A compilation as what can be compared: figures that may rise or fall, and the rest, which is equal or not."""

    def __init__(self, compiled: Compiled) -> None:
        columns, shared = compiled.columns, compiled.shared
        self.acts = [
            (compiled.id_of(row), compiled.spots[place].id)
            for row, place in enumerate(columns.origins.tolist())
        ]
        world = World.PESSIMISTIC
        origins = columns.origins
        self.figures: NDArray[np.float64] = np.column_stack(
            [columns.figures[world], compiled.daily[world][origins], compiled.living[world][origins]]
        )
        self.timed = columns.timed[world]
        self.plain = columns.acts
        masks = [tuple(one) for one in _resolved(shared.masks)]
        ways = [
            tuple(
                (*row[:5], shared.limit_sets[row[5]], *figures)
                for row, figures in zip(rows, figured, strict=True)
            )
            for rows, figured in zip(
                _resolved(shared.ways), _parted(shared.ways.first, shared.way_figures.tolist()), strict=True
            )
        ]
        self._masks, self._ways, self._bars = [*masks, ()], [*ways, ()], compiled.bar_lists
        self._columns = columns.requires, columns.admits, compiled.bars[:, None]
        self._requires, self._admits = columns.requires.tolist(), columns.admits.tolist()
        self._bar = compiled.bars.tolist()

    def numbered(self, numbers: dict[_Felt, int]) -> list[NDArray[np.int64]]:
        """What opens acts and what bars them, as numbers of equal sets; `numbers` are shared between compilations."""
        found = []
        for column, lists in zip(self._columns, (self._masks, self._ways, self._bars), strict=True):
            sets = [numbers.setdefault((frozenset(one),), len(numbers)) for one in lists]
            found.append(np.array(sets, np.int64)[column])
        return found

    def rest(self, row: int) -> _Felt:
        """Everything of an act that is equal or different, never more or less."""
        return tuple(self.plain[row].tolist()), tuple(self.timed[row].tolist())

    def doors(self, row: int) -> tuple[list[frozenset[Hashable]], frozenset[Hashable]]:
        """What opens an act, any one of each set being enough, and what bars it."""
        numbers = zip(self._requires[row], self._admits[row], strict=True)
        opening = [frozenset(one) for a, b in numbers for one in (self._masks[a], self._ways[b])]
        return opening, frozenset(self._bars[self._bar[row]])


def _different(before: _Reading, after: _Reading, there: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those pairs of rows [n, 2] in which anything at all differs; nearly always few of many."""
    was, now = there[:, 0], there[:, 1]
    old, new = before.figures[was], after.figures[now]
    same = np.all((old == new) | (np.isnan(old) & np.isnan(new)), axis=1)
    same &= np.all(before.plain[was] == after.plain[now], axis=1)
    same &= np.all(before.timed[was] == after.timed[now], axis=1)
    numbers: dict[_Felt, int] = {}
    for mine, theirs in zip(before.numbered(numbers), after.numbered(numbers), strict=True):
        same &= np.all(mine[was] == theirs[now], axis=1)
    different: NDArray[np.int64] = there[~same]
    return different


def _compared(before: _Reading, row: int, after: _Reading, now: int) -> tuple[bool, bool]:
    """Whether something of an act may have become worse, and whether something may have become better."""
    if before.rest(row) != after.rest(now):
        return True, True
    old, new = before.figures[row], after.figures[now]
    if np.any(np.isnan(old) != np.isnan(new)):
        return True, True
    (doors, bars), (doors_now, bars_now) = before.doors(row), after.doors(now)
    closes = any(was - is_ for was, is_ in zip(doors, doors_now, strict=True)) or bool(bars_now - bars)
    opens = any(is_ - was for was, is_ in zip(doors, doors_now, strict=True)) or bool(bars - bars_now)
    return closes or bool(np.any(new > old)), opens or bool(np.any(new < old))


def _resolved(lists: Lists) -> list[list[tuple[int, ...]]]:
    return _parted(lists.first, lists.rows.tolist())


def _parted(first: NDArray[np.int64], rows: Sequence[Sequence[T]]) -> list[list[tuple[T, ...]]]:
    """Rows by the lists they belong to."""
    whole = [tuple(row) for row in rows]
    return [whole[a:b] for a, b in pairwise(first.tolist())]


def acts_of(differences: Mapping[object, Difference]) -> int:
    """How many acts changed in all classes together."""
    return sum(len(one.touched | one.improved) for one in differences.values())
