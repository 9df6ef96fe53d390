"""One step, opened: why here, why fragile, what it needs, what can go wrong and what then, and what it rests
on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tropa.desk.facts import atlas
from tropa.desk.pages.fact_words import title_of
from tropa.desk.pages.field_words import owner_words
from tropa.desk.pages.standing_words import standing_words
from tropa.desk.plans import wording
from tropa.desk.plans.errors import ClosedFact
from tropa.desk.plans.line_of_plan import day, haven_name
from tropa.desk.plans.names import Names
from tropa.desk.plans.reasons import Sentences
from tropa.planning.person import PersonFacts, WishKind, WishVerdict
from tropa.planning.plan import FactNote, Fallback, Plan, Step, StepKind


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper a step needs or brings."""

    name: str
    in_hand: bool
    gained: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """What can go wrong, how likely it is, and what then."""

    chance: str
    what: str
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A fact with its source and age. `review_by` may have passed (`overdue`)."""

    id: str
    title: str
    sources: str
    as_of: str
    review_by: date
    age: str
    judgement: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class LegWish:
    """The three-way wish about the leg of the step; it belongs to the form of facts."""

    label: str
    chosen: str
    name: str = "wish-leg-verdict"
    form: str = "facts"


@dataclass(frozen=True, slots=True)
class StepPanel:
    """The opened step."""

    number: int
    of: int
    title: str
    when: str
    figures: str
    fragile: tuple[str, ...]
    why: tuple[str, ...]
    clock: str
    papers: tuple[Paper, ...]
    troubles: tuple[Trouble, ...]
    sources: tuple[SourceLine, ...]
    leg: str
    wish: LegWish | None


def step_panel(
    step: Step,
    plan: Plan,
    *,
    names: Names,
    say: Sentences,
    notes: Iterable[FactNote],
    person: PersonFacts,
    on: date,
) -> StepPanel:
    """The panel of one step."""
    held = {paper.paper for paper in person.papers}
    by_id = {note.id: note for note in notes}
    leg = step.action if step.kind is StepKind.LEG else ""
    wishes = {wish.about: wish.verdict for wish in person.wishes if wish.kind is WishKind.LEG}
    return StepPanel(
        number=step.number,
        of=len(plan.steps),
        title=step_title(step, plan, names),
        when=f"{day(step)}, {wording.days(step.cost.days)}",
        figures=figures(step),
        fragile=tuple(dict.fromkeys(say.all(step.fragile))),
        why=tuple(dict.fromkeys(say.all(step.reasons))),
        clock=_clock(step),
        papers=(
            *(Paper(names.paper(paper), paper in held, gained=False) for paper in step.papers_used),
            *(Paper(names.paper(paper), in_hand=False, gained=True) for paper in step.papers_gained),
        ),
        troubles=tuple(_trouble(one, names, say) for one in step.fallbacks),
        sources=tuple(source_line(by_id[fact], on) for fact in step.facts if fact in by_id),
        leg=leg,
        wish=LegWish(names.place(step.target), wishes.get(leg, WishVerdict.ALLOW).value) if leg else None,
    )


def step_title(step: Step, plan: Plan, names: Names) -> str:
    """What the step is, as a heading."""
    target = names.place(step.target)
    match step.kind:
        case StepKind.LEG:
            ends = {"origin": names.place(step.origin), "target": target, "mode": wording.mode(step.mode)}
            return f"{ends['origin']} → {ends['target']}, {ends['mode']}"
        case StepKind.OBTAIN:
            return f"{', '.join(names.paper(paper) for paper in step.papers_gained)}, {target}"
        case StepKind.WAIT:
            return _("Wait: %(place)s") % {"place": target}
        case StepKind.PROTECTION:
            return f"{haven_name(plan)}, {target}"


def figures(step: Step) -> str:
    """Risk, time and money of a step in one line."""
    risk = _("risk %(chance)s") % {"chance": wording.percents(step.cost.risk)}
    parts = [risk, wording.days(step.cost.days)]
    if step.cost.euros.high >= 1:
        parts.append(wording.euros(step.cost.euros))
    return ", ".join(part for part in parts if part)


def source_line(note: FactNote, on: date) -> SourceLine:
    """A fact as a line of a table; its title is the atlas's where it still has it."""
    fact = atlas().facts.get(note.id)
    return SourceLine(
        id=note.id,
        title=title_of(fact) if fact else note.id,
        sources="; ".join(_without_address(source) for source in note.sources_in(get_language() or "ru")),
        as_of=note.as_of,
        review_by=note.review_by,
        age=age(note.age_days),
        judgement=note.judgement,
        overdue=note.review_by < on,
    )


def _without_address(source: str) -> str:
    """A citation without its web address, which stands on the fact's own page."""
    return re.sub(r",? https?://\S+", "", source)


def age(count: int) -> str:
    """How old a fact is: days up to two months, months up to two years, then years."""
    if count < 61:
        return ngettext("%(count)d day old", "%(count)d days old", count) % {"count": count}
    if count < 731:
        months = count // 30
        return ngettext("%(count)d month old", "%(count)d months old", months) % {"count": months}
    years = count // 365
    return ngettext("%(count)d year old", "%(count)d years old", years) % {"count": years}


@dataclass(frozen=True, slots=True)
class StaleLine:
    """A fact that blocks: its title, why it is closed, and which role can renew it."""

    id: str
    title: str
    why: str
    review_by: date | None
    owner: str


def stale_line(closed: ClosedFact) -> StaleLine:
    """A closed fact in words."""
    fact = atlas().facts.get(closed.id)
    why = standing_words(closed.standing) if closed.standing else _("no longer in the atlas")
    return StaleLine(
        closed.id, title_of(fact) if fact else closed.id, why, closed.review_by, owner_words(closed.owner)
    )


def _clock(step: Step) -> str:
    clock = step.clock
    if clock is None or clock.allowed is None:
        return ""
    words = {"used": clock.used, "allowed": clock.allowed}
    return (
        ngettext(
            "Legal stay: %(used)d of %(allowed)d day used after this step.",
            "Legal stay: %(used)d of %(allowed)d days used after this step.",
            clock.allowed,
        )
        % words
    )


def _trouble(fallback: Fallback, names: Names, say: Sentences) -> Trouble:
    then = [_then(step, names) for step in fallback.steps]
    if fallback.cost is not None and fallback.steps:
        then.append(
            _("together: risk %(risk)s, %(days)s, %(euros)s")
            % {
                "risk": wording.percents(fallback.cost.risk),
                "days": wording.days(fallback.cost.days),
                "euros": wording.euros(fallback.cost.euros),
            }
        )
    if not fallback.steps:
        then = [_("No way on."), *say.all(fallback.reasons)]
    return Trouble(wording.percents(fallback.chance), wording.cause(fallback.cause), tuple(then))


def _then(step: Step, names: Names) -> str:
    where = names.place(step.target)
    match step.kind:
        case StepKind.LEG:
            return f"{names.place(step.origin)} → {where}, {wording.mode(step.mode)}"
        case StepKind.OBTAIN:
            return f"{', '.join(names.paper(paper) for paper in step.papers_gained)}, {where}"
        case StepKind.WAIT:
            return _("wait in %(place)s, %(days)s") % {"place": where, "days": wording.days(step.cost.days)}
        case StepKind.PROTECTION:
            return _("protection: %(place)s") % {"place": where}
