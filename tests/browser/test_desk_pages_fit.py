"""Every page of the desk, on every width, in both schemes and languages: nothing scrolls sideways, nothing is refused
by the page's own policy, nothing is asked from anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.desk_staff import Contexts, Desk, overflow
from tests.running import Installation

WIDTHS = (320, 360, 768, 1440)
ATLAS = (
    "/atlas/?q=паспорт",
    "/atlas/countries/KZ/",
    "/atlas/countries/DE/",
    "/atlas/all/due/",
    "/atlas/all/changes/",
    "/atlas/all/conflicts/",
    "/atlas/sources/judgement/",
)


@pytest.fixture
def desk(example: Installation, context: Contexts) -> Desk:
    return Desk(example, context)


def pages_of(page: Page, desk: Desk) -> Iterator[str]:
    """Addresses of one page of each kind that this person can reach."""
    yield from ("/", "/inbox/", "/review/", "/atlas/", "/atlas/exit-RU/", "/account/", *ATLAS)
    page.goto(f"{desk.example.desk}/inbox/?queue=untaken")
    yield from address(page, "a.who")
    page.goto(f"{desk.example.desk}/inbox/?queue=mine")
    mine = list(address(page, "a.who"))
    yield from mine
    page.goto(f"{desk.example.desk}{mine[0]}")
    yield from (*address(page, "a[href$='/card/']"), *address(page, "a[href$='/plan/']"))
    page.goto(f"{desk.example.desk}/review/")
    if page.locator("main a[href^='/review/']").count():
        yield from address(page, "main a[href^='/review/']")


def address(page: Page, selector: str) -> Iterator[str]:
    """Where the first link of this kind leads. AssertionError when the page has none."""
    found = page.locator(selector).first.get_attribute("href")
    assert found, selector
    yield found


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_bar_at_the_top_fits_on_small_laptops_with_a_thousand_waiting(desk: Desk, language: str) -> None:
    page = desk.page("lipa", language=language)
    page.goto(f"{desk.example.desk}/")
    counts = page.locator(".sections .count")
    assert counts.count()
    counts.evaluate_all("all => all.forEach(one => { one.textContent = '1000' })")
    wide = {}
    for width in (1190, 1200, 1280, 1366, 1408, 1412):
        page.set_viewport_size({"width": width, "height": 700})
        wide[width] = overflow(page)
    assert set(wide.values()) == {0}, wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_page_scrolls_sideways_or_complains(desk: Desk, language: str, scheme: str) -> None:
    page = desk.page("lipa", language=language, color_scheme=scheme)
    wide = []
    for path in list(pages_of(page, desk)):
        page.goto(f"{desk.example.desk}{path}")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if over := overflow(page):
                wide.append(f"{path} at {width}: {over} px too wide")
    assert wide == []
    assert desk.complaints == []


def test_the_sign_in_and_unlock_pages_fit(desk: Desk) -> None:
    context = desk.contexts(locale="ru-RU")
    page = context.new_page()
    for path in ("/sign-in/", "/nothing-here/"):
        page.goto(f"{desk.example.desk}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) == 0, f"{path} at {width}"


def test_dark_and_light_differ(desk: Desk) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        page = desk.page("lipa", color_scheme=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2
