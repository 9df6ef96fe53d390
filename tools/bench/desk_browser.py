"""The desk in a real Chromium: what moves while a page comes, how long it takes to show what a touch does, and how
soon a changed fact's plans stand on the workbench.

Times are those of the browser's own clock, on this machine and by the wall: who else uses it counts too.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping

from playwright.sync_api import Browser, Page, sync_playwright

from tools.bench.results import Results
from tools.chromium import FLAGS, ensure

ROOM = "desk"
RECOUNTS, TOUCHES = 20, 20
MOST_OF_A_RECOUNT, MOST_OF_95, MOST_TO_PAINT = 200.0, 500.0, 100.0
WINDOWS = {"1280": (1280, 800), "360": (360, 740)}
WATCH = """
window.shifted = 0; window.painted = [];
const watch = (see, what) => new PerformanceObserver((list) => list.getEntries().forEach(see)).observe(what);
watch((one) => { window.shifted += one.value; }, { type: "layout-shift", buffered: true });
watch((one) => { if (one.interactionId) window.painted.push(one.duration); },
  { type: "event", durationThreshold: 16, buffered: true });
"""
RECOUNTED = """(euros) => new Promise((done) => {
  const field = document.querySelector("[name=money_euros]");
  const began = performance.now();
  const look = new MutationObserver(() => {
    look.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  });
  look.observe(document.querySelector(".bench"), { childList: true });
  field.value = euros;
  field.dispatchEvent(new Event("change", { bubbles: true }));
})"""


def in_a_browser(
    results: Results,
    *,
    desk: str,
    cookies: Mapping[str, str],
    pages: Mapping[str, str],
    thread: str,
    case: str,
) -> None:
    """Shifts of every page, by address with its name; touches in the inbox and in `thread`, and recounts on the
    workbench of `case`.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=[*FLAGS])
        for width, size in WINDOWS.items():
            _shifts(browser, results, desk, cookies, pages, width, size)
        _touches(browser, results, desk, cookies, thread)
        _recounts(browser, results, desk, cookies, case)
        browser.close()


def _shifts(
    browser: Browser,
    results: Results,
    desk: str,
    cookies: Mapping[str, str],
    pages: Mapping[str, str],
    width: str,
    size: tuple[int, int],
) -> None:
    """The sum of what moved by itself, of the page where it was most."""
    page = _page(browser, cookies, size)
    moved = {}
    for address, name in pages.items():
        page.goto(f"{desk}{address}", wait_until="load")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
        moved[name] = float(page.evaluate("window.shifted"))
    most = max(moved, key=lambda name: moved[name])
    results.add(
        ROOM, f"layout shift of {len(moved)} pages, {width} px, the most ({most})", moved[most], "", most=0
    )
    page.context.close()


def _touches(browser: Browser, results: Results, desk: str, cookies: Mapping[str, str], thread: str) -> None:
    """From a key to the next paint, walking the inbox and writing a draft."""
    page = _page(browser, cookies, WINDOWS["1280"])
    page.goto(f"{desk}/inbox/")
    for number in range(TOUCHES):
        page.keyboard.press("k" if number % 3 == 2 else "j")
    painted = [float(one) for one in page.evaluate("window.painted")]
    page.goto(f"{desk}{thread}")
    page.locator("#draft").press_sequentially("Здравствуйте. До явки есть время.")
    painted += [float(one) for one in page.evaluate("window.painted")]
    # the browser reports none that took less than 16 ms
    results.add(
        ROOM, "interaction to next paint, the slowest", max(painted, default=16.0), "ms", most=MOST_TO_PAINT
    )
    page.context.close()


def _recounts(browser: Browser, results: Results, desk: str, cookies: Mapping[str, str], case: str) -> None:
    """From a changed amount to its plans on the page, each change by some euros."""
    page = _page(browser, cookies, WINDOWS["1280"])
    page.goto(f"{desk}{case}plan/")
    page.locator("#open-facts").click()
    page.locator("[name=money_euros]").wait_for()
    first = 6_100 + int(time.time()) % 500  # amounts nobody has asked for before
    taken = [float(page.evaluate(RECOUNTED, str(first + number))) for number in range(RECOUNTS + 2)][2:]
    results.add(
        ROOM,
        "a changed fact's plans on the workbench, median",
        statistics.median(taken),
        "ms",
        most=MOST_OF_A_RECOUNT,
    )
    results.add(ROOM, "  p95", statistics.quantiles(taken, n=20)[-1], "ms", most=MOST_OF_95)
    page.context.close()


def _page(browser: Browser, cookies: Mapping[str, str], size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="ru-RU")
    context.add_init_script(WATCH)
    context.add_cookies(
        [
            {
                "name": name,
                "value": value,
                "domain": "localhost",
                "path": "/",
                "secure": True,
                "httpOnly": True,
            }
            for name, value in cookies.items()
        ]
    )
    return context.new_page()
