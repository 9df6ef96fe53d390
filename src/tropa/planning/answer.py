"""The planner's one entry: `plans_for` turns an atlas, a person and a day into the whole answer.

Kept true: the same input gives the same answer, bit for bit; what is shown is the pessimistic world; whatever could not
be planned says which constraint closed the last way. Refused: facts of a person the atlas does not know (`BadPerson`).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from tropa.atlas import Atlas
from tropa.planning.building import build
from tropa.planning.choosing import MOST_SHOWN, choose, safety
from tropa.planning.compiling import Compilations
from tropa.planning.explain import Explainer
from tropa.planning.fallback import Branch, Fallbacks
from tropa.planning.notes import notes_of
from tropa.planning.person import PersonFacts, check_against
from tropa.planning.plan import Closed, NoPlan, Plan, PlanSet, PlanTitle, Reason, Step, StepKind, Withheld
from tropa.planning.plan_json import to_json
from tropa.planning.search import Lines, Search, Stopped, Way
from tropa.planning.setting import Setting
from tropa.planning.units import RISK_UNIT, chance
from tropa.planning.why_not import why_not

FOR_THE_FRONT = 0.6
"""The share of the time that finding ways may take; the rest is for explaining them."""

MOST_IN_FRONT = 60
"""So many plans of a front are worked out in full; more are thinned to the least dangerous of each kind."""


def plans_for(atlas: Atlas, person: PersonFacts, on: date) -> PlanSet:
    """Every way no other way beats, three to seven of them chosen, each with reasons, fallbacks and facts.

    Raises BadPerson naming what the atlas does not know.
    """
    return Planner(atlas).plans(person, on)


class Planner:
    """Answers for many people on one atlas: what people of a class share is compiled once."""

    def __init__(self, atlas: Atlas, *, after: Planner | None = None) -> None:
        self.atlas = atlas
        self.compilations: Compilations = Compilations(atlas, after=after.compilations if after else None)

    def plans(
        self,
        person: PersonFacts,
        on: date,
        *,
        stop: Callable[[float], bool] | None = None,
        ask_about: Sequence[str] = (),
    ) -> PlanSet:
        """The same as `plans_for`. `stop` is asked now and then whether this share of the time is over (`FOR_THE_FRONT`
        of it is for finding ways, the rest for explaining them); the answer then holds what is proven, and says so.
        `ask_about`: countries; the answer says for each why no plan ends there. Raises BadPerson."""
        check_against(self.atlas, person, on)
        graph = build(self.compilations, person, on, Setting())
        search = Search(graph, stop=(lambda: stop(FOR_THE_FRONT)) if stop else None)
        assert graph.start is not None
        found = search.lines(graph.start, budget=person.money_euros)
        if stop:
            search.stop = lambda: stop(1.0)
        explainer = Explainer(self.compilations, person, on, graph, search)
        if not found.is_complete:
            return _bare_answer(explainer, found.ways, _proven(found))
        try:
            answer = _answer_for(explainer, found.ways)
            told = tuple(why_not(explainer, answer, country) for country in ask_about)
            return notes_of(self.atlas, person, replace(answer, why_not=told)) if told else answer
        except Stopped:
            return _bare_answer(explainer, found.ways, Reason("cut_off_reasons"))


def _answer_for(explainer: Explainer, ways: Sequence[Way]) -> PlanSet:
    plans, withheld = _plans(explainer, ways, explainer.person)
    if not plans:
        none = _all_withheld(withheld) if withheld else explainer.no_plan()
        return _answer(explainer, (), (), no_plan=none, withheld=withheld)
    front = _front(plans)
    chosen = choose(front)
    chosen = (*chosen[: MOST_SHOWN - 1], *_spare(explainer, chosen)) if len(chosen) > 1 else chosen
    shown = tuple(explainer.explained(plan) for plan in chosen)
    return _answer(explainer, shown, front, no_plan=None, withheld=withheld)


def _proven(found: Lines) -> Reason:
    """What a search that was stopped proves."""
    if not found.ways:
        return Reason("cut_off_before")
    risk = chance((found.open_below or 0) * RISK_UNIT)
    return Reason("cut_off_below", (("risk", f"{math.floor(risk * 1000) / 10:.1f}"),))


def _bare_answer(explainer: Explainer, ways: Sequence[Way], proven: Reason) -> PlanSet:
    """The ways with no more than the first way on after a refusal, and no reasons. The rule for papers holds here too:
    a way is offered only if what follows a refusal was looked at in time."""
    fallbacks = Fallbacks(explainer.search, explainer.person.money_euros)
    start = explainer.graph.start
    assert start is not None
    plans: list[Plan] = []
    for way in ways[:MOST_IN_FRONT]:
        try:
            branch = fallbacks.branch(start, way, depth=0)
        except Stopped:
            proven = Reason("cut_off_unchecked")
            continue
        if branch.paper_without is None:
            plans.append(_plan(explainer, branch, way, ()))
        else:
            proven = Reason("cut_off_unchecked")
    front = _front(plans)
    closed = tuple(
        sorted(
            (Closed(reason, count, None) for reason, count in explainer.graph.closures.counts.items()),
            key=lambda one: (-one.actions, one.reason.code, one.reason.values),
        )
    )
    draft = _draft(explainer, choose(front), front, closed, (), None if front else NoPlan((proven,), ()), ())
    return notes_of(explainer.atlas, explainer.person, replace(draft, cut_off=proven))


def _plans(
    explainer: Explainer, ways: Sequence[Way], person: PersonFacts
) -> tuple[list[Plan], tuple[Withheld, ...]]:
    """Ways as plans with a way on after each refusal; those that stake all on a paper are withheld, and ways they may
    have hidden, which do without that application, are looked for anew."""
    fallbacks = Fallbacks(explainer.search, person.money_euros)
    start = explainer.graph.start
    assert start is not None
    plans: dict[str, Plan] = {}
    withheld: dict[tuple[Reason, str], Withheld] = {}
    closed: frozenset[str] = frozenset()
    while True:
        staked: set[str] = set()
        for way, mark in zip(ways, explainer.contested(ways), strict=True):
            branch = fallbacks.branch(start, way)
            if branch.paper_without is None:
                plan = _plan(explainer, branch, way, mark)
                plans.setdefault(plan.id, plan)
                continue
            country = explainer.graph.spots[way.moves[-1].action.origin].country
            one = Withheld(branch.paper_without, branch.outlook.failure, country, _opening(branch))
            withheld.setdefault((one.reason, country), one)
            staked.update(
                move.action.id for move in way.moves if move.action.kind is StepKind.OBTAIN and move.refusals
            )
        if staked <= closed:
            return list(plans.values()), tuple(withheld.values())
        closed |= staked
        ways = explainer.search.front(start, budget=person.money_euros, without=closed)


def _spare(explainer: Explainer, chosen: Sequence[Plan]) -> tuple[Plan, ...]:
    """The surest way that does without the first plan's most dangerous border, unless it is shown already; the last
    of those chosen where there is none."""
    last = chosen[MOST_SHOWN - 1 : MOST_SHOWN]
    crossings = [step for step in chosen[0].steps if step.kind is StepKind.LEG and step.mode != "domestic"]
    start = explainer.graph.start
    if not crossings or start is None:
        return tuple(last)
    riskiest = max(crossings, key=lambda step: (step.cost.risk.high, -step.number))
    without = frozenset({riskiest.action})
    if any(riskiest.action not in {step.action for step in plan.steps} for plan in chosen[: MOST_SHOWN - 1]):
        return tuple(last)
    budget = explainer.person.money_euros
    way = explainer.search.best(start, budget=budget, without=without)
    if way is None:
        return tuple(last)
    branch = Fallbacks(explainer.search, budget).branch(start, way, without=without)
    if branch.paper_without is not None:
        return tuple(last)
    return (replace(_plan(explainer, branch, way, ()), title=PlanTitle.SPARE),)


def _all_withheld(withheld: Sequence[Withheld]) -> NoPlan:
    """There are ways, but each stakes all on a paper."""
    reasons = (Reason("none_withheld"), *(one.reason for one in withheld))
    opening = (reason for one in withheld for reason in one.would_open)
    return NoPlan(tuple(dict.fromkeys(reasons)), tuple(dict.fromkeys(opening)))


def _opening(branch: Branch) -> tuple[Reason, ...]:
    values = dict(branch.paper_without.values) if branch.paper_without else {}
    if "euros" in values:
        return (Reason("withheld_money", (("euros", values["euros"]),)),)
    return (Reason("withheld_look"),)


def _front(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    kept = [plan for plan in plans if not any(_beats(other, plan) for other in plans if other is not plan)]
    return tuple(sorted(kept, key=safety))


def _beats(one: Plan, other: Plan) -> bool:
    """Whether exact figures show what the units hid: never worse, somewhere better."""
    a, b = _exact(one), _exact(other)
    return a != b and all(x <= y for x, y in zip(a, b, strict=True))


def _exact(plan: Plan) -> tuple[float, float, float, float]:
    doubt = 1.0
    for step in plan.steps:
        doubt *= step.chance.low if step.chance else 1.0
    return plan.cost.risk.high, plan.cost.days.high, plan.cost.euros.high, -doubt


def _plan(explainer: Explainer, branch: Branch, way: Way, contested: tuple[Reason, ...]) -> Plan:
    graph = explainer.graph
    fragile = tuple(
        dict.fromkeys((*graph.fragile_start, *(mark for step in branch.steps for mark in step.fragile)))
    )
    return Plan(
        id=_digest(branch.steps),
        title=PlanTitle.DIFFERENT,
        steps=branch.steps,
        haven=way.moves[-1].action.id,
        cost=branch.cost,
        worst_euros=branch.outlook.worst_euros,
        robust=not fragile and not contested,
        fragile=fragile,
        facts=tuple(dict.fromkeys(_facts(branch.steps))),
        overall_risk=branch.outlook.failure,
        outlook=branch.outlook,
        unguarded=branch.unguarded,
        contested=contested,
    )


def _facts(steps: Iterable[Step]) -> Iterable[str]:
    for step in steps:
        yield from step.facts
        for fallback in step.fallbacks:
            yield from _facts(fallback.steps)


def _digest(steps: tuple[Step, ...]) -> str:
    """Twelve bytes that name what is to be done; reasons and fallbacks may be said better later without a new id."""
    bare = tuple(replace(step, reasons=(), fallbacks=(), fragile=()) for step in steps)
    text = "".join(to_json(step) for step in bare)
    return hashlib.sha256(b"tropa plan 1\n" + text.encode()).hexdigest()[:24]


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
    draft = _draft(explainer, shown, front, closed, changes, no_plan, withheld)
    return notes_of(explainer.atlas, explainer.person, draft)


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
