"""With script, a desk left alone warns two minutes before it locks, lets one stay, and locks on time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.desk_staff import Desk
from tests.running import Installation


@pytest.fixture
def desk(example: Installation, context: Callable[..., BrowserContext]) -> Desk:
    return Desk(example, context)


def test_it_warns_lets_one_stay_and_locks(desk: Desk) -> None:
    page = desk.page("grab")
    page.clock.install()
    page.goto(f"{desk.example.desk}/people/")
    warning = page.locator("[data-idle]")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("14:00")
    expect(warning).to_be_visible()
    with page.expect_response("**/stay/") as stayed:
        warning.locator("button").click()
    assert stayed.value.status == 200
    expect(warning).to_be_hidden()
    page.clock.fast_forward("16:30")
    page.wait_for_url("**/unlock/**")
    page.goto(f"{desk.example.desk}/people/")
    assert "/unlock/" in page.url, "it is the server that has locked, not this page alone"
    assert not desk.complaints
