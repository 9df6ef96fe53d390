"""Two plans side by side, row by row, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tropa.desk.plans import wording
from tropa.desk.plans.line_of_plan import haven_name
from tropa.desk.plans.names import Names
from tropa.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Row:
    """One thing, as it is in each plan."""

    what: str
    left: str
    right: str

    @property
    def same(self) -> bool:
        """Whether it makes no difference."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans, by letter, and what differs."""

    left: str
    right: str
    rows: tuple[Row, ...]


def compared(left: Plan, right: Plan, names: Names, letters: Mapping[str, str]) -> Comparison:
    """The rows of a comparison."""
    ours, theirs = _values(left, names), _values(right, names)
    return Comparison(
        left=letters.get(left.id, ""),
        right=letters.get(right.id, ""),
        rows=tuple(Row(what, ours[what], theirs[what]) for what in ours),
    )


def _values(plan: Plan, names: Names) -> dict[str, str]:
    way: list[str] = []
    for step in plan.steps:
        for place in (step.origin, step.target):
            if not way or way[-1] != names.place(place):
                way.append(names.place(place))
    papers = [names.paper(paper) for step in plan.steps for paper in step.papers_gained]
    none = "–"
    return {
        _("Risk"): wording.percents(plan.cost.risk),
        _("Time"): wording.days(plan.cost.days),
        _("Money"): wording.euros(plan.cost.euros),
        _("Worst branch"): f"{wording.grouped(plan.worst_euros)}{wording.NBSP}€",
        _("Way"): " → ".join(way),
        _("Ends in"): haven_name(plan),
        _("Papers to get"): ", ".join(papers) or none,
        _("Fallbacks"): str(sum(bool(one.steps) for step in plan.steps for one in step.fallbacks)),
        _("Fragile"): _("yes") if plan.fragile else _("no"),
    }
