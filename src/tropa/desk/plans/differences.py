"""What is different between two versions of a plan, line by line, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tropa.desk.facts import atlas
from tropa.desk.pages.fact_words import title_of
from tropa.desk.plans import wording
from tropa.desk.plans.content import PlanContent
from tropa.desk.plans.line_of_plan import branch_words, segment_words
from tropa.desk.plans.names import Names
from tropa.planning.plan import Step


@dataclass(frozen=True, slots=True)
class Difference:
    """One line: where, what it was, what it is. An empty side: it was not there."""

    where: str
    before: str
    now: str

    @property
    def sign(self) -> str:
        """Plus, minus or both."""
        if not self.before:
            return "+"
        return "±" if self.now else "−"


def differences(before: PlanContent, now: PlanContent, names: Names) -> tuple[Difference, ...]:
    """Figures, facts, steps, fallbacks and texts that are not the same, in the order of the plan."""
    return tuple(
        line
        for line in (*_figures(before, now), *_facts(before, now), *_steps(before, now, names))
        if line.before != line.now
    )


def _figures(before: PlanContent, now: PlanContent) -> Iterator[Difference]:
    old, new = before.plan.cost, now.plan.cost
    yield Difference(_("Risk"), wording.percents(old.risk), wording.percents(new.risk))
    yield Difference(_("Time"), wording.days(old.days), wording.days(new.days))
    yield Difference(_("Money"), wording.euros(old.euros), wording.euros(new.euros))


def _facts(before: PlanContent, now: PlanContent) -> Iterator[Difference]:
    if before.person != now.person:
        yield Difference(_("Facts of the person"), _("as saved then"), _("changed since; see the workbench"))
    gone = sorted({note.id for note in before.facts} - {note.id for note in now.facts})
    come = sorted({note.id for note in now.facts} - {note.id for note in before.facts})
    if gone or come:
        yield Difference(_("Rests on"), "; ".join(map(_title, gone)), "; ".join(map(_title, come)))


def _title(fact_id: str) -> str:
    fact = atlas().facts.get(fact_id)
    return title_of(fact) if fact else fact_id


def _steps(before: PlanContent, now: PlanContent, names: Names) -> Iterator[Difference]:
    old = {step.number: step for step in before.plan.steps}
    new = {step.number: step for step in now.plan.steps}
    old_text = {text.number: text.text for text in before.steps}
    new_text = {text.number: text.text for text in now.steps}
    for number in sorted({*old, *new}):
        step = _("Step %(number)d") % {"number": number}
        yield Difference(step, _step(old.get(number), names), _step(new.get(number), names))
        yield Difference(
            _("%(step)s, if it fails") % {"step": step},
            _branches(old.get(number), names),
            _branches(new.get(number), names),
        )
        yield Difference(
            _("%(step)s, text to the person") % {"step": step},
            old_text.get(number, ""),
            new_text.get(number, ""),
        )


def _step(step: Step | None, names: Names) -> str:
    if step is None:
        return ""
    papers = ", ".join(names.paper(paper) for paper in step.papers_gained)
    parts = (wording.step_kind(step.kind), names.place(step.target), papers, segment_words(step))
    return ", ".join(part for part in parts if part)


def _branches(step: Step | None, names: Names) -> str:
    return "; ".join(branch_words(one, names) for one in step.fallbacks) if step else ""
