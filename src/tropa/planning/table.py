"""The planner's answer as text for a terminal: plans as lines, steps with reasons, sources at the end."""

from __future__ import annotations

from collections.abc import Iterator

from tropa.atlas import Atlas
from tropa.planning.fact_titles import add_titles
from tropa.planning.person import PersonFacts
from tropa.planning.plan import FallbackCause, Plan, PlanSet, Span, Step, StepKind
from tropa.planning.sentences import gettext_noop as _
from tropa.planning.words import Words

MOST_CLOSED = 8
JUDGED = frozenset({"judged_danger", "judged_fact"})

CAUSES = {
    FallbackCause.REFUSED: _("If the answer is no ({chance}):"),
    FallbackCause.TURNED_BACK: _("If they turn back at the border ({chance}):"),
}


def table(name: str, answer: PlanSet, person: PersonFacts, language: str, atlas: Atlas | None = None) -> str:
    """The whole answer for one person; with the atlas, facts have names beside their ids."""
    words = Words(language, answer)
    if atlas is not None:
        add_titles(words, atlas)
    return "\n".join([*_head(name, answer, person, words), *_body(answer, words), *_tail(answer, words), ""])


def _head(name: str, answer: PlanSet, person: PersonFacts, words: Words) -> Iterator[str]:
    money = words.euros(Span(*(float(person.money_euros),) * 3))
    yield f"== {name}: {words.name(person.place)}, {words.name(person.profile.value)}, {money}"
    line = words.text(
        _(
            "Facts of {day}, atlas {version}, {roads} actions looked at, {front} best plans, "
            "{policies} of them best with refusals counted."
        )
    )
    yield line.format(
        day=words.day(answer.on),
        version=answer.atlas_version[:12],
        roads=answer.roads,
        front=len(answer.front),
        policies=answer.policies,
    )


def _body(answer: PlanSet, words: Words) -> Iterator[str]:
    if answer.cut_off is not None:
        yield ""
        yield words.say(answer.cut_off)
    if answer.trimmed is not None:
        yield ""
        yield words.say(answer.trimmed)
    if answer.no_plan is not None:
        yield ""
        yield words.text(_("No plan."))
        for reason in answer.no_plan.closed_by:
            yield f"  - {words.say(reason)}"
        for reason in answer.no_plan.would_open:
            yield f"  + {words.say(reason)}"
    for number, plan in enumerate(answer.plans):
        yield ""
        yield from _plan(chr(ord("A") + number), plan, words)
    if answer.withheld:
        yield ""
        yield words.text(_("Not offered"))
        for one in answer.withheld:
            yield f"  - {words.name(one.country)}: {words.say(one.reason)}"
            for reason in one.would_open:
                yield f"    + {words.say(reason)}"


def _plan(letter: str, plan: Plan, words: Words) -> Iterator[str]:
    mark = words.text(_("fragile")) if plan.fragile else words.text(_("robust")) if plan.robust else ""
    yield f"{letter}. {words.title(plan.title)} [{plan.id}] {mark}".rstrip()
    line = words.text(_("danger {risk}, {days}, {euros}, at worst {worst}"))
    yield "   " + line.format(
        risk=words.percent(plan.cost.risk),
        days=words.days(plan.cost.days),
        euros=words.euros(plan.cost.euros),
        worst=words.whole_euros(plan.worst_euros),
    )
    if plan.outlook is not None:
        yield "   " + words.outlook(plan.outlook)
    if plan.warning is not None:
        yield "   " + words.say(plan.warning)
    yield from ("   " + line for line in _fragile(plan, words))
    for step in plan.steps:
        yield from _step(step, words, "   ")


def _fragile(plan: Plan, words: Words) -> Iterator[str]:
    """What a plan that is fragile rests on; judgements are counted, their facts stand with the steps."""
    judged = [reason for reason in plan.fragile if reason.code in JUDGED]
    yield from (words.say(reason) for reason in plan.fragile if reason.code not in JUDGED)
    if judged:
        yield words.text(_("Fragile: rests on judgements that nobody has counted ({count}).")).format(
            count=len(judged)
        )


def _step(step: Step, words: Words, margin: str) -> Iterator[str]:
    way = words.journey(step.origin, step.target) if step.kind is StepKind.LEG else words.there(step.origin)
    mode = f" ({words.name(step.mode)})" if step.mode else ""
    gained = f": {', '.join(words.name(paper) for paper in step.papers_gained)}" if step.papers_gained else ""
    yield (
        f"{margin}{step.number}. {words.kind(step.kind)}{gained} {way}{mode}, "
        f"{words.day(step.starts)} – {words.day(step.ends)}; "
        f"{words.percent(step.cost.risk)}, {words.days(step.cost.days)}, {words.euros(step.cost.euros)}"
    )
    for reason in step.reasons:
        yield f"{margin}   {words.say(reason)}"
    if step.facts:
        aged = (f"{fact} ({words.age(fact)})" if words.age(fact) else fact for fact in step.facts)
        yield f"{margin}   [{', '.join(aged)}]"
    for fallback in step.fallbacks:
        line = words.text(CAUSES[fallback.cause])
        yield f"{margin}   " + line.format(chance=words.percent(fallback.chance))
        for reason in fallback.reasons:
            yield f"{margin}     {words.say(reason)}"
        for after in fallback.steps:
            yield from _step(after, words, margin + "     ")


def _tail(answer: PlanSet, words: Words) -> Iterator[str]:
    for asked in answer.why_not:
        yield ""
        yield words.text(_("Why not {country}")).format(country=words.towards(asked.country))
        for reason in asked.reasons:
            yield f"  - {words.say(reason)}"
    if answer.changes:
        yield ""
        yield words.text(_("What binds most"))
        yield f"  ! {words.say(answer.changes[0])}"
    if answer.changes[1:]:
        yield ""
        yield words.text(_("What else would change the choice"))
        for reason in answer.changes[1:]:
            yield f"  + {words.say(reason)}"
    if answer.begin_by is not None:
        yield ""
        yield words.say(answer.begin_by)
    if answer.ends:
        yield ""
        yield from map(words.say, answer.ends)
    if answer.closed:
        yield ""
        yield words.text(_("What closed other ways"))
        for closed in answer.closed[:MOST_CLOSED]:
            relaxed = f" {words.say(closed.relaxed)}" if closed.relaxed else ""
            yield f"  - {closed.actions}: {words.say(closed.reason)}{relaxed}"
        if len(answer.closed) > MOST_CLOSED:
            yield "  - " + words.text(_("and {count} more reasons")).format(
                count=len(answer.closed) - MOST_CLOSED
            )
    shown = {fact for plan in answer.plans for fact in plan.facts}
    if shown:
        yield ""
        yield words.text(_("Sources"))
        for note in answer.facts:
            if note.id in shown:
                sources = "; ".join(note.sources_in(words.language))
                yield f"  {note.id}: {note.as_of}, {words.confidence(note.confidence)}; {sources}"
