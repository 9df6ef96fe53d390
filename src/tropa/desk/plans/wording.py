"""How figures, kinds and codes of a plan are said on a page, in the language of the page.

An interval keeps both ends; figures and their unit never part (no-break spaces). A chance under one per cent
is said so, never as zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import assert_never

from django.utils.translation import get_language, gettext_noop, ngettext, pgettext
from django.utils.translation import gettext as _

from tropa.atlas import Answer, Mode, Office, ProfileClass, ProtectionKind, Status
from tropa.desk.plans.models import PlanState, ReleaseState
from tropa.planning.plan import FallbackCause, PlanSet, PlanTitle, Span, StepKind

NBSP = "\N{NO-BREAK SPACE}"


def russian() -> bool:
    """Whether the page speaks Russian."""
    return (get_language() or "ru").startswith("ru")


def percents(span: Span) -> str:
    """ "4–10 %"; both ends rounded, the lower down and the upper up: an estimate is never made smaller."""
    low, high = math.floor(span.low * 100), math.ceil(span.high * 100)
    if high <= 1:
        return pgettext("chance", "under 1%(space)s%%") % {"space": NBSP}
    return f"{_ends(str(low), str(high))}{NBSP}%"


def days(span: Span) -> str:
    """ "100–135 days"; under a day in hours, and "up to 4 days" where it may be the same day."""
    if span.high < 1:
        return hours(Span(span.low * 24, span.point * 24, span.high * 24))
    low, high = math.floor(span.low), math.ceil(span.high)
    if low == 0:
        most = ngettext("up to %(days)d day", "up to %(days)d days", high) % {"days": high}
        return most.replace(" ", NBSP)
    counted = ngettext("%(days)s day", "%(days)s days", high) % {"days": _ends(str(low), str(high))}
    return counted.replace(" ", NBSP)


def hours(span: Span) -> str:
    """ "3–26 h", of a span in hours."""
    ends = _ends(str(math.floor(span.low)), str(max(math.ceil(span.high), 1)))
    return (pgettext("hours, short", "%(hours)s h") % {"hours": ends}).replace(" ", NBSP)


def euros(span: Span) -> str:
    """ "1 950–2 700 €"."""
    low, high = math.floor(span.low), math.ceil(span.high)
    return f"{_ends(grouped(low), grouped(high))}{NBSP}€"


def grouped(number: float) -> str:
    """Thousands apart: "12 345" with no-break spaces."""
    return f"{round(number):,}".replace(",", NBSP)


def _ends(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def step_kind(kind: StepKind) -> str:
    """What a person does in a step, as a heading."""
    match kind:
        case StepKind.LEG:
            return _("Travel")
        case StepKind.OBTAIN:
            return _("Get a paper")
        case StepKind.WAIT:
            return _("Wait")
        case StepKind.PROTECTION:
            return _("Protection")
        case _:
            assert_never(kind)


def title(kind: PlanTitle) -> str:
    """Why a plan is shown, as its name."""
    match kind:
        case PlanTitle.SAFEST:
            return _("Safest")
        case PlanTitle.FASTEST:
            return _("Fastest")
        case PlanTitle.CHEAPEST:
            return _("Cheapest")
        case PlanTitle.MOST_FALLBACKS:
            return _("Most fallbacks")
        case PlanTitle.DIFFERENT:
            return _("A different way")
        case PlanTitle.SPARE:
            return _("Spare")
        case _:
            assert_never(kind)


def cause(kind: FallbackCause) -> str:
    """What went wrong."""
    match kind:
        case FallbackCause.REFUSED:
            return _("refused")
        case FallbackCause.TURNED_BACK:
            return _("turned back")
        case _:
            assert_never(kind)


_MODES: Mapping[str, str] = {
    Mode.AIR: gettext_noop("flight"),
    Mode.ROAD: gettext_noop("by road"),
    Mode.RAIL: gettext_noop("train"),
    Mode.RIVER: gettext_noop("boat"),
    Mode.FOOT: gettext_noop("on foot"),
    Mode.DOMESTIC: gettext_noop("inside the country"),
}


def mode(name: str) -> str:
    """How a leg is travelled; a way the page does not know is said as it is stored."""
    return _(_MODES[name]) if name in _MODES else name


def office(kind: Office) -> str:
    """Who decides."""
    match kind:
        case Office.HOME_STATE:
            return _("office of the own state")
        case Office.HOME_CONSULATE:
            return _("consulate of the own state")
        case Office.RECEIVING_EMBASSY:
            return _("embassy of the receiving state")
        case Office.INSURER:
            return _("insurer")
        case _:
            assert_never(kind)


def profile(kind: ProfileClass) -> str:
    """How far the state has come with the person."""
    match kind:
        case ProfileClass.NO_SUMMONS:
            return _("no summons")
        case ProfileClass.SUMMONED:
            return _("summons received")
        case ProfileClass.MOBILISED:
            return _("mobilised or under contract")
        case ProfileClass.ABSENT:
            return _("absent from the unit")
        case ProfileClass.CHARGED:
            return _("criminal case or wanted")
        case _:
            assert_never(kind)


_STATUSES: Mapping[Status, str] = {
    Status.EXIT_BAN: gettext_noop("Exit ban"),
    Status.SUMMONS_IN_REGISTER: gettext_noop("Summons in the register"),
    Status.CASE: gettext_noop("Criminal case"),
    Status.CONVICTED: gettext_noop("Conviction"),
    Status.WANTED: gettext_noop("On a wanted list"),
    Status.DEBT_OR_COURT: gettext_noop("Debts or court"),
    Status.BANKRUPT: gettext_noop("Bankruptcy"),
    Status.STATE_SECRETS: gettext_noop("State secrets"),
    Status.SECURITY_SERVICE: gettext_noop("Security service"),
    Status.SERVING: gettext_noop("In service"),
}


def status(kind: Status) -> str:
    """What may bar a person from leaving."""
    return _(_STATUSES[kind])


def ways_closed(count: int) -> str:
    """ "closes 3 ways"."""
    return ngettext("closes %(n)s way", "closes %(n)s ways", count) % {"n": count}


def answer(kind: Answer) -> str:
    """Yes, no, or not known."""
    match kind:
        case Answer.YES:
            return _("yes")
        case Answer.NO:
            return _("no")
        case Answer.UNKNOWN:
            return _("not known")
        case _:
            assert_never(kind)


def haven(kind: ProtectionKind) -> str:
    """An end state."""
    match kind:
        case ProtectionKind.VISA_FREE_STAY:
            return _("Visa-free stay")
        case ProtectionKind.TEMPORARY:
            return _("Temporary protection")
        case ProtectionKind.RESIDENCE:
            return _("Residence permit")
        case ProtectionKind.ASYLUM:
            return _("Asylum")
        case _:
            assert_never(kind)


def plan_state(state: str) -> str:
    """Where a plan version stands."""
    match PlanState(state):
        case PlanState.IN_REVIEW:
            return _("in review")
        case PlanState.APPROVED:
            return _("approved")
        case PlanState.RETURNED:
            return _("returned")
        case PlanState.VOID:
            return pgettext("plan", "void")


def release_state(state: str) -> str:
    """What has become of a released step."""
    match ReleaseState(state):
        case ReleaseState.RELEASED:
            return _("sent, not read yet")
        case ReleaseState.ACKNOWLEDGED:
            return _("read")
        case ReleaseState.DONE:
            return _("done")
        case ReleaseState.FAILED:
            return _("did not work")
        case ReleaseState.WITHDRAWN:
            return _("withdrawn")


def plans_found(plans: PlanSet) -> str:
    """ "Four different plans"."""
    count = len(plans.plans)
    return ngettext("%(count)d plan", "%(count)d different plans", count) % {"count": count}
