"""The planner's one entry: `plans_for` turns an atlas, a person and a day into the whole answer.

Kept true: the same input gives the same answer, bit for bit; what is shown is the pessimistic world; whatever could not
be planned says which constraint closed the last way. Refused: facts of a person the atlas does not know (`BadPerson`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tropa.atlas import Atlas
from tropa.planning.building import build
from tropa.planning.choosing import MOST_SHOWN, choose
from tropa.planning.compiling import Compilations
from tropa.planning.contingent import Growth
from tropa.planning.ends_of_facts import ends_of_facts
from tropa.planning.errors import BadPerson
from tropa.planning.explain import Explainer
from tropa.planning.fallback import Effort, Onward
from tropa.planning.notes import notes_of
from tropa.planning.offering import Offered, front_of, offered, plan_of, spare
from tropa.planning.person import PersonFacts, check_against, country_problem
from tropa.planning.plan import Closed, NoPlan, Plan, PlanSet, Reason, Withheld
from tropa.planning.search import Lines, Search, Stopped, Way
from tropa.planning.setting import Setting
from tropa.planning.thresholds import Thresholds
from tropa.planning.time_allowed import Stop
from tropa.planning.units import RISK_UNIT, chance
from tropa.planning.why_not import why_not

MOST_IN_FRONT = 60
"""So many ways are shown of a search that was stopped."""

FOR_THE_FRONT = 0.6
"""The share of the time that finding ways may take; the rest is for what follows refusals and for explaining."""

FOR_THE_PLANS = 0.9
"""The share after which neither policies nor reasons are looked for; the rest is for one way on after each refusal."""


def plans_for(atlas: Atlas, person: PersonFacts, on: date) -> PlanSet:
    """Every way no other way beats, three to seven of them chosen, each with reasons, fallbacks and facts.

    Raises BadPerson naming what the atlas does not know.
    """
    return Planner(atlas).plans(person, on)


class Planner:
    """Answers for many people on one atlas: what people of a class share is compiled once."""

    def __init__(self, atlas: Atlas, *, after: Planner | None = None, effort: Effort | None = None) -> None:
        """`after`: a planner of an older atlas, whose compilations hold where nothing changed; `effort`: what policies
        may cost one person."""
        self.atlas = atlas
        self.effort = effort or Effort()
        self.compilations: Compilations = Compilations(atlas, after=after.compilations if after else None)

    def plans(
        self,
        person: PersonFacts,
        on: date,
        *,
        stop: Stop | None = None,
        ask_about: Sequence[str] = (),
    ) -> PlanSet:
        """The same as `plans_for`. `stop` is asked now and then whether this share of the time is over (`FOR_THE_FRONT`
        of it is for finding ways, the rest for explaining them); the answer then holds what is proven, and says so.
        `ask_about`: countries; the answer says for each why no plan ends there. Raises BadPerson."""
        check_against(self.atlas, person, on)
        unknown = tuple(problem for one in ask_about for problem in country_problem(self.atlas, one))
        if unknown:
            raise BadPerson(unknown)
        graph = build(self.compilations, person, on, Setting())
        search = Search(graph, stop=(lambda: stop(FOR_THE_FRONT)) if stop else None)
        assert graph.start is not None
        found = search.lines(graph.start, budget=person.money_euros)
        if stop:
            search.stop = lambda: stop(FOR_THE_PLANS)
        explainer = Explainer(self.compilations, person, on, graph, search)
        if not found.is_complete:
            search.stop = (lambda: stop(1.0)) if stop else search.stop
            return _bare_answer(explainer, found.ways, _proven(found))
        unsaid = Reason("cut_off_reasons" if found.ways else "cut_off_none")
        try:
            plans = offered(explainer, found.ways, self.effort)
        except Stopped:
            search.stop = (lambda: stop(1.0)) if stop else search.stop
            return _bare_answer(explainer, found.ways, unsaid)
        try:
            answer = _answer_for(explainer, found.ways, plans)
            told = tuple(why_not(explainer, answer, country) for country in ask_about)
            return notes_of(self.atlas, person, replace(answer, why_not=told)) if told else answer
        except Stopped:
            return _unexplained(explainer, plans, unsaid)


def _answer_for(explainer: Explainer, ways: Sequence[Way], found: Offered) -> PlanSet:
    withheld = found.withheld
    if not found.plans:
        none = _all_withheld(withheld) if withheld else explainer.no_plan()
        draft = _answer(explainer, (), (), no_plan=none, withheld=withheld)
        return notes_of(explainer.atlas, explainer.person, draft)
    front = found.plans
    chosen = choose(front, explainer.atlas)
    chosen = (*chosen[: MOST_SHOWN - 1], *spare(explainer, chosen)) if len(chosen) > 1 else chosen
    shown = tuple(explainer.explained(plan) for plan in chosen)
    answer = _answer(explainer, shown, front, no_plan=None, withheld=withheld)
    thresholds = Thresholds(explainer)
    told = replace(
        answer,
        changes=tuple(map(thresholds.sharpened, answer.changes)),
        begin_by=thresholds.begin_by() if _is_offered(explainer, front) else None,
        ends=ends_of_facts(explainer, ways) if _is_offered(explainer, front) else (),
        policies=found.policies,
        trimmed=found.trimmed,
    )
    return notes_of(explainer.atlas, explainer.person, told)


def _is_offered(explainer: Explainer, front: Sequence[Plan]) -> bool:
    """Whether the surest way is among the plans: of one that is withheld nothing is said as if it could be taken."""
    way = explainer.surest(Setting())
    return way is not None and any(
        set(way.action_ids) <= {step.action for step in plan.steps} for plan in front
    )


def _proven(found: Lines) -> Reason:
    """What a search that was stopped proves."""
    if not found.ways:
        return Reason("cut_off_before")
    risk = chance((found.open_below or 0) * RISK_UNIT)
    return Reason("cut_off_below", (("risk", f"{math.floor(risk * 1000) / 10:.1f}"),))


def _bare_answer(explainer: Explainer, ways: Sequence[Way], proven: Reason) -> PlanSet:
    """The ways with no more than the first way on after a refusal, and no reasons. The rule for papers holds here too:
    a way is offered only if what follows a refusal was looked at in time."""
    start = explainer.graph.start
    assert start is not None
    onward = Onward(explainer.search, explainer.person.money_euros)
    growth = Growth.from_start(onward, start, refusals=0)
    plans: list[Plan] = []
    for way in ways[:MOST_IN_FRONT]:
        try:
            branch = growth.branch(growth.least(growth.line(way))[1])
        except Stopped:
            proven = Reason("cut_off_unchecked")
            continue
        if branch.paper_without is None:
            plans.append(plan_of(explainer, branch, way, ()))
        else:
            proven = Reason("cut_off_unchecked")
    return _cut_off(explainer, Offered(front_of(explainer.atlas, plans), ()), proven)


def _unexplained(explainer: Explainer, found: Offered, proven: Reason) -> PlanSet:
    """All that is offered, where the time was over before it could be explained."""
    answer = _cut_off(explainer, found, proven)
    return replace(answer, policies=found.policies, trimmed=found.trimmed)


def _cut_off(explainer: Explainer, found: Offered, proven: Reason) -> PlanSet:
    front = found.plans
    closed = tuple(
        sorted(
            (Closed(reason, count, None) for reason, count in explainer.graph.closures.counts.items()),
            key=lambda one: (-one.actions, one.reason.code, one.reason.values),
        )
    )
    none = None if front else NoPlan((proven,), ())
    draft = _draft(explainer, choose(front, explainer.atlas), front, closed, (), none, found.withheld)
    return notes_of(explainer.atlas, explainer.person, replace(draft, cut_off=proven))


def _all_withheld(withheld: Sequence[Withheld]) -> NoPlan:
    """There are ways, but each stakes all on a paper."""
    reasons = (Reason("none_withheld"), *(one.reason for one in withheld))
    opening = (reason for one in withheld for reason in one.would_open)
    return NoPlan(tuple(dict.fromkeys(reasons)), tuple(dict.fromkeys(opening)))


def _answer(
    explainer: Explainer,
    shown: tuple[Plan, ...],
    front: tuple[Plan, ...],
    *,
    no_plan: NoPlan | None,
    withheld: tuple[Withheld, ...],
) -> PlanSet:
    closed = explainer.closed()
    changes = explainer.changes() if front else ()
    return _draft(explainer, shown, front, closed, changes, no_plan, withheld)


def _draft(
    explainer: Explainer,
    shown: tuple[Plan, ...],
    front: tuple[Plan, ...],
    closed: tuple[Closed, ...],
    changes: tuple[Reason, ...],
    no_plan: NoPlan | None,
    withheld: tuple[Withheld, ...],
) -> PlanSet:
    return PlanSet(
        on=explainer.on,
        atlas_version=explainer.atlas.version,
        plans=shown,
        front=front,
        roads=explainer.graph.considered,
        closed=closed,
        changes=changes,
        no_plan=no_plan,
        facts=(),
        places=(),
        papers=(),
        withheld=withheld,
    )
