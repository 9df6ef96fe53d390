"""Help: the chapters of the handbook. Nothing of the organisation's stands in them, so an empty desk shows them too."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from tropa.desk.pages import handbook
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, opened, unlocked_or_empty


@opened
def help_page(request: OpenedRequest) -> HttpResponse:
    """The chapters by their titles."""
    context = {"section": "help", "chapters": handbook.chapters(_language())}
    return render(request, "help/help.html", context)


def empty_chapter(request: OpenedRequest) -> HttpResponse:
    """The same in an empty desk."""
    assert request.resolver_match is not None  # a view is found by its address
    return _drawn(request, request.resolver_match.kwargs["name"])


@unlocked_or_empty(empty_chapter)
def chapter(request: UnlockedRequest, name: str) -> HttpResponse:
    """One chapter."""
    return _drawn(request, name)


def _drawn(request: OpenedRequest | UnlockedRequest, name: str) -> HttpResponse:
    try:
        title, text = handbook.chapter(name, _language())
    except handbook.NoChapter:
        raise Http404 from None
    names = [one for one, _title in handbook.chapters(_language())]
    at = names.index(name)
    following = handbook.chapters(_language())[at + 1] if at + 1 < len(names) else None
    context = {"section": "help", "title": title, "text": text, "following": following}
    return render(request, "help/chapter.html", context)


def _language() -> str:
    return get_language() or "ru"
