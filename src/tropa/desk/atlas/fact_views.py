"""A fact's page: what it says, what it rests on, its history; and looking at it, one fact or a whole source at once."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.atlas import Country, Fact, Hazard, Standing, UnknownFactError, Value
from tropa.atlas.freshness import resting_on, review_days
from tropa.atlas.overlay import wording
from tropa.atlas.shapes import STOP_SCOPES
from tropa.desk import clock
from tropa.desk.atlas import services
from tropa.desk.atlas.content import Seen
from tropa.desk.atlas.counted import counts_of
from tropa.desk.atlas.country_page import fact_line
from tropa.desk.atlas.country_views import stop_of
from tropa.desk.atlas.errors import StalePage, WrongChange
from tropa.desk.atlas.forms import ReasonForm, SourceForm
from tropa.desk.atlas.history_page import believed_on, changes_about, versions_of
from tropa.desk.atlas.in_force import InForce, in_force
from tropa.desk.atlas.paging import MOST, following, start_of
from tropa.desk.atlas.resting import aftermath, groups_of, groups_of_change, resting
from tropa.desk.atlas.side_by_side import disputes_of
from tropa.desk.frame import Notice, notices_said
from tropa.desk.pages.fact_words import lines_of, named, title_of
from tropa.desk.pages.field_words import CONFIDENCE, owner_words
from tropa.desk.pages.standing_words import standing_words
from tropa.desk.staff.access import UnlockedRequest, unlocked


@unlocked
def fact(request: UnlockedRequest, fact_id: str) -> HttpResponse:
    """One fact, whole; `?on=` shows what was believed at the end of another day."""
    state = in_force()
    found = known_fact(state, fact_id)
    return _page(request, state, found, notices_said(request))


def known_fact(state: InForce, fact_id: str) -> Fact[Value]:
    """The fact, or no such page."""
    try:
        return state.atlas.fact(fact_id)
    except UnknownFactError:
        raise Http404 from None


def _page(
    request: UnlockedRequest,
    state: InForce,
    found: Fact[Value],
    notices: list[Notice],
    *,
    form: SourceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    day = clock.facts_day()
    standing = state.atlas.standing(found, day)
    doubts = state.atlas.doubts
    country = found.id if isinstance(found.value, Country) else getattr(found.value, "country", "")
    context = {
        "section": "atlas",
        "notices": notices,
        "fact": found,
        "title": title_of(found),
        "lines": lines_of(found.value),
        "standing": standing_words(standing),
        "closed": standing is not Standing.USABLE,
        "owner": owner_words(found.owner),
        "confidence": CONFIDENCE[found.confidence],
        "age_days": max((day - found.as_of.latest).days, 0) if found.as_of else None,
        "country": country,
        "country_name": named(country) if country else "",
        "history": changes_about(state, found.id),
        "versions": versions_of(state, found.id),
        "then": _then(request, state, found.id),
        "disputes": disputes_of(state, {found.id}),
        "stop": stop_of(state, found.id),
        "stops": state.atlas.stops_on(found),
        "stoppable": found.kind in STOP_SCOPES,
        "doubted": isinstance(found.value, Hazard) and found.id in (*doubts.doubted, *doubts.refuted),
        "counts": counts_of(state, found),
        "resting": resting(request.reader, groups_of(state.atlas, found.id)),
        "aftermath": aftermath(request.reader, groups_of_change(state.atlas, [found.id])),
        "may_change": services.may_change_facts(request.reader),
        "form": form or SourceForm(),
        "seen": wording(found),
        "days": review_days(found),
    }
    return render(request, "atlas/fact.html", context, status=status)


def _then(request: UnlockedRequest, state: InForce, fact_id: str) -> dict[str, object] | None:
    """What was believed on the day asked for."""
    asked = request.GET.get("on", "")
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    found = believed_on(state, fact_id, day)
    return {"day": day, "found": found, "lines": lines_of(found.fact.value) if found else []}


@require_POST
@unlocked
def review(request: UnlockedRequest, fact_id: str) -> HttpResponse:
    """It was looked at today and is still so: one click, a source and a sentence."""
    state = in_force()
    found = known_fact(state, fact_id)
    require_research(request)
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _page(request, state, found, [], form=form, status=422)
    told = form.cleaned_data
    try:
        done = services.review_facts(
            reader=request.reader,
            facts=[Seen(fact_id, request.POST.get("seen", ""))],
            reason=told["reason"],
            source=told["source"] or None,
            new_source=told["new_source"],
        )
    except StalePage:
        return _page(request, in_force(), found, [stale_notice()], form=form, status=409)
    except WrongChange as error:
        return _page(request, state, found, [wrong_notice(error)], form=form, status=422)
    said = "change-waits" if done.waits else "fact-reviewed"
    return redirect(f"{reverse('desk:fact', args=[fact_id])}?said={said}")


@unlocked
def source(request: UnlockedRequest, source_id: str) -> HttpResponse:
    """Everything that rests on one source: tick what it still says, one sentence for all."""
    state = in_force()
    facts = resting_on(state.atlas, source_id)
    if not facts:
        raise Http404
    form = ReasonForm(request.POST or None)
    notices: list[Notice] = []
    status = 200
    if request.method == "POST":
        require_research(request)
        done, status = _reviewed_batch(request, facts, form, notices)
        if done:
            here = reverse("desk:source", args=[source_id])
            onward = following(start_of(request), len(facts)) or 0
            return redirect(f"{here}?from={onward}&said=source-reviewed")
    context = _source_context(request, state, source_id, facts, form, notices)
    return render(request, "atlas/source.html", context, status=status)


def _source_context(
    request: UnlockedRequest,
    state: InForce,
    source_id: str,
    facts: tuple[Fact[Value], ...],
    form: ReasonForm,
    notices: list[Notice],
) -> dict[str, object]:
    day, doubts = clock.facts_day(), state.atlas.doubts
    apart = {*doubts.doubted, *doubts.refuted}
    ordered = sorted(facts, key=lambda one: (one.kind, one.id))
    start = start_of(request)
    page = ordered[start : start + MOST]
    return {
        "section": "atlas",
        "notices": [*notices_said(request), *notices],
        "source": next(one for fact in facts for one in fact.sources if one.id == source_id),
        "count": len(facts),
        "rows": [
            {
                "line": fact_line(state.atlas, fact, day),
                "seen": wording(fact),
                "apart": fact.id in apart,
                "fact": fact,
            }
            for fact in page
        ],
        "ticked": set(request.POST.getlist("fact")) if request.method == "POST" else None,
        "form": form,
        "first": start + 1,
        "last": start + len(page),
        "following": following(start, len(facts)),
        "may_change": services.may_change_facts(request.reader),
    }


def _reviewed_batch(
    request: UnlockedRequest,
    facts: tuple[Fact[Value], ...],
    form: ReasonForm,
    notices: list[Notice],
) -> tuple[bool, int]:
    """Whether all that was ticked is reviewed; else what stands in the way is among the notices."""
    ids = {fact.id for fact in facts}
    ticked = [text.partition(" ") for text in request.POST.getlist("fact")]
    chosen = [Seen(fact_id, seen) for fact_id, _space, seen in ticked if fact_id in ids]
    if not chosen:
        notices.append(Notice("", "info", _("Nothing was ticked, so nothing was reviewed.")))
        return False, 422
    if not form.is_valid():
        return False, 422
    try:
        done = services.review_facts(reader=request.reader, facts=chosen, reason=form.cleaned_data["reason"])
    except StalePage:
        notices.append(stale_notice())
        return False, 409
    except WrongChange as error:
        notices.append(wrong_notice(error))
        return False, 422
    return not done.waits, 200


def require_research(request: UnlockedRequest) -> None:
    """Raise PermissionDenied unless the reader may change facts."""
    if not services.may_change_facts(request.reader):
        raise PermissionDenied


def stale_notice() -> Notice:
    """Somebody was quicker."""
    said = _(
        "Somebody changed this fact since you opened the page. Nothing was stored; look at it once more."
    )
    return Notice("", "info", said)


def wrong_notice(error: WrongChange) -> Notice:
    """Why a change does not fit, in the words of the validator."""
    return Notice(
        "stale", "info", _("Nothing was stored: %(reasons)s") % {"reasons": "; ".join(error.reasons)}
    )
