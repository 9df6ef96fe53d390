"""A computed plan in the words and signs of a line.

Every step becomes a segment and the point it ends in. Where somebody else decides, that point is a diamond
and what follows a refusal hangs on it; a wait and a passage end in a circle, protection in the house.
"""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tropa.atlas import Protection
from tropa.desk.facts import atlas
from tropa.desk.plans import wording
from tropa.desk.plans.line import Branch, Line, Segment, SegmentKind, Station, StationKind, Ticket
from tropa.desk.plans.names import Names
from tropa.planning.plan import Fallback, Plan, Step, StepKind

RISKY = 0.25
"""A risk whose bad end lies above this is drawn in the colour of danger."""


def line_of(
    plan: Plan, names: Names, *, prefix: str, opened: int = 0, held: frozenset[str] = frozenset()
) -> Line:
    """The line of a plan. `prefix` and a step's number make its anchor; `opened` is the step shown open."""
    first = plan.steps[0]
    stations = [Station(StationKind.START, names.place(first.origin), day(first), "")]
    segments: list[Segment] = []
    odds = ""
    for step in plan.steps:
        anchor = f"{prefix}{step.number}"
        last = step is plan.steps[-1]
        if last and step.kind is StepKind.PROTECTION and step.fallbacks:
            # the office decides first; the house stands behind its diamond
            segments.append(_segment(step, names, odds, held))
            stations.append(_decision(step, names, anchor, opened))
            segments.append(Segment(SegmentKind.WAIT, "", _odds(step)))
            stations.append(_haven(plan, anchor))
            break
        segments.append(_segment(step, names, odds, held))
        stations.append(_haven(plan, anchor) if last else _station(step, names, anchor, opened))
        odds = _odds(step) if step.kind is StepKind.OBTAIN else ""
    return Line(tuple(stations), tuple(segments))


def day(step: Step) -> str:
    """The day a step begins."""
    return date_format(step.starts, "j E")


def segment_words(step: Step) -> str:
    """What happens in a step, in a few words."""
    length = wording.days(step.cost.days)
    match step.kind:
        case StepKind.LEG:
            return f"{wording.mode(step.mode)}, {length}"
        case StepKind.WAIT:
            return _("wait %(days)s") % {"days": length}
        case StepKind.OBTAIN | StepKind.PROTECTION:
            return _("decision in %(days)s") % {"days": length} if step.chance else length


def branch_words(fallback: Fallback, names: Names) -> str:
    """What follows if a step fails."""
    begin = f"{wording.cause(fallback.cause)} {wording.percents(fallback.chance)}"
    if not fallback.steps:
        return _("%(cause)s: no way on") % {"cause": begin}
    words = {"cause": begin, "place": names.place(fallback.steps[-1].target)}
    if fallback.cost is None:
        return f"{words['cause']} → {words['place']}"
    return f"{words['cause']} → {words['place']}, {wording.days(fallback.cost.days)}"


def _segment(step: Step, names: Names, odds: str, held: frozenset[str]) -> Segment:
    kind = SegmentKind.RIDE if step.kind is StepKind.LEG else SegmentKind.WAIT
    tickets = tuple(Ticket(names.paper(paper), paper in held) for paper in step.papers_gained)
    return Segment(kind, segment_words(step), odds, tickets)


def _odds(step: Step) -> str:
    return _("granted %(chance)s") % {"chance": wording.percents(step.chance)} if step.chance else ""


def _branches(step: Step, names: Names) -> tuple[Branch, ...]:
    return tuple(Branch(branch_words(one, names), shut=not one.steps) for one in step.fallbacks)


def _station(step: Step, names: Names, anchor: str, opened: int) -> Station:
    is_open = step.number == opened
    if step.kind is StepKind.OBTAIN:
        return _decision(step, names, anchor, opened)
    if step.kind is StepKind.WAIT:
        until = date_format(step.ends, "j E")
        return Station(StationKind.PASSING, "", until, anchor, _branches(step, names), opened=is_open)
    kind = StationKind.DECISION if step.fallbacks else StationKind.PLACE
    arrives = date_format(step.ends, "j E")
    return Station(kind, names.place(step.target), arrives, anchor, _branches(step, names), opened=is_open)


def _decision(step: Step, names: Names, anchor: str, opened: int) -> Station:
    what = ", ".join(names.paper(paper) for paper in step.papers_gained)
    note = what or names.place(step.target)
    kind = StationKind.DECISION if step.chance or step.fallbacks else StationKind.PASSING
    name = _("Decision") if kind is StationKind.DECISION else names.place(step.target)
    return Station(kind, name, note, anchor, _branches(step, names), opened=step.number == opened)


def _haven(plan: Plan, anchor: str) -> Station:
    return Station(StationKind.HAVEN, haven_name(plan), "", anchor, risky=plan.cost.risk.high > RISKY)


def haven_name(plan: Plan) -> str:
    """What the plan ends in."""
    fact = atlas().facts.get(plan.haven)
    if fact is not None and isinstance(fact.value, Protection):
        return wording.haven(fact.value.what)
    return _("Protection")
