"""A country's page, and the emergency stop of a country or of anything else a stop may name."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tropa.atlas import Atlas, Country, Fact, ProfileClass, UnknownFactError, Value
from tropa.atlas.overlay import stop_id
from tropa.atlas.shapes import STOP_SCOPES
from tropa.desk import clock
from tropa.desk.atlas import services
from tropa.desk.atlas.by_country import facts_of, incidents_of
from tropa.desk.atlas.country_background import background_of
from tropa.desk.atlas.country_page import (
    LAWS,
    due_of,
    gaps_of,
    hazard_lines,
    keys_of,
    recognition_of,
    rules_of,
    timeline_of,
    told_of,
)
from tropa.desk.atlas.drawn import drawn
from tropa.desk.atlas.forms import ReasonForm
from tropa.desk.atlas.history_page import changes_about
from tropa.desk.atlas.in_force import InForce, in_force
from tropa.desk.atlas.models import Verdict
from tropa.desk.atlas.paging import FEW
from tropa.desk.atlas.resting import Resting, aftermath, groups_of, resting
from tropa.desk.atlas.side_by_side import disputes_of
from tropa.desk.frame import notices_said
from tropa.desk.pages.fact_words import title_of
from tropa.desk.pages.term_words import term_words
from tropa.desk.plans.map_of_plans import shade_of
from tropa.desk.staff.access import UnlockedRequest, unlocked

DEFAULT_PROFILE = ProfileClass.SUMMONED


@unlocked
def country(request: UnlockedRequest, code: str) -> HttpResponse:
    """What holds for whom and until when, what happened, and what rests on it."""
    state = in_force()
    if code not in state.atlas.countries:
        raise Http404
    return render(request, "atlas/country.html", _context(request, state, code))


def _context(request: UnlockedRequest, state: InForce, code: str) -> dict[str, object]:
    atlas, day = state.atlas, clock.facts_day()
    profile, whole = profile_asked(request), "whole" in request.GET
    groups = groups_of(atlas, code)
    rests = resting(request.reader, groups)
    known = partial(_known, state, code, profile, day, whole=whole)
    return {
        "section": "atlas",
        "notices": notices_said(request),
        "code": code,
        "name": title_of(atlas.countries[code]),
        "note": atlas.countries[code].note,
        "count": len(facts_of(atlas, code)),
        "stop": stop_of(state, code),
        "easing": waiting_easing(state, code),
        "keys": keys_of(atlas, code, day, rests.plans),
        "shade": shade_of(code, profile, day, atlas),
        "known": drawn(state, day, "atlas/country_known.html", code, profile, whole, told=known),
        "beside": drawn(
            state, day, "atlas/country_beside.html", code, told=partial(_beside, atlas, code, day)
        ),
        "disputes": disputes_of(state, {fact.id for fact in facts_of(atlas, code)}),
        "resting": rests,
        "aftermath": aftermath(request.reader, groups),
        "may_change": services.may_change_facts(request.reader),
    }


def _known(state: InForce, code: str, profile: ProfileClass, day: date, *, whole: bool) -> dict[str, object]:
    """What the facts say of a country for people of a class."""
    incidents = incidents_of(state.atlas, code)
    laws = rules_of(state, code, day, LAWS)
    return {
        "rules": rules_of(state, code, day),
        "laws": laws,
        "some_laws": laws[:FEW],
        "few": FEW,
        "whole": whole,
        "profiles": [(one, term_words(one)) for one in ProfileClass],
        "profile": profile,
        "hazards": hazard_lines(state, code, profile, day),
        "timeline": timeline_of(incidents, day),
        "incidents": told_of(incidents),
        "recognition": recognition_of(state.atlas, code),
        "background": background_of(state.atlas, code),
    }


def _beside(atlas: Atlas, code: str, day: date) -> dict[str, object]:
    return {"due": due_of(atlas, code, day), "gaps": gaps_of(atlas, code)}


def profile_asked(request: UnlockedRequest) -> ProfileClass:
    """The class of people a page is about."""
    try:
        return ProfileClass(request.GET.get("profile", DEFAULT_PROFILE))
    except ValueError:
        return DEFAULT_PROFILE


def stop_of(state: InForce, scope: str) -> dict[str, object] | None:
    """The stop in force on exactly this, with who said it; None without one."""
    fact = state.atlas.facts.get(stop_id(scope))
    if fact is None:
        return None
    latest = [one for one in changes_about(state, scope) if one.act == "stop" and one.counts]
    overdue = fact.review_by < clock.facts_day()
    return {"fact": fact, "change": latest[0] if latest else None, "overdue": overdue}


def waiting_easing(state: InForce, scope: str) -> str:
    """The id of a proposal to lift the stop, if one waits."""
    rows = [row for row in state.rows if row.act == "eased" and row.subject == scope]
    return next((row.id for row in rows if row.verdict is Verdict.WAITING), "")


@unlocked
def stop(request: UnlockedRequest, fact_id: str) -> HttpResponse:
    """What a stop would do; on the button, do it at once. For what is stopped already: propose to ease it.

    A reason that was typed elsewhere may come by POST with `act=look`: it is put into the form, and nothing is done.
    """
    state = in_force()
    fact = _stoppable(state, fact_id)
    if not services.may_change_facts(request.reader):
        raise PermissionDenied
    stopped = stop_of(state, fact_id)
    looks = request.method != "POST" or request.POST.get("act") == "look"
    told = request.POST if request.method == "POST" else request.GET
    form = ReasonForm(None if looks else request.POST, initial={"reason": told.get("reason", "")})
    if not looks and form.is_valid():
        reason = form.cleaned_data["reason"]
        act = services.ease if stopped else services.stop
        done = act(reader=request.reader, scope=fact_id, reason=reason)
        said = "stop-easing-asked" if done.waits else "atlas-stopped"
        return redirect(f"{address_of(state, fact)}?said={said}")
    rests: Resting = resting(request.reader, groups_of(state.atlas, fact_id))
    context = {
        "section": "atlas",
        "fact": fact,
        "title": title_of(fact),
        "back": address_of(state, fact),
        "stop": stopped,
        "easing": waiting_easing(state, fact_id),
        "form": form,
        "resting": rests,
    }
    return render(request, "atlas/stop.html", context, status=422 if form.errors else 200)


def _stoppable(state: InForce, fact_id: str) -> Fact[Value]:
    try:
        fact = state.atlas.fact(fact_id)
    except UnknownFactError:
        raise Http404 from None
    if fact.kind not in STOP_SCOPES:
        raise Http404
    return fact


def address_of(state: InForce, fact: Fact[Value]) -> str:
    """The page of a fact: a country's own, or the fact's."""
    if isinstance(fact.value, Country) and fact.id in state.atlas.countries:
        return reverse("desk:country", args=[fact.id])
    return reverse("desk:fact", args=[fact.id])
