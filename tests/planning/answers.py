"""Reading an answer in tests: what is done in a plan, which is safest, which reasons are given."""

from __future__ import annotations

from tropa.planning.plan import Plan, PlanSet


def actions(plan: Plan) -> list[str]:
    return [step.action or "wait" for step in plan.steps]


def safest(answer: PlanSet) -> Plan:
    return min(answer.front, key=lambda plan: plan.cost.risk.high)


def codes(answer: PlanSet) -> set[str]:
    assert answer.no_plan is not None
    return {reason.code for reason in answer.no_plan.closed_by}
