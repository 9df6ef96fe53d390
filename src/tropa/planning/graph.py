"""The safety graph: what one party could do on the way, compiled from the atlas for one day and one setting.

Kept true: everything a rule can ask for is a bit, and every rule is positive, so more bits never hurt. Papers in hand
and papers obtained on the way are different bits: the first are good between their dates, the second until the horizon
of a plan, so what a party may show on a day follows from its bits and the day alone. Every action names the facts it
rests on. Refused: an action of which a price, a duration or a danger is not known; `closed` says which and why.

Layout of the bits of a state: pinned wishes fulfilled | member 0: held, obtained | member 1: held, obtained | ...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from tropa.atlas import Atlas, Range
from tropa.planning.dangers import NO_DANGER, Danger, Figures
from tropa.planning.person import PersonFacts
from tropa.planning.plan import Reason, StepKind
from tropa.planning.setting import Setting
from tropa.planning.stays import Stay, StayLimit

if TYPE_CHECKING:
    from tropa.planning.compiled import Compiled

Ints = NDArray[np.int64]

SAFE = -1
"""The place every end state leads to."""

# columns of `acts`; all of them are named in `columns`
TARGET, CLOSES, GAINS, RANK, NEW_ZONE, PINS, DEPARTS, ALIGNED = 0, 2, 6, 8, 10, 12, 14, 15

MOST_BITS = 62
"""So many papers or pins fit into one number of the compiled search; with more, plain Python searches."""

ALWAYS_FIRST, ALWAYS_LAST = -100_000, 100_000


@dataclass(frozen=True, slots=True)
class Admission:
    """One way to be let in: papers to show, of which `travel` must be valid `passport_days` beyond the day of arrival;
    open from `first_day` to `last_day`; the stay it gives; the chance of being turned back all the same."""

    papers: int
    travel: int
    passport_days: int
    first_day: int
    last_day: int
    limits: tuple[StayLimit, ...]
    turned_back: Range | None
    facts: tuple[str, ...]
    stay_facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the graph. `daily`: danger of a day there; `living`: euros a day for the party; None: not known."""

    id: str
    country: str
    zone: str
    is_post: bool
    home: bool
    daily: Danger | None
    living: Figures | None
    living_fact: str | None


class Least(NamedTuple):
    """The least an action can cost, in the units of the search; money in exact euros."""

    risk: int
    ticks: int
    euros: int
    doubt: int


@dataclass(frozen=True, slots=True)
class Action:
    """Something the party can do at `origin`. Figures are per world, optimistic first; `target` SAFE ends the plan.

    `before`: ticks at the origin before it is left (a leg's wait for departure; an office's whole time); `ticks`: the
    whole time. `price` is for the party, living not included. `requires` and `admissions` hold one entry per member.
    `refusal`: chance that somebody says no. `stay_needed`: the stay must be lawful to the end, not only at the start.
    `departs`, `aligned`: weeks of `timetables`: when a leg leaves; when to set out to where one leaves.
    """

    id: str
    kind: StepKind
    origin: int
    target: int
    first_day: int
    last_day: int
    requires: tuple[tuple[int, ...], ...]
    before: tuple[int, int, int]
    ticks: tuple[int, int, int]
    danger: Danger
    stay_needed: bool
    facts: tuple[str, ...]
    fragile: tuple[Reason, ...]
    mode: str = ""
    admissions: tuple[tuple[Admission, ...], ...] = ()
    price: Figures = NO_DANGER
    price_each: Figures = NO_DANGER  # for an application: each member who applies pays it
    refusal: Range | None = None
    gains: int = -1  # number of the paper, or -1
    surrenders: int = 0
    pins: int = 0
    rank: int = 0  # of the end state; 0 for other actions
    lawful_days: int = 0  # the stay must be lawful for so many days from the start on
    new_zone: bool = False
    free: bool = False  # asks for no paper and gives none
    departs: int = 0
    aligned: int = 0
    least: tuple[Least, ...] = ()  # per world, what doing it costs at the very least


@dataclass(frozen=True, slots=True)
class State:
    """Where a party stands: place, tick, bits, stay (day of entry, last lawful day, limits that bind), stays before,
    what was spent, applied for and earned so far."""

    place: int
    tick: int
    bits: int
    entry: int
    last: int
    limits: tuple[StayLimit, ...]
    past: tuple[Stay, ...]
    spent: int = 0
    applied: int = 0
    earned: int | None = None  # income of the months before the party left its first place; None: still there


@dataclass(frozen=True, slots=True)
class Closures:
    """How many actions each reason closed; one action may have several reasons."""

    counts: Mapping[Reason, int]


