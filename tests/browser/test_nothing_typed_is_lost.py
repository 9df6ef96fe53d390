"""What somebody has typed outlives the idle lock, as a sealed draft, and a lost connection, on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.desk_staff import Desk
from tests.browser.desk_walk import open_thread, take_and_answer, write_in
from tests.running import Installation


@pytest.fixture
def desk(example: Installation, context: Callable[..., BrowserContext]) -> Desk:
    return Desk(example, context)


def test_the_idle_lock_keeps_the_draft_and_nothing_is_sent_into_a_lost_connection(desk: Desk) -> None:
    write_in(desk, "Набранное не пропадает")
    page = desk.page("grab")
    open_thread(page, desk, "Набранное не пропадает", script=False)
    take_and_answer(page, "Прочитали.", script=False)
    thread = page.url.split("?")[0]
    page.clock.install()
    page.goto(thread)
    page.fill("#draft", "Второй ответ, не отправлен")
    page.context.set_offline(True)
    expect(page.locator(".typed")).to_contain_text("Связь пропала")
    page.locator("button[name=act][value=reply]").click()
    assert page.url.split("?")[0] == thread
    expect(page.locator("#draft")).to_have_value("Второй ответ, не отправлен")
    page.context.set_offline(False)
    expect(page.locator(".typed")).to_be_hidden()
    page.clock.fast_forward("14:00")
    expect(page.locator(".typed")).to_contain_text("черновик")
    page.clock.fast_forward("16:30")
    page.wait_for_url("**/unlock/**")
    page.goto(thread)
    page.fill("[name=passphrase]", desk.example.sign_ins()["grab"].passphrase)
    page.click("main button.main")
    page.wait_for_url("**/threads/**")
    expect(page.locator("#draft")).to_have_value("Второй ответ, не отправлен")
