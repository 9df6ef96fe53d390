"""What holds for every answer of the drop: its headers, its language, and whom it answers.

Refused: a form sent from another site. Kept true: no page is cached or framed, tells anybody where a person
came from, or may fetch anything that is not ours; an error shows a code, and the log gets the same code with
the kind of error and its place, never its words.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from tropa.drop import languages
from tropa.drop.pages import error_page

log = logging.getLogger("tropa.drop")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # no-transform: a proxy that compressed a padded page would show its true size again
    "Cache-Control": "no-store, no-transform",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Server": "web",  # else the server under us names itself
}

Respond = Callable[[HttpRequest], HttpResponse]


class QuietMiddleware:
    """The one middleware of the drop."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the address's language, with the headers; a form from another site gets 403."""
        language = languages.of_path(request.path_info) or languages.accepted(
            request.headers.get("Accept-Language", "")
        )
        with translation.override(language):
            if request.method == "POST" and is_from_elsewhere(request):
                response = error_page(status=403)
            else:
                response = self.get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        response["Content-Length"] = str(len(response.content))
        return response

    def process_exception(self, _request: HttpRequest, exception: Exception) -> HttpResponse:
        """A page with a code; without one where the request itself cannot be read. The exception's words are not
        logged: they may repeat what a person wrote.
        """
        if isinstance(exception, SuspiciousOperation | BadRequest):
            return error_page(status=400)
        code = secrets.token_hex(4)
        places = traceback.extract_tb(exception.__traceback__)
        where = f"{places[-1].filename}:{places[-1].lineno}" if places else "nowhere"
        log.error(f"{code} {type(exception).__qualname__} at {where}")  # noqa: G004  arguments are never formatted
        return error_page(status=500, code=code)


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that this form stands on another site.

    Our own pages send `Origin: null`, because they send no referrer; then Sec-Fetch-Site decides, and where a
    browser says neither, the strict same-site cookie.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin", "null")
    return origin != "null" and origin.partition("://")[2] != request.headers.get("Host", "")
