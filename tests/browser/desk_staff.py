"""Volunteers for tests of the desk's pages: each signs in once by the real pages, and is remembered.

A one-time code works once, so a person who signed in for one test is let into the next by their visit's cookies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.running import Installation

Contexts = Callable[..., BrowserContext]
LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
_VISITS: dict[str, list[dict[str, Any]]] = {}


@dataclass(slots=True)
class Desk:
    """The desk of one installation, for the people of the example. `complaints` gathers what browsers complained of."""

    example: Installation
    contexts: Contexts
    complaints: list[str] = field(default_factory=list)

    def page(self, name: str, *, language: str = "ru", **options: object) -> Page:
        """Today, as this person sees it, signed in and unlocked, in a browser of its own."""
        options.setdefault("viewport", LAPTOP)
        context = self.contexts(locale="ru-RU" if language == "ru" else "en-GB", **options)
        known = _VISITS.get(self._visit(name))
        if known:
            context.add_cookies(known)  # type: ignore[arg-type]  # as they were given out
        page = context.new_page()
        page.on("console", lambda message: self._hear(message))  # noqa: PLW0108  Playwright marks a method it is given
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.example.desk}/")
        if "/sign-in/" in page.url:
            self._sign_in(page, name)
        speak(page, language)
        return page

    def _sign_in(self, page: Page, name: str) -> None:
        person = self.example.sign_ins()[name]
        page.fill("[name=pseudonym]", person.pseudonym)
        page.fill("[name=password]", person.password)
        page.fill("[name=code]", self.example.code(name))
        page.click("main button.main")
        page.wait_for_url("**/unlock/**")
        page.fill("[name=passphrase]", person.passphrase)
        page.click("main button.main")
        page.wait_for_url(f"{self.example.desk}/")
        kept = [cookie for cookie in page.context.cookies() if "language" not in cookie["name"]]
        _VISITS[self._visit(name)] = [
            {
                "name": cookie["name"],
                "value": cookie["value"],
                # a cookie of this kind has no domain; the address says whose it is
                "url": f"https://{urlsplit(self.example.desk).hostname}/",
                "secure": True,
                "httpOnly": True,
                "sameSite": "Strict",
            }
            for cookie in kept
        ]

    def _visit(self, name: str) -> str:
        return f"{self.example.desk} {name}"

    def _hear(self, message: ConsoleMessage) -> None:
        # a refusal by the page itself (409 and the like) is an answer, not a complaint
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


def speak(page: Page, language: str) -> None:
    """Switch the page's language, if it is another."""
    if page.locator("html").get_attribute("lang") != language:
        page.click(f"form.lang button[value={language}]")
        page.wait_for_load_state()


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def each(name: str, values: list[str]) -> Iterator[str]:
    """Selectors of the choices of these values of one question."""
    return (f"[name={name}][value={value}]" for value in values)
