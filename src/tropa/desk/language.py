"""Which language a page of the desk speaks: the cookie's, else the signed-in person's own, else Russian."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "tropa-desk-language"
LANGUAGES = ("ru", "en")


def chosen_language(request: HttpRequest) -> str:
    """The language for this request; a cookie with another value counts for nothing."""
    cookie = request.COOKIES.get(COOKIE, "")
    if cookie in LANGUAGES:
        return cookie
    member = getattr(request, "member", None)
    return member.language if member is not None and member.language in LANGUAGES else "ru"


class LanguageMiddleware:
    """Speaks one language from view to template. Stands after the staff middleware, which knows
    the person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language."""
        with translation.override(chosen_language(request)):
            response = self.get_response(request)
            response["Content-Language"] = translation.get_language() or "ru"
            return response
