"""The desk's cookies. `__Host-`: this host only, over TLS or on localhost only, and never from
another site.
"""

from __future__ import annotations

from django.http import HttpResponse

from tropa.desk.language import COOKIE as LANGUAGE_COOKIE

VISIT_COOKIE = "__Host-tropa-desk"
LANGUAGE_SECONDS = 365 * 24 * 3600


def set_visit(response: HttpResponse, token: str) -> None:
    """Give the browser its visit's token until it closes."""
    response.set_cookie(VISIT_COOKIE, token, secure=True, httponly=True, samesite="Strict", path="/")


def clear_visit(response: HttpResponse) -> None:
    """Take the token back."""
    response.set_cookie(VISIT_COOKIE, "", max_age=0, secure=True, httponly=True, samesite="Strict", path="/")


def set_language(response: HttpResponse, language: str) -> None:
    """Remember which language the pages speak; says nothing about who reads them."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=LANGUAGE_SECONDS,
        secure=True,
        httponly=True,
        samesite="Lax",
        path="/",
    )
