"""A browser without script: one site, its cookies, its forms, and what it refuses to put up with.

Cookies are kept by hand: they are `Secure` with the `__Host-` prefix, which browsers accept on the loopback
interface and Python's own cookie jar does not. Every page is looked at as it comes: its headers, its cookies'
attributes, and that nothing on it leads to anybody but the site.
"""

from __future__ import annotations

import contextlib
import http.client
import secrets
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.page import Form, Page, addresses_elsewhere, read_page
from tropa.rehearsal.promises import Broken

PATIENCE = 180.0
MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
COOKIE_MARKS = frozenset({"secure", "httponly", "path=/"})


Value = str | list[str] | None
"""What a field is set to: a value, several, or nothing sent."""


@dataclass(frozen=True, slots=True)
class File:
    """A file somebody chose: the field it is sent in, what it is called, and what is in it."""

    field: str
    name: str
    content: bytes


class Unkept(Broken):
    """A page broke a rule that holds for all pages."""


class Browser:
    """One browser on one site. `origin` is as `http://127.0.0.1:8400`."""

    def __init__(self, origin: str, *, language: str = "ru") -> None:
        self.origin = origin.rstrip("/")
        parts = urllib.parse.urlsplit(self.origin)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._language = language
        self.cookies: dict[str, str] = {}
        self.visited: list[str] = []

    def get(self, address: str) -> Page:
        """The page at this address, redirects followed."""
        return self._walk("GET", address, None, "")

    def post(
        self,
        form: Form,
        page: Page,
        filling: Mapping[str, Value] | None = None,
        *,
        press: str | None = None,
        files: Sequence[File] = (),
    ) -> Page:
        """Send a form of a page, filled in, by the button of this value (None: by its first)."""
        button = form.button(press) if press is not None else next(iter(form.buttons), None)
        if press is not None and button is None:
            raise Unkept(_("A page offers its buttons"), f"{press} on {page.address}")
        try:
            fields = form.filled(filling or {})
        except KeyError as missing:
            raise Unkept(_("A form offers its fields"), f"{missing} on {page.address}") from None
        if button is not None and button.name:
            fields.append((button.name, button.value))
        address = urllib.parse.urljoin(
            page.address, (button.action if button else "") or form.action or page.address
        )
        if form.method != "post":
            return self.get(f"{address}?{urllib.parse.urlencode(fields)}")
        kind, body = _multipart(fields, files) if form.multipart else _urlencoded(fields)
        return self._walk("POST", address, body, kind)

    def _walk(self, method: str, address: str, body: bytes | None, kind: str) -> Page:
        for _hop in range(MOST_REDIRECTS):
            page = self._ask(method, address, body, kind)
            if page.status not in REDIRECTS:
                return page
            address = urllib.parse.urljoin(page.address, page.headers.get("location", ""))
            method, body, kind = "GET", None, ""
        raise Unkept(_("Redirects come to an end"), address)

    def _ask(self, method: str, address: str, body: bytes | None, kind: str) -> Page:
        whole = urllib.parse.urljoin(f"{self.origin}/", address)
        if not whole.startswith(f"{self.origin}/"):
            raise Unkept(_("No page leads to anybody but us"), whole)
        parts = urllib.parse.urlsplit(whole)
        headers = {"Accept-Language": self._language, "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {"Content-Type": kind, "Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            with contextlib.closing(self._connection(self._host, self._port)) as connection:
                connection.request(method, path or "/", body, headers)
                response = connection.getresponse()
                content = response.read()
                told = {name.lower(): value for name, value in response.getheaders()}
                self._take_cookies(response.headers.get_all("Set-Cookie") or [])
        except (OSError, http.client.HTTPException) as error:
            raise Unkept(_("The site answers"), f"{whole}: {type(error).__name__}") from None
        page = read_page(response.status, whole, told, content)
        self._look_at(page)
        return page

    def _connection(self, host: str, port: int) -> http.client.HTTPConnection:
        """How the site is reached."""
        return http.client.HTTPConnection(host, port, timeout=PATIENCE)

    def _take_cookies(self, lines: list[str]) -> None:
        for line in lines:
            pair, *attributes = [part.strip() for part in line.split(";")]
            name, _equals, value = pair.partition("=")
            marks = {mark.lower() for mark in attributes}
            if not marks >= COOKIE_MARKS or any(mark.startswith("domain=") for mark in marks):
                raise Unkept(
                    _("A cookie is for this site alone, and for no script"), "; ".join([name, *attributes])
                )
            if value in {"", '""'} or "max-age=0" in marks:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value

    def _look_at(self, page: Page) -> None:
        self.visited.append(page.address)
        if page.status >= 500:
            raise Unkept(_("No page fails"), f"{page.status} {page.address}")
        if page.status in REDIRECTS or "html" not in page.headers.get("content-type", ""):
            return
        for name, part in PAGE_HEADERS.items():
            if part not in page.headers.get(name, ""):
                raise Unkept(_("Every page carries the headers that protect it"), f"{name} on {page.address}")
        if page.headers.get("content-encoding"):
            raise Unkept(_("Pages with secrets are not compressed"), page.address)
        for elsewhere in addresses_elsewhere(page, self.origin):
            raise Unkept(_("No page leads to anybody but us"), f"{elsewhere} on {page.address}")


PAGE_HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


def _urlencoded(fields: list[tuple[str, str]]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urllib.parse.urlencode(fields).encode()


def _multipart(fields: list[tuple[str, str]], files: Sequence[File]) -> tuple[str, bytes]:
    boundary = f"----tropa{secrets.token_hex(12)}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        # browsers send line breaks as both characters
        + value.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        + b"\r\n"
        for name, value in fields
    ]
    parts += [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{file.field}"; filename="{file.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + file.content
        + b"\r\n"
        for file in files
    ]
    return f"multipart/form-data; boundary={boundary}", b"".join([*parts, f"--{boundary}--\r\n".encode()])
