"""The first form, answered without a thread: the same bytes for everybody but for the token, which is drawn anew.

The page and its headers are what the site itself answers, asked once for each language when the process starts; nothing
about them is said twice. Whatever is not the plain form (a posted one, another address, a body) is the site's.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

from tropa.drop import languages
from tropa.drop.form_token import FormToken
from tropa.drop.languages import PageLanguage

TOKEN = re.compile(rb'(?<=<input type="hidden" name="token" value=")[\w-]{43}(?=">)')

Headers = list[tuple[str, str]]
Page = tuple[int, Headers, bytes]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class FirstPage:
    """The form of each language, with a gap for its token."""

    def __init__(self, application: Application) -> None:
        self._pages = {language: _asked(application, language) for language in PageLanguage}

    def answer(self, method: str, path: str, accepted: str) -> Page | None:
        """Status, headers and body, or None where the site has to be asked. `accepted` is the browser's
        Accept-Language, which speaks at the bare address alone.
        """
        if method != "GET":
            return None
        if path == "/":
            language = languages.accepted(accepted)
        elif path in {"/ru/", "/en/"}:
            language = PageLanguage(path[1:3])
        else:
            return None
        headers, before, after = self._pages[language]
        return 200, headers, b"".join((before, FormToken.generate(os.urandom).text.encode(), after))


def _asked(application: Application, language: PageLanguage) -> tuple[Headers, bytes, bytes]:
    """What the site answers: headers, and the page before and after its token."""
    said: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, _exc_info: object = None) -> None:
        said.append((status, headers))

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f"/{language}/",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
    chunks = application(environ, start_response)
    page = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
    [(status, headers)] = said
    assert status == "200 OK", status
    before, after = TOKEN.split(page)
    return headers, before, after
