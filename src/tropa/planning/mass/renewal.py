"""Searches anew, worst first, every open plan a change of facts may have touched; and only those.

Kept true: a plan that is given back as kept is the whole front of the changed world, by proof; every other one was
searched from its start, but for lines that end at ranks of which nothing can have changed, by proof too. The work may
be stopped after any plan and taken up again with what is left: one plan never depends on another. The same plans and
facts give the same answers, in whatever order or process.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tropa.atlas import Atlas
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.errors import BadPerson
from tropa.planning.mass.proof import kept_lines, may_be_whole, still_whole
from tropa.planning.mass.stored import Fleet, Front, OpenPlan
from tropa.planning.mass.together import Together
from tropa.planning.mass.triage import Classes, Triage, Verdict, triage
from tropa.planning.person import PersonFacts, check_against
from tropa.planning.setting import Setting


class Outcome(StrEnum):
    """What became of one open plan."""

    KEPT = "kept"  # proven: the front is as it was
    SAME = "same"  # searched anew: the same costs
    CHANGED = "changed"  # searched anew: another front
    NO_WAY = "no_way"  # searched anew: no way is left
    CUT_OFF = "cut_off"  # searched anew as far as its effort went: ways may be missing
    NOT_PLANNED = "not_planned"  # the atlas no longer knows what the person's facts name


@dataclass(frozen=True, slots=True)
class Renewed:
    """One plan after the change. `followed`: where the line the person follows stands in the new front, -1 if gone."""

    number: int
    verdict: Verdict
    outcome: Outcome
    plan: OpenPlan
    followed: int


class Renewal:
    """The work after one change of facts."""

    def __init__(self, before: Atlas, after: Atlas, on: date, plans: Sequence[OpenPlan]) -> None:
        self._before, self.on = Compilations(before), on
        self._after = Compilations(after, after=self._before, beside=True)
        self.atlas = after
        self._together = Together(self._after, on)
        self.fleet = Fleet.of(plans)
        self.triage: Triage = triage(self.fleet, Classes(self._before, self._after, on))
        self.waiting: list[int] = self._in_order()

    def _in_order(self) -> list[int]:
        """Who waits, the worst first: by verdict and whether they have set out; then by kind, so that bounds are made
        once, the kind with the most endangered first."""
        before, first = Together(self._before, self.on), dict[Hashable, int]()
        worst_first = self.triage.worst_first(self.fleet)
        kinds = {}
        for place, number in enumerate(worst_first):
            plan = self.fleet.plans[number]
            kinds[number] = (int(self.triage.verdicts[number]), plan.under_way, before.key(plan.person))
            first.setdefault(kinds[number], place)
        return sorted(worst_first, key=lambda number: first[kinds[number]])

    @property
    def done(self) -> int:
        """How many plans need no work any more."""
        return len(self.fleet.plans) - len(self.waiting)

    @property
    def labels_made(self) -> int:
        """Labels made so far: the measure of work."""
        return self._together.labels_made

    def run(self) -> Iterator[Renewed]:
        """Work through what waits, worst first; what was given back waits no more."""
        while self.waiting:
            renewed = self.renew(self.waiting[0])
            del self.waiting[0]
            yield renewed

    def renew(self, number: int) -> Renewed:
        """One plan: kept if that can be proven, else searched from its start, without the ranks that are proven."""
        plan = self.fleet.plans[number]
        verdict = Verdict(int(self.triage.verdicts[number]))
        changed = self.triage.differences[int(self.triage.class_of[number])]
        try:
            check_against(self.atlas, plan.person, self.on)
        except BadPerson:
            return Renewed(number, verdict, Outcome.NOT_PLANNED, replace(plan, front=(), chosen=0), -1)
        if plan.whole and may_be_whole(changed, plan.front):
            was, is_ = (
                build(facts, plan.person, self.on, Setting()) for facts in (self._before, self._after)
            )
            if still_whole(was, is_, changed, plan.front):
                return Renewed(number, verdict, Outcome.KEPT, plan, plan.chosen if plan.front else -1)
        kept = None
        if plan.whole:
            old, new = (
                facts.of(plan.person, self.on, confirmed=False) for facts in (self._before, self._after)
            )
            kept = kept_lines(old, new, changed, plan.person, plan.front)
        return _renewed(number, verdict, plan, self._together.front(plan.person, kept))


def anew(together: Together, plan: OpenPlan) -> Renewed:
    """One plan searched from its start on these facts, whatever it rested on before; nothing is taken for proven."""
    try:
        check_against(together.compilations.atlas, plan.person, together.on)
    except BadPerson:
        return Renewed(0, Verdict.WORSE, Outcome.NOT_PLANNED, replace(plan, front=(), chosen=-1), -1)
    return _renewed(0, Verdict.WORSE, plan, together.front(plan.person))


def _renewed(number: int, verdict: Verdict, plan: OpenPlan, found: Front) -> Renewed:
    followed, front = plan.followed, found.lines
    same = {(line.cost, line.rank) for line in front} == {(line.cost, line.rank) for line in plan.front}
    outcome = Outcome.NO_WAY if not front else Outcome.SAME if same else Outcome.CHANGED
    at = next(
        (
            n
            for n, line in enumerate(front)
            if followed and (line.acts, line.starts) == (followed.acts, followed.starts)
        ),
        -1,
    )
    made = replace(plan, front=front, chosen=max(at, 0), whole=found.whole)
    return Renewed(number, verdict, outcome if found.whole else Outcome.CUT_OFF, made, at)


def planned(together: Together, key: str, person: PersonFacts, *, under_way: bool = False) -> OpenPlan:
    """An open plan from scratch; its first line is the one followed."""
    found = together.front(person)
    return OpenPlan(key, person, found.lines, 0, under_way, found.whole)
