"""A real headless Chromium over a real `tropa run --example`; every test here is marked `browser`.

No page may ask anybody but us: each context notes every request, and a foreign one fails the test that made
it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.running import Installation
from tools.chromium import FLAGS, find

HERE = Path(__file__).parent
OURS = {"127.0.0.1", "localhost"}
PATIENCE = 120_000
"""Milliseconds until a test gives up on a page; far more than a busy machine takes."""
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The example world, running; shared by all tests here, so each writes in with a message of its own."""
    installation = Installation(tmp_path_factory.mktemp("example") / "data", "--example")
    yield installation
    installation.stop()


# for a module, not the session: while Playwright is at work, Django refuses the database to the same thread
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser. Its absence is an error: `make test` has it installed."""
    executable = find()
    assert executable, "no Chromium: run `make test`, which installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts: `context(java_script_enabled=False, viewport={"width": 360, "height": 740})`."""
    opened: list[BrowserContext] = []
    foreign: list[str] = []

    def make(**options: object) -> BrowserContext:
        made = chromium.new_context(**options)  # type: ignore[arg-type]
        made.on(
            "request",
            lambda request: (
                foreign.append(request.url)
                if urlsplit(request.url).hostname not in OURS
                and not request.url.startswith(("data:", "about:", "blob:"))
                else None
            ),
        )
        made.set_default_timeout(PATIENCE)
        opened.append(made)
        return made

    yield make
    for made in opened:
        made.close()
    assert foreign == []
