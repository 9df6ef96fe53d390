"""The page one searches on. What is looked for comes by POST alone, so that it stands in no address, history or log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, unlocked_or_empty
from tropa.desk.talk.search import Found, FoundEntry, search
from tropa.desk.talk.search_words import LONGEST_QUERY, Query, folded, read_query

AROUND = 110
"""Letters shown before and after the first word found."""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One entry as the template prints it: what stands before the word, the word, and what follows."""

    address: str
    name: str
    who: str
    note: bool
    at: datetime | None
    before: str = field(repr=False)
    word: str = field(repr=False)
    after: str = field(repr=False)


def empty_search(request: OpenedRequest) -> HttpResponse:
    """Nothing is found in a desk in which nothing is."""
    typed = request.POST.get("q", "")[:LONGEST_QUERY]
    return _drawn(request, typed, read_query(typed), Found())


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked_or_empty(empty_search)
def search_page(request: UnlockedRequest) -> HttpResponse:
    """Entries of one's own cases and of untaken threads that hold every word typed."""
    typed = request.POST.get("q", "")[:LONGEST_QUERY]
    query = read_query(typed)
    return _drawn(request, typed, query, search(reader=request.reader, query=query))


def _drawn(request: OpenedRequest | UnlockedRequest, typed: str, query: Query, found: Found) -> HttpResponse:
    context = {
        "section": "search",
        "asked": typed,
        "looked": bool(query.words),
        "too_short": bool(typed.strip()) and not query.words,
        "lines": [_line(one, query) for one in found.entries],
        "found": found,
    }
    return render(request, "talk/search.html", context)


def _line(one: FoundEntry, query: Query) -> FoundLine:
    text = " ".join(one.text.split())
    at, ends = query.words[0].place_in(folded(text)) or (0, 0)
    start, end = max(at - AROUND, 0), ends + AROUND
    return FoundLine(
        address=reverse("desk:thread", args=[one.thread_id]),
        name=one.name,
        who=one.who,
        note=one.note,
        at=one.at,
        before=("…" if start else "") + text[start:at],
        word=text[at:ends],
        after=text[ends:end] + ("…" if end < len(text) else ""),
    )
