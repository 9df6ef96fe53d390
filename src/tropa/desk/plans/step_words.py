"""The first draft of what an applicant reads for one step, in the language of their thread. The author edits
it.

Said: what to do, where, from when, with which papers, what it may cost, and to write back. Never said: any
other step, a reason, a source, a name of ours. Every sentence follows from the step alone.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tropa.atlas import Obtain, Office, Protection, ProtectionKind
from tropa.desk.facts import atlas
from tropa.desk.plans import wording
from tropa.desk.plans.names import Names, names_in
from tropa.planning.plan import PlanSet, Step, StepKind


def text_for(step: Step, plans: PlanSet, language: str) -> str:
    """The step as the applicant may read it."""
    with translation.override(language):
        names = names_in(plans.places, plans.papers)
        sentences = [*_what(step, names), *_with(step, names), *_price(step), _back()]
    return "\n".join(sentences)


def _what(step: Step, names: Names) -> list[str]:
    words = {
        "origin": names.place(step.origin),
        "target": names.place(step.target),
        "from": date_format(step.starts, "j E Y"),
        "until": date_format(step.ends, "j E Y"),
        "mode": wording.mode(step.mode),
        "days": wording.days(step.cost.days),
        "papers": ", ".join(names.paper(paper) for paper in step.papers_gained),
    }
    match step.kind:
        case StepKind.LEG:
            return [
                _("From %(origin)s to %(target)s: %(mode)s.") % words,
                _("Set out on %(from)s at the earliest; the way takes %(days)s.") % words,
            ]
        case StepKind.WAIT:
            return [_("Stay in %(target)s until %(until)s. You are there legally until then.") % words]
        case StepKind.OBTAIN:
            return [
                _("In %(target)s, apply for: %(papers)s.") % words,
                *_office(step),
                _("From %(from)s on. The answer takes %(days)s.") % words,
            ]
        case StepKind.PROTECTION:
            return [*_protection(step, words), _("From %(from)s on. It takes %(days)s.") % words]


def _office(step: Step) -> list[str]:
    fact = atlas().facts.get(step.action)
    if fact is None or not isinstance(fact.value, Obtain):
        return []
    match fact.value.office:
        case Office.RECEIVING_EMBASSY:
            return [_("You apply at the embassy of the country that is to receive you.")]
        case Office.HOME_CONSULATE:
            return [_("You apply at the consulate of your own country.")]
        case Office.HOME_STATE:
            return [_("You apply at an office of your own state.")]
        case Office.INSURER:
            return [_("Any insurer sells it; nobody decides about you.")]


def _protection(step: Step, words: dict[str, str]) -> list[str]:
    fact = atlas().facts.get(step.action)
    if fact is None or not isinstance(fact.value, Protection):
        return [_("In %(target)s, ask for protection.") % words]
    match fact.value.what:
        case ProtectionKind.ASYLUM:
            return [
                _("In %(target)s, ask for asylum. Say so to the first official whose task it is.") % words
            ]
        case ProtectionKind.TEMPORARY:
            return [_("In %(target)s, apply for temporary protection.") % words]
        case ProtectionKind.RESIDENCE:
            return [_("In %(target)s, apply for a residence permit.") % words]
        case ProtectionKind.VISA_FREE_STAY:
            return [_("Stay in %(target)s as a visitor, within the days allowed.") % words]


def _with(step: Step, names: Names) -> list[str]:
    if not step.papers_used:
        return []
    papers = ", ".join(names.paper(paper) for paper in step.papers_used)
    return [_("Have with you: %(papers)s.") % {"papers": papers}]


def _price(step: Step) -> list[str]:
    if step.cost.euros.high < 1:
        return []
    return [_("It costs about %(euros)s.") % {"euros": wording.euros(step.cost.euros)}]


def _back() -> str:
    return _(
        "When you have read this, say so here. Write to us when it is done, or if anything is not as it says."
    )
