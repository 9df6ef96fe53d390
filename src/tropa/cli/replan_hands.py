"""The hands that do the work of `tropa replan`: this process, or several beside it.

Kept true: each person is planned by one hand, in the order given; what a hand found is given back at once. A process
that dies (killed, out of memory) costs only the person it had in hand: another goes on, beginning with that person, and
whoever two processes died of is given up by name. Processes end when the one that started them is gone, however it
went. One person's answer never depends on another's, so answers are the same with any number of hands.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any, assert_never, cast

from tropa.atlas import Atlas, load_pack
from tropa.planning.mass.stored import Front, OpenPlan
from tropa.planning.person import PersonFacts
from tropa.planning.replanned import Replanned

MOST_TRIES = 2
PATIENCE_SECONDS = 10.0

Item = tuple[str, Any]
"""A file's name, and what the work needs of it."""


class Work(Enum):
    """What is done with each item."""

    BEFORE = auto()  # (file name, PersonFacts) -> Front, on the older pack
    AFTER = auto()  # OpenPlan -> Replanned, on the newer pack


@dataclass(frozen=True, slots=True)
class Packs:
    """The two packs and the days they are read for."""

    before: Path
    after: Path
    on: date
    reviewed_as_of: date | None

    def load(self) -> tuple[Atlas, Atlas]:
        """Both atlases. Raises PackError."""
        return (
            load_pack(self.before, reviewed_as_of=self.reviewed_as_of),
            load_pack(self.after, reviewed_as_of=self.reviewed_as_of),
        )


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Processes died of this person."""

    file: str


class Hand:
    """One process's means: both packs, and what people of a kind share."""

    def __init__(self, packs: Packs, atlases: tuple[Atlas, Atlas] | None = None) -> None:
        self.packs = packs
        self.old, self.new = atlases or packs.load()

    def done(self, work: Work, items: Sequence[Any]) -> Iterator[tuple[str, Front | Replanned]]:
        """File names with what came of them, one after the other."""
        match work:
            case Work.BEFORE:
                return self._before(items)
            case Work.AFTER:
                return self._after(items)
            case _:
                assert_never(work)

    def _before(self, people: Sequence[tuple[str, PersonFacts]]) -> Iterator[tuple[str, Front]]:
        from tropa.planning.compiling import Compilations
        from tropa.planning.mass.together import Together

        together = Together(Compilations(self.old), self.packs.on)
        for file, person in people:
            yield file, together.front(person)

    def _after(self, plans: Sequence[OpenPlan]) -> Iterator[tuple[str, Replanned]]:
        from tropa.planning.mass.renewal import Renewal

        renewal = Renewal(self.old, self.new, self.packs.on, plans)
        renewal.waiting = list(range(len(plans)))  # in the order given, which is that of all hands together
        for one in renewal.run():
            plan = plans[one.number]
            verdict = one.verdict.name.lower()
            yield (
                plan.key,
                Replanned(plan.key, verdict, one.outcome.value, len(plan.front), len(one.plan.front)),
            )


class Hands(AbstractContextManager["Hands"]):
    """As many processes as are wanted, started when first needed; with one, the work is done in this process."""

    def __init__(self, packs: Packs, atlases: tuple[Atlas, Atlas], workers: int) -> None:
        self._packs, self._atlases, self._workers = packs, atlases, workers
        self._idle: list[_Beside] = []

    def before(self, people: Sequence[tuple[str, PersonFacts]]) -> Iterator[tuple[str, Front | GivenUp]]:
        """Everybody's front on the older pack, in this order."""
        found = self._done(Work.BEFORE, [(file, (file, person)) for file, person in people])
        return cast("Iterator[tuple[str, Front | GivenUp]]", found)

    def after(self, plans: Sequence[OpenPlan]) -> Iterator[tuple[str, Replanned | GivenUp]]:
        """What becomes of these plans, in this order."""
        found = self._done(Work.AFTER, [(plan.key, plan) for plan in plans])
        return cast("Iterator[tuple[str, Replanned | GivenUp]]", found)

    def _done(self, work: Work, items: Sequence[Item]) -> Iterator[tuple[str, Front | Replanned | GivenUp]]:
        workers = min(self._workers, len(items))
        if workers <= 1:
            yield from Hand(self._packs, self._atlases).done(work, [item for _file, item in items])
            return
        deaths: Counter[str] = Counter()
        at = [self._begun(work, deque(items[n::workers])) for n in range(workers)]
        while at:
            for beside in [one for one in at if one.pipe in wait([other.pipe for other in at])]:
                file = beside.share[0][0] if beside.share else ""
                try:
                    found = beside.heard()
                except (EOFError, ConnectionError):
                    at.remove(beside)
                    beside.end()
                    deaths[file] += 1
                    if deaths[file] >= MOST_TRIES:
                        beside.share.popleft()
                        yield file, GivenUp(file)
                    if beside.share:
                        at.append(self._begun(work, beside.share))
                    continue
                yield file, found
                if not beside.share:
                    at.remove(beside)
                    self._idle.append(beside)

    def _begun(self, work: Work, share: deque[Item]) -> _Beside:
        """A process that has begun with this share."""
        beside = self._idle.pop() if self._idle else _Beside(self._packs)
        beside.begin(work, share)
        return beside

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for beside in self._idle:
            beside.end()


class _Beside:
    """A process beside this one, and what of its share it has not given back."""

    def __init__(self, packs: Packs) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.share: deque[Item] = deque()
        self._process = context.Process(target=_work, args=(theirs, packs), daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, work: Work, share: deque[Item]) -> None:
        """Give it a share. A process that died meanwhile is noticed by `heard`."""
        self.share = share
        with suppress(ConnectionError):
            self.pipe.send((work, [item for _file, item in share]))

    def heard(self) -> Front | Replanned:
        """What came of the first of its share. Raises EOFError, ConnectionError if it is gone."""
        found: Front | Replanned = self.pipe.recv()
        self.share.popleft()
        return found

    def end(self) -> None:
        """It ends: nobody listens any more."""
        self.pipe.close()
        self._process.join(PATIENCE_SECONDS)


def _work(pipe: Connection, packs: Packs) -> None:
    """A process: works through what it is given, and is gone as soon as nobody listens."""
    hand = Hand(packs)
    with suppress(EOFError, ConnectionError), pipe:
        while True:
            work, items = pipe.recv()
            for _file, found in hand.done(work, items):
                pipe.send(found)
