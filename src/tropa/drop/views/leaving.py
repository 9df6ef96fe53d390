"""The way out: forget everything in this browser that we may forget, and stand somewhere dull."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tropa.drop.admission import COOKIE
from tropa.drop.conf import drop_conf
from tropa.drop.pages import language_of_page, render


@require_safe
def leave(_request: HttpRequest) -> HttpResponse:
    """GET /ru/leave/"""
    response = HttpResponse(status=303)
    response["Location"] = drop_conf.exit_url or f"/{language_of_page()}/pause/"
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response.set_cookie(COOKIE, "", max_age=0, path="/", secure=True, httponly=True, samesite="Strict")
    return response


@require_safe
def pause(_request: HttpRequest) -> HttpResponse:
    """GET /ru/pause/: a page nobody looks at twice."""
    return render("pause")
