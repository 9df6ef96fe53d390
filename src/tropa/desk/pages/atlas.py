"""The atlas on the desk: what falls due, and one fact with its source, dates, age and standing."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from tropa.atlas import UnknownFactError
from tropa.desk import clock
from tropa.desk.facts import atlas as the_atlas
from tropa.desk.facts import to_look_at
from tropa.desk.pages.fact_words import in_page_language, lines_of, title_of
from tropa.desk.pages.field_words import CONFIDENCE, OWNERS
from tropa.desk.pages.standing_words import standing_words
from tropa.desk.staff.access import UnlockedRequest, unlocked

MOST_SHOWN = 100


@unlocked
def atlas(request: UnlockedRequest) -> HttpResponse:
    """What is overdue or falls due this week, the oldest first."""
    day = clock.facts_day()
    rows = [
        {
            "fact": fact,
            "title": title_of(fact),
            "standing": standing_words(standing),
            "owner": OWNERS.get(fact.owner, fact.owner),
            "closed": standing != "usable",
        }
        for fact, standing in to_look_at(MOST_SHOWN)
    ]
    context = {
        "section": "atlas",
        "rows": rows,
        "day": day,
        "meta": the_atlas().meta,
        "pack_name": in_page_language(the_atlas().meta.name),
        "count": len(the_atlas().facts),
    }
    return render(request, "atlas/atlas.html", context)


@unlocked
def fact(request: UnlockedRequest, fact_id: str) -> HttpResponse:
    """One fact, whole."""
    try:
        found = the_atlas().fact(fact_id)
    except UnknownFactError:
        raise Http404 from None
    day = clock.facts_day()
    standing = the_atlas().standing(found, day)
    context = {
        "section": "atlas",
        "fact": found,
        "title": title_of(found),
        "lines": lines_of(found.value),
        "sources": [in_page_language(source.cited) for source in found.sources],
        "standing": standing_words(standing),
        "owner": OWNERS.get(found.owner, found.owner),
        "confidence": CONFIDENCE[found.confidence],
        "closed": standing != "usable",
        "age_days": max((day - found.as_of.latest).days, 0) if found.as_of else None,
    }
    return render(request, "atlas/fact.html", context)
