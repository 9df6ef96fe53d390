"""Find or do: one line of words and everything it can lead to. The words come by POST alone and stand in no address,
history or log. The page works by itself; with the keyboard's shortcut a part of it opens over any other page.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tropa.desk.pages.found import LONGEST_ASKED, Ways, empty_ways, ways_for
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, unlocked_or_empty

PART = "X-Part"
"""The header by which a script asks for the lines alone."""


def empty_find(request: OpenedRequest) -> HttpResponse:
    """Leads to the pages of an empty desk."""
    asked = _asked(request)
    return _drawn(request, asked, empty_ways(asked))


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked_or_empty(empty_find)
def find(request: UnlockedRequest) -> HttpResponse:
    """What fits the words; the pages as long as nothing was typed."""
    asked = _asked(request)
    return _drawn(request, asked, ways_for(reader=request.reader, asked=asked))


def _asked(request: OpenedRequest | UnlockedRequest) -> str:
    return " ".join(request.POST.get("q", "")[:LONGEST_ASKED].split())


def _drawn(request: OpenedRequest | UnlockedRequest, asked: str, ways: list[Ways]) -> HttpResponse:
    context = {"section": "find", "asked": asked, "ways": ways, "count": sum(len(one.lines) for one in ways)}
    template = "find/ways.html" if PART in request.headers else "find/find.html"
    return render(request, template, context)
