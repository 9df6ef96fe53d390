"""One computed plan as a page shows it: name, sentence, marks, gauges, the line, and the same as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tropa.desk.plans import wording
from tropa.desk.plans.drawing import Drawing
from tropa.desk.plans.line_of_plan import RISKY, branch_words, haven_name, line_of, segment_words
from tropa.desk.plans.metro import draw
from tropa.desk.plans.names import Names
from tropa.desk.plans.reasons import Sentences
from tropa.planning.plan import Plan, Span, Step, StepKind

LINES_DRAWN = 4
"""Plans whose lines are drawn before one is chosen: the first ones. Seven lines are more than the rest of the page."""
LETTERS = {"ru": "АБВГДЕЖ", "en": "ABCDEFG"}


@dataclass(frozen=True, slots=True)
class Gauge:
    """An interval as words and as a bar from 0 to 100: start and width of the pale part, and the tick."""

    label: str
    text: str
    start: str
    width: str
    tick: str
    risky: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A step in the list that stands for the drawing in narrow windows."""

    number: int
    name: str
    note: str
    tickets: tuple[str, ...]
    otherwise: tuple[str, ...]
    is_end: bool
    next_waits: bool


@dataclass(frozen=True, slots=True)
class PlanCard:
    """Everything the template writes about one plan."""

    id: str
    letter: str
    title: str
    sentence: str
    robust: bool
    fragile: str
    warning: str  # a refusal may leave nothing: a person must look before this is chosen
    outlook: str  # with refusals counted; "" where nobody may refuse
    gauges: tuple[Gauge, ...]
    drawing: Drawing | None  # None: not drawn until the plan is chosen
    stops: tuple[Stop, ...]
    start: str
    first_waits: bool
    chosen: bool

    @property
    def href(self) -> str:
        """The address of this plan's steps; a step's number follows."""
        return f"?plan={self.id}&step="


def cards_of(
    plans: Sequence[Plan], names: Names, held: frozenset[str], say: Sentences, *, opened: int, chosen: str
) -> list[PlanCard]:
    """Cards in the order of the plans; bars are drawn to one scale."""
    letters = LETTERS["ru" if wording.russian() else "en"]
    scale = (
        max((plan.cost.risk.high for plan in plans), default=1.0),
        max((plan.cost.days.high for plan in plans), default=1.0),
        max((plan.cost.euros.high for plan in plans), default=1.0),
    )
    return [
        card_of(
            plan,
            names,
            held,
            say,
            letter=letters[number] if number < len(letters) else str(number + 1),
            scale=scale,
            opened=opened if plan.id == chosen else 0,
            chosen=plan.id == chosen,
            drawn=number < LINES_DRAWN or plan.id == chosen,
        )
        for number, plan in enumerate(plans)
    ]


def card_of(
    plan: Plan,
    names: Names,
    held: frozenset[str],
    say: Sentences,
    *,
    letter: str,
    scale: tuple[float, float, float],
    opened: int = 0,
    chosen: bool = True,
    drawn: bool = True,
) -> PlanCard:
    """One plan's card; `drawn`: with its line."""
    risk, days, euros = scale
    return PlanCard(
        id=plan.id,
        letter=letter,
        title=wording.title(plan.title),
        sentence=sentence(plan, names),
        robust=plan.robust,
        fragile=_fragile(plan),
        warning=say.one(plan.warning) if plan.warning is not None else "",
        outlook=_outlook(plan, say),
        gauges=(
            gauge(_("risk"), wording.percents(plan.cost.risk), plan.cost.risk, risk),
            gauge(_("time to protection"), wording.days(plan.cost.days), plan.cost.days, days, chance=False),
            gauge(_("money"), wording.euros(plan.cost.euros), plan.cost.euros, euros, chance=False),
        ),
        drawing=draw(line_of(plan, names, prefix="", opened=opened, held=held)) if drawn else None,
        stops=tuple(_stop(plan, number, names) for number in range(len(plan.steps))),
        start=names.place(plan.steps[0].origin),
        first_waits=plan.steps[0].kind is not StepKind.LEG,
        chosen=chosen,
    )


def gauge(label: str, text: str, span: Span, most: float, *, chance: bool = True) -> Gauge:
    """An interval on a bar that ends at `most`."""
    full = max(most * 1.04, 1e-9)
    low, tick, high = (min(100 * part / full, 100.0) for part in (span.low, span.point, span.high))
    return Gauge(
        label=label,
        text=text,
        start=f"{low:.1f}",
        width=f"{max(high - low, 0.8):.1f}",
        tick=f"{min(tick, 98.0):.1f}",
        risky=chance and span.high > RISKY,
    )


def sentence(plan: Plan, names: Names) -> str:
    """Where it leads and what it asks, in one line."""
    way: list[str] = []
    for step in plan.steps:
        for place in (step.origin, step.target):
            name = names.place(place)
            if not way or way[-1] != name:
                way.append(name)
    papers = sum(len(step.papers_gained) for step in plan.steps if step.kind is StepKind.OBTAIN)
    fallbacks = sum(bool(one.steps) for step in plan.steps for one in step.fallbacks)
    parts = [" → ".join(way) + ": " + haven_name(plan) + "."]
    if papers:
        parts.append(
            ngettext("%(count)d paper to get.", "%(count)d papers to get.", papers) % {"count": papers}
        )
    if fallbacks:
        parts.append(
            ngettext("%(count)d fallback.", "%(count)d fallbacks.", fallbacks) % {"count": fallbacks}
        )
    return " ".join(parts)


def _outlook(plan: Plan, say: Sentences) -> str:
    if plan.outlook is None or not any(step.fallbacks for step in plan.steps):
        return ""
    return say.words.outlook(plan.outlook)


def _fragile(plan: Plan) -> str:
    steps = [step.number for step in plan.steps if step.fragile]
    if len(steps) == 1:
        return _("fragile: step %(number)d") % {"number": steps[0]}
    return _("fragile") if plan.fragile or steps else ""


def _stop(plan: Plan, place: int, names: Names) -> Stop:
    step: Step = plan.steps[place]
    is_end = place == len(plan.steps) - 1
    papers = ", ".join(names.paper(paper) for paper in step.papers_gained)
    name = haven_name(plan) if is_end else names.place(step.target)
    if step.kind is StepKind.OBTAIN and papers:
        name = papers
    note = segment_words(step)
    if step.chance:
        note += ", " + _("granted %(chance)s") % {"chance": wording.percents(step.chance)}
    return Stop(
        number=step.number,
        name=name,
        note=note,
        tickets=tuple(names.paper(paper) for paper in step.papers_gained),
        otherwise=tuple(branch_words(one, names) for one in step.fallbacks),
        is_end=is_end,
        next_waits=not is_end and plan.steps[place + 1].kind is not StepKind.LEG,
    )
