"""The headers every page of the desk carries. Literals, held by a test; no page may loosen them.

Nothing comes from elsewhere, nothing may frame us, nothing is kept in a cache, no address of ours leaves in a
referrer.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tropa.desk.conf import conf

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def policy(live_url: str | None) -> str:
    """The policy, with the one more place a page may listen to: our own process of streams."""
    if live_url is None:
        return CONTENT_SECURITY_POLICY
    return CONTENT_SECURITY_POLICY.replace("connect-src 'self'", f"connect-src 'self' {live_url}/stream/")


HEADERS = {
    "Content-Security-Policy": policy(conf.live_url if conf.live_key else None),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

Respond = Callable[[HttpRequest], HttpResponse]


class HeadersMiddleware:
    """Puts the headers on every answer of the site. Static files are answered before it and may be cached."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        return response
