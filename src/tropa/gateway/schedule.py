"""In which order messages leave, and when: pure, on a clock that is handed in.

Kept true: messages to one person leave one at a time, in the order they were made, no faster than allowed; all
together keep the account's rate, make up for a moment nothing could leave in, and never pass the rate within a second;
whoever has an answer waiting goes before everybody who has
only automatic messages waiting, and among equals who waited first goes first. Told to wait, nothing leaves before.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil

from tropa.channels.values import Limits

AHEAD = 2
"""Messages that may leave before their time when the last ones were late: clocks and disks are not even."""
MAKE_UP = 1.0
"""Seconds of standing still that are made up for; what stood still for longer is not sent in a heap."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row by number, whom it is for, and whether a person wrote it."""

    number: int
    person: str
    answer: bool


@dataclass(slots=True)
class _Person:
    waiting: deque[Waiting] = field(default_factory=deque)
    answers: int = 0
    busy: bool = False
    free_at: float = 0.0
    listed: int = 0  # 0 nowhere, 1 among the automatic, 2 among the answers


class Schedule:
    """What waits in one account. Times are seconds on one monotonic clock."""

    def __init__(self, limits: Limits, now: float) -> None:
        self._interval = 1.0 / limits.per_second
        self._pause = 1.0 / limits.per_person
        self._next = now
        self._behind = max(MAKE_UP, AHEAD * self._interval)
        self._left: deque[float] = deque(maxlen=ceil(limits.per_second) + AHEAD)
        """When the last ones left, as many as may within a second."""
        self._held_until = now
        self._people: dict[str, _Person] = {}
        self._answers: deque[str] = deque()
        self._automatic: deque[str] = deque()
        self._later: list[tuple[float, str]] = []
        self._numbers: set[int] = set()

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, number: int) -> bool:
        return number in self._numbers

    def add(self, waiting: Waiting) -> None:
        """Put a row in line; one that stands there already stays where it is."""
        if waiting.number in self._numbers:
            return
        self._numbers.add(waiting.number)
        person = self._people.setdefault(waiting.person, _Person())
        person.waiting.append(waiting)
        person.answers += waiting.answer
        self._list(waiting.person, person)

    def due(self, now: float) -> Iterator[Waiting]:
        """Rows that may leave now, each followed by `over` when it has."""
        self._next = max(self._next, now - self._behind)
        while self._later and self._later[0][0] <= now:
            _at, name = heapq.heappop(self._later)
            if name in self._people:
                self._list(name, self._people[name])
        while self._may_leave_at() <= now:
            first = self._pop(now)
            if first is None:
                return
            self._left.append(now)
            person = self._people[first]
            person.busy = True
            self._next += self._interval
            yield person.waiting[0]

    def wait(self, now: float) -> float | None:
        """Seconds until something may be due; None when nothing waits that is not under way."""
        free = self._may_leave_at()
        moments = [free] if self._answers or self._automatic else []
        if self._later:
            moments.append(max(self._later[0][0], free))
        return max(0.0, min(moments) - now) if moments else None

    def held(self, now: float) -> float:
        """Seconds for which the service wants nothing at all; nought when it takes messages."""
        return max(0.0, self._held_until - now)

    def over(self, waiting: Waiting, now: float) -> None:
        """It has left, or never will."""
        person = self._people[waiting.person]
        person.waiting.popleft()
        person.answers -= waiting.answer
        self._numbers.discard(waiting.number)
        self._rest(waiting.person, person, now + self._pause)

    def again(self, waiting: Waiting, at: float, *, everybody: bool) -> None:
        """It did not leave; the same again, not before `at`, and nothing else of the account either if `everybody`."""
        if everybody:
            self._next = max(self._next, at)
            self._held_until = max(self._held_until, at)
        self._rest(waiting.person, self._people[waiting.person], at)

    def forget(self, waiting: Waiting, now: float) -> None:
        """It is not ours, or was taken back: the next of this person may go at once."""
        person = self._people[waiting.person]
        person.waiting.popleft()
        person.answers -= waiting.answer
        self._numbers.discard(waiting.number)
        self._next -= self._interval  # nothing left
        if self._left:
            self._left.pop()
        self._rest(waiting.person, person, now)

    def _may_leave_at(self) -> float:
        """When the next one may leave, as far as all together are concerned."""
        full = len(self._left) == self._left.maxlen
        return max(self._next, self._left[0] + 1.0) if full else self._next

    def _rest(self, name: str, person: _Person, until: float) -> None:
        """Free again at `until`; a person nothing waits for is forgotten then."""
        person.busy, person.free_at = False, until
        heapq.heappush(self._later, (until, name))

    def _list(self, name: str, person: _Person) -> None:
        if not person.waiting:
            if not person.busy and person.listed == 0:
                del self._people[name]
            return
        wanted = 2 if person.answers else 1
        if person.busy or person.listed >= wanted:
            return
        person.listed = wanted
        (self._answers if wanted == 2 else self._automatic).append(name)

    def _pop(self, now: float) -> str | None:
        """The next person whose turn it is. Who was listed twice, or is not free yet, is passed over."""
        for line, mark in ((self._answers, 2), (self._automatic, 1)):
            for _turn in range(len(line)):
                name = line.popleft()
                person = self._people.get(name)
                if person is None or person.listed != mark:
                    continue
                person.listed = 0
                if person.busy or not person.waiting:
                    continue
                if person.free_at > now:
                    heapq.heappush(self._later, (person.free_at, name))
                    continue
                return name
        return None
