"""The atlas's first page: find, browse by country, a map for one class of people, and what nobody may forget."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from tropa.atlas import Atlas, ProfileClass
from tropa.atlas.freshness import never_reviewed
from tropa.atlas.overlay import NagKind, nags
from tropa.atlas.search import search
from tropa.desk import clock
from tropa.desk.atlas.change_views import waiting_of
from tropa.desk.atlas.commands import stop_asked
from tropa.desk.atlas.country_page import fact_line
from tropa.desk.atlas.country_views import profile_asked
from tropa.desk.atlas.drawn import drawn
from tropa.desk.atlas.home_page import (
    by_owner,
    countries_for,
    fresh_on,
    judged_on,
    map_for,
    never_by_source,
    stops_now,
)
from tropa.desk.atlas.in_force import InForce, in_force
from tropa.desk.atlas.paging import MOST, following, start_of
from tropa.desk.frame import notices_said
from tropa.desk.pages.fact_words import title_of
from tropa.desk.pages.term_words import term_words
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, unlocked, unlocked_or_empty


def empty_atlas(request: OpenedRequest) -> HttpResponse:
    """No pack: what the organisation thinks of a country is its own."""
    return render(request, "desk/nothing.html", {"section": "atlas"})


@unlocked_or_empty(empty_atlas)
def atlas(request: UnlockedRequest) -> HttpResponse:
    """Everything at a glance; with `?q=` what was found. "Kazakhstan: stop" leads to the page that does it."""
    state, day = in_force(), clock.facts_day()
    asked = request.GET.get("q", "").strip()[:200]
    if command := stop_asked(state.atlas, asked):
        code, why = command
        return redirect(
            f"{reverse('desk:stop', args=[code])}{'?' + urlencode({'reason': why}) if why else ''}"
        )
    if asked:
        return render(request, "atlas/found.html", _found(request, state.atlas, asked))
    profile = profile_asked(request)
    shown = partial(_shown, state.atlas, profile, day)
    context = {
        "section": "atlas",
        "notices": notices_said(request),
        "meta": state.atlas.meta,
        "count": len(state.atlas.facts),
        "own": len(state.overlaid.taken),
        "drawn_map": drawn(state, day, "atlas/home_map.html", profile, told=shown),
        "week": drawn(state, day, "atlas/home_week.html", told=partial(_week, state, day)),
        "listed": drawn(state, day, "atlas/home_countries.html", profile, told=shown),
        "stops": stops_now(state, day),
        "waiting": waiting_of(state),
        "never": sum(1 for _fact in never_reviewed(state.atlas)),
        "reviewed_as_of": state.atlas.reviewed_as_of,
    }
    return render(request, "atlas/atlas.html", context)


def _shown(atlas: Atlas, profile: ProfileClass, day: date) -> dict[str, object]:
    """The map and the list of countries, each with the danger of staying for people of a class."""
    judged, coloured = judged_on(atlas, profile, day)
    return {
        "judged": judged,
        "coloured": coloured,
        "profile": profile,
        "profiles": [(one, term_words(one)) for one in ProfileClass],
        "map": map_for(atlas, profile, day),
        "countries": countries_for(atlas, profile, day),
    }


def _week(state: InForce, day: date) -> dict[str, object]:
    """What falls due, what age has closed, what disagrees, and where a batch of reviews brings most."""
    fresh = fresh_on(state.atlas, day)
    told = nags(state.overlaid, day)
    return {
        "conflicts": len(state.overlaid.conflicts),
        "doubted": _doubted(state.atlas),
        "lapsed": sum(one.kind is NagKind.REVIEW_LAPSED for one in told),
        "due_count": len(fresh.falling_due),
        "closed_count": len(fresh.closed),
        "standing_count": len(fresh.standing),
        "loose_count": len(fresh.loose),
        "owners": by_owner(state.atlas, day),
        "sources": never_by_source(state.atlas, day),
    }


def _found(request: UnlockedRequest, atlas: Atlas, asked: str) -> dict[str, object]:
    """What holds every word, the best first, in parts."""
    start, day = start_of(request), clock.facts_day()
    found = search(atlas, asked)
    return {
        "section": "atlas",
        "asked": asked,
        "count": len(found),
        "rows": [fact_line(atlas, fact, day) for fact in found[start : start + MOST]],
        "following": following(start, len(found)),
    }


def _doubted(atlas: Atlas) -> list[tuple[str, str]]:
    """Hazards that something known since speaks against: ids and titles."""
    ids = sorted((*atlas.doubts.refuted, *atlas.doubts.doubted))
    return [(one, title_of(atlas.facts[one])) for one in ids]


@unlocked
def due(request: UnlockedRequest) -> HttpResponse:
    """All that is closed by age, falls due, or has to be looked at, by the role that owns it."""
    state, day = in_force(), clock.facts_day()
    fresh = fresh_on(state.atlas, day)
    owner = request.GET.get("owner", "")
    overdue = [*(fact for fact, _standing in fresh.closed), *fresh.standing, *fresh.loose, *fresh.falling_due]
    unique = {fact.id: fact for fact in overdue if not owner or fact.owner == owner}
    ordered = sorted(unique.values(), key=lambda fact: (fact.review_by, fact.id))
    start = start_of(request)
    page = ordered[start : start + MOST]
    context = {
        "section": "atlas",
        "rows": [fact_line(state.atlas, fact, day) for fact in page],
        "count": len(ordered),
        "owner": owner,
        "owners": by_owner(state.atlas, day),
        "following": following(start, len(ordered)),
    }
    return render(request, "atlas/due.html", context)
