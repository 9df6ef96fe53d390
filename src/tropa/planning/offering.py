"""What is offered to a person and what is withheld: lines become plans, each with a way on after every refusal.

Kept true: the plans offered are the exact Pareto set of policies over what was found (`contingent`); where that would
be too large, each line with the ways on that fail least among those weighed (`fallback`), and the answer says so.
Withheld: lines that stake all on a paper, with the reason; lines they may have hidden are looked for anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tropa.atlas import Atlas, Protection
from tropa.planning.branches import Branch
from tropa.planning.choosing import MOST_SHOWN, safety
from tropa.planning.contingent import Growth, Line
from tropa.planning.contingent_front import PolicyGraph, Solved
from tropa.planning.errors import PolicyTooLarge
from tropa.planning.explain import Explainer
from tropa.planning.fallback import Effort, Onward
from tropa.planning.graph import State
from tropa.planning.plan import Plan, PlanTitle, Reason, Step, StepKind, Withheld
from tropa.planning.plan_json import to_json
from tropa.planning.search import Way

MOST_POLICIES = 40
"""So many plans of a front are worked out in full; more are thinned to the best of each figure, the safest of each
line, and whatever lies farthest from those."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The front as plans, safest first; what is withheld; how many policies the exact front has (0: it was not found);
    `trimmed` says what was looked at less closely."""

    plans: tuple[Plan, ...]
    withheld: tuple[Withheld, ...]
    policies: int = 0
    trimmed: Reason | None = None


def offered(explainer: Explainer, ways: Sequence[Way], effort: Effort) -> Offered:
    """What is offered of these lines, the front of the person's own graph."""
    start = explainer.graph.start
    assert start is not None
    return _Offering(explainer, start, effort).of(ways)


class _Offering:
    def __init__(self, explainer: Explainer, start: State, effort: Effort) -> None:
        self.explainer, self.start = explainer, start
        self.budget = explainer.person.money_euros
        self.onward = Onward(explainer.search, self.budget, effort)
        self.growth = Growth.from_start(self.onward, start)
        self.withheld: dict[tuple[Reason, str], Withheld] = {}

    def of(self, ways: Sequence[Way]) -> Offered:
        lines: dict[tuple[str, ...], Line] = {}
        closed: frozenset[str] = frozenset()
        while True:
            staked: set[str] = set()
            for way in ways:
                line = self.growth.line(way)
                if line.is_staked:
                    self._withhold(line)
                    staked |= applications(way)
                elif way.action_ids not in lines:
                    lines[way.action_ids] = line
                    self.growth.take(line)
            if staked <= closed:
                break
            closed |= staked
            ways = self.explainer.search.whole_front(self.start, budget=self.budget, without=closed)
        return self._solved(list(lines.values()))

    def _solved(self, lines: Sequence[Line]) -> Offered:
        """The exact front, and for each line that is not on it the policy of that line that fails least."""
        try:
            solved = PolicyGraph(self.growth).solve(MOST_POLICIES)
            reason = Reason("policies_trimmed") if self.onward.spending.is_over else None
        except PolicyTooLarge:
            solved, reason = Solved((), 0), Reason("policies_weighed")
        trees = [tree for tree, _ in solved.found]
        known = {tree.line.way.action_ids for tree in trees}
        best = [self.growth.least(line)[1] for line in lines if line.way.action_ids not in known]
        found = [(self.growth.branch(tree), tree.line.way) for tree in (*trees, *best)]
        plans = tuple(plans_of(self.explainer, found))
        exact, others = plans[: len(trees)], plans[len(trees) :]
        kept = front_of(self.explainer.atlas, plans)
        plans = tuple(sorted((*exact, *(one for one in others if one in kept)), key=safety))
        return Offered(plans, tuple(self.withheld.values()), solved.whole, reason)

    def _withhold(self, line: Line) -> None:
        branch = self.growth.branch(self.growth.least(line)[1])
        assert branch.paper_without is not None
        country = self.explainer.graph.spots[line.way.moves[-1].action.origin].country
        one = Withheld(branch.paper_without, branch.outlook.failure, country, _opening(branch))
        self.withheld.setdefault((one.reason, country), one)


def applications(way: Way) -> set[str]:
    """The applications of a line that may be refused."""
    return {move.action.id for move in way.moves if move.action.kind is StepKind.OBTAIN and move.refusals}


def plans_of(explainer: Explainer, found: Sequence[tuple[Branch, Way]]) -> list[Plan]:
    """Trees as plans. Trees of one line differ in what is done after a refusal, and so do their ids."""
    lines = {way.action_ids: way for _, way in found}
    marks = dict(zip(lines, explainer.contested(list(lines.values())), strict=True))
    plans: dict[str, Plan] = {}
    for branch, way in found:
        plan = plan_of(explainer, branch, way, marks[way.action_ids])
        if plan.id in plans:
            plan = replace(plan, id=_of_tree(plan.id, branch.steps))
        plans.setdefault(plan.id, plan)
    return list(plans.values())


def _opening(branch: Branch) -> tuple[Reason, ...]:
    values = dict(branch.paper_without.values) if branch.paper_without else {}
    if "euros" in values:
        return (Reason("withheld_money", (("euros", values["euros"]),)),)
    return (Reason("withheld_look"),)


def front_of(atlas: Atlas, plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """The plans no other one beats when all say yes, safest first: exact figures show what the units hid."""
    figures = {plan.id: _exact(atlas, plan) for plan in plans}
    kept = [plan for plan in plans if not any(_beats(one, figures[plan.id]) for one in figures.values())]
    return tuple(sorted(kept, key=safety))


def _beats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether it is never worse and somewhere better."""
    return one != other and all(x <= y for x, y in zip(one, other, strict=True))


def _exact(atlas: Atlas, plan: Plan) -> tuple[float, ...]:
    """Danger, days, euros, doubt and the rank of the end state, each smaller where better."""
    doubt = 1.0
    for step in plan.steps:
        doubt *= step.chance.low if step.chance else 1.0
    haven = atlas.fact(plan.haven).value
    assert isinstance(haven, Protection)
    return plan.cost.risk.high, plan.cost.days.high, plan.cost.euros.high, -doubt, -float(haven.what.rank)


def plan_of(explainer: Explainer, branch: Branch, way: Way, contested: tuple[Reason, ...]) -> Plan:
    """A tree as a plan."""
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
    text = "".join(map(_bare_text, steps))
    return hashlib.sha256(b"tropa plan 1\n" + text.encode()).hexdigest()[:24]


def _bare_text(step: Step) -> str:
    return to_json(replace(step, reasons=(), fallbacks=(), fragile=()))


def _of_tree(line: str, steps: tuple[Step, ...]) -> str:
    """The name of a further plan with the same line and other ways on."""
    text = line + " " + " ".join(_after_refusals(steps))
    return hashlib.sha256(b"tropa plan tree 1\n" + text.encode()).hexdigest()[:24]


def _after_refusals(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        for fallback in step.fallbacks:
            yield f"{step.number}("
            for then in fallback.steps:
                yield f"{then.action}:{then.starts.isoformat()}"
            yield from _after_refusals(fallback.steps)
            yield ")"


def spare(explainer: Explainer, chosen: Sequence[Plan]) -> tuple[Plan, ...]:
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
    growth = Growth.from_start(Onward(explainer.search, budget), start, closed=without)
    branch = growth.branch(growth.least(growth.line(way))[1])
    if branch.paper_without is not None:
        return tuple(last)
    return (replace(plan_of(explainer, branch, way, ()), title=PlanTitle.SPARE),)