class _Actions(Sequence[Action]):
    """A party's actions, each made when it is looked at."""

    def __init__(self, graph: SafetyGraph) -> None:
        self._graph = graph
        self._made: dict[int, Action] = {}

    def __len__(self) -> int:
        return len(self._graph.numbers)

    @overload
    def __getitem__(self, number: int) -> Action: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Action]: ...

    def __getitem__(self, number: int | slice) -> Action | Sequence[Action]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        number %= len(self)
        if number not in self._made:
            graph = self._graph
            action = graph.compiled.action(int(graph.numbers[number]))
            last, pins = int(graph.last_days[number]), int(graph.pins[number])
            aligned = int(graph.aligned[number])
            if pins or aligned or last != action.last_day:
                action = replace(action, last_day=last, pins=pins, aligned=aligned)
            self._made[number] = action
        return self._made[number]


@dataclass(frozen=True, eq=False)
class SafetyGraph:
    """One party's graph on one day. `numbers`: the rows of the compilation that are open, by origin; `last_days`,
    `pins` and `aligned` of each; `goal`: bits a state needs to be SAFE (pinned wishes)."""

    person: PersonFacts
    setting: Setting
    compiled: Compiled
    numbers: Ints
    last_days: Ints
    pins: Ints
    aligned: Ints
    start: State | None
    start_country: str
    goal: int
    pin_count: int
    held_dates: tuple[tuple[tuple[int, int, int], ...], ...]  # per member: (bit, first day, last day)
    tracked_zones: frozenset[str]
    shiftable: bool  # no stay of the past stands on fixed days: a plan may be done some days earlier
    needs: Ints  # days the longest chain of acts in a zone can take; see `needs.Needs`
    deadline_day: int
    events: tuple[int, ...]  # later days on which anything opens, in order
    closures: Closures
    fragile_start: tuple[Reason, ...]
    valid_cache: dict[tuple[int, int], int] = field(default_factory=dict)

    @property
    def atlas(self) -> Atlas:
        """The atlas it was compiled from."""
        return self.compiled.atlas

    @property
    def on(self) -> date:
        """The day of planning."""
        return self.compiled.on

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The places."""
        return self.compiled.spots

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """The papers by number."""
        return self.compiled.paper_ids

    @property
    def considered(self) -> int:
        """How many actions were looked at."""
        return self.compiled.considered

    @property
    def least_days(self) -> Mapping[str, int]:
        """For each tracked zone the fewest days any of its rules gives."""
        return self.compiled.least_days

    def shown(self, bits: int, member: int, day: int) -> int:
        """The papers a member can show on a day, as a mask of paper numbers."""
        width = len(self.paper_ids)
        block = bits >> (self.pin_count + 2 * width * member)
        full = (1 << width) - 1
        return (block >> width) & full | block & full & self._valid(member, day)

    def _valid(self, member: int, day: int) -> int:
        key = (member, day)
        mask = self.valid_cache.get(key)
        if mask is None:
            mask = 0
            for bit, first, last in self.held_dates[member]:
                if first <= day <= last:
                    mask |= bit
            self.valid_cache[key] = mask
        return mask

    def held_bit(self, member: int, paper: int) -> int:
        """The bit of a paper in hand."""
        return 1 << (self.pin_count + 2 * len(self.paper_ids) * member + paper)

    def obtained_bit(self, member: int, paper: int) -> int:
        """The bit of a paper obtained on the way."""
        return 1 << (self.pin_count + 2 * len(self.paper_ids) * member + len(self.paper_ids) + paper)

    @property
    def last_event(self) -> int:
        """The last day on which anything opens; 0 if nothing opens later."""
        return self.events[-1] if self.events else 0

    @property
    def party(self) -> int:
        """How many travel."""
        return len(self.held_dates)

    @cached_property
    def actions(self) -> Sequence[Action]:
        """The actions by origin."""
        return _Actions(self)

    @cached_property
    def actions_at(self) -> tuple[tuple[Action, ...], ...]:
        """The actions of each place."""
        at: list[list[Action]] = [[] for _ in self.spots]
        for action in self.actions:
            at[action.origin].append(action)
        return tuple(tuple(actions) for actions in at)

    @cached_property
    def ranks(self) -> tuple[int, ...]:
        """The ranks of the end states, rising."""
        return tuple(
            rank for rank in np.unique(self.compiled.columns.acts[self.numbers, RANK]).tolist() if rank
        )

    @property
    def papers_asked(self) -> int:
        """Every paper some open border, office or end state asks for, as one mask."""
        columns, shared = self.compiled.columns, self.compiled.shared
        asked = 0
        for lists, used in ((shared.masks, columns.requires), (shared.ways, columns.admits)):
            for which in np.unique(used[self.numbers]).tolist():
                if which >= 0:
                    rows = lists.rows[lists.first[which] : lists.first[which + 1], 0]
                    asked |= int(np.bitwise_or.reduce(rows)) if len(rows) else 0
        return asked

    def applications_for(self, paper: int) -> frozenset[str]:
        """The ids of all applications for a paper."""
        return self._ids(self.acts[:, GAINS] == paper)

    def entries_to(self, country: str) -> frozenset[str]:
        """The ids of all actions that cross a border into a country."""
        inside = np.append(np.array([spot.country == country for spot in self.spots], np.bool_), False)
        return self._ids(inside[self.acts[:, TARGET]] & (self.acts[:, NEW_ZONE] > 0))

    def _ids(self, chosen: NDArray[np.bool_]) -> frozenset[str]:
        return frozenset(self.compiled.id_of(int(self.numbers[n])) for n in np.flatnonzero(chosen))

    # --- what the compiled search reads -----------------------------------------------------------------------------

    @property
    def fits_kernel(self) -> bool:
        """Whether papers and pins fit into one number each."""
        return max(len(self.paper_ids), self.pin_count) <= MOST_BITS

    @cached_property
    def acts(self) -> Ints:
        """The columns of the open acts, with what a graph says of each; times of the world included [n, 16]."""
        acts = self.compiled.columns.acts[self.numbers]
        acts[:, CLOSES], acts[:, PINS], acts[:, ALIGNED] = self.last_days, self.pins, self.aligned
        acts[:, 3:6] = self.timed
        return acts

    @cached_property
    def timed(self) -> Ints:
        """Ticks before leaving, in all, lived at the origin [n, 3]."""
        timed: Ints = self.compiled.columns.timed[self.setting.world][self.numbers]
        return timed

    @cached_property
    def awaits(self) -> NDArray[np.bool_]:
        """Whether anybody at a place may still come to a departure of a timetable [place]."""
        found = np.zeros(len(self.spots), np.bool_)
        found[self.origins[(self.aligned | self.compiled.columns.acts[self.numbers, DEPARTS]) != 0]] = True
        return found

    @cached_property
    def origins(self) -> Ints:
        """Where each open act begins."""
        return self.compiled.columns.origins[self.numbers]

    @cached_property
    def longest_need(self) -> Mapping[str, int]:
        """Days the longest chain of acts in a zone can take, with all applications still to be made."""
        return dict(zip(self.zones, self.needs[:, -1, 0].tolist(), strict=True))

    @cached_property
    def zone_of_place(self) -> Ints:
        """The number of each place's zone."""
        if self.zones == self.compiled.zones:
            return self.compiled.zone_of_place
        return np.array([self.zone_number(spot.zone) for spot in self.spots], np.int64)

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """The zones in order; `zone_number` is the place in it."""
        others = {stay.zone for stay in (self.start.past if self.start else ())}.difference(
            self.compiled.zones
        )
        return tuple(sorted({*self.compiled.zones, *others})) if others else self.compiled.zones

    def zone_number(self, zone: str) -> int:
        """The number of a zone."""
        return self._zone_numbers[zone]

    @cached_property
    def _zone_numbers(self) -> Mapping[str, int]:
        return self.compiled.numbers_of(self.zones)

    def same_acts_as(self, other: SafetyGraph, least_rank: int) -> None:
        """Take over what was worked out of the acts of a graph that has the very same; ranks of at least one."""
        self.__dict__.update({name: getattr(other, name) for name in ("acts", "timed", "origins", "awaits")})
        self.__dict__["ranks"] = tuple(rank for rank in other.ranks if rank >= least_rank)

    def words(self, bits: int) -> Iterator[int]:
        """The bits of a state as the kernel keeps them: pins, then what each member holds and has obtained."""
        yield bits & (1 << self.pin_count) - 1
        bits >>= self.pin_count
        width = len(self.paper_ids)
        for _ in range(2 * self.party):
            yield bits & (1 << width) - 1
            bits >>= width

    def acts_named(self, ids: Iterable[str]) -> Iterator[int]:
        """The places in `actions` of those with one of these ids."""
        for id_ in ids:
            for row in self.compiled.by_id.get(id_, ()):
                place = int(np.searchsorted(self.numbers, row))
                if place < len(self.numbers) and self.numbers[place] == row:
                    yield place
