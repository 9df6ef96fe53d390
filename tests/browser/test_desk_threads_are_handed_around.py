"""In a real Chromium: put a thread aside and take it back, take it, give it to a colleague who declines; in Russian on
a phone without scripts, and in English on a laptop by keys.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk_staff import LAPTOP, PHONE, Contexts, Desk
from tests.browser.desk_walk import open_thread, write_in
from tests.running import Installation


@pytest.mark.parametrize(
    ("language", "script", "size"), [("ru", False, PHONE), ("en", True, LAPTOP)], ids=["ru-phone", "en-keys"]
)
def test_a_thread_is_put_aside_taken_given_and_declined(
    example: Installation, context: Contexts, language: str, script: bool, size: dict[str, int]
) -> None:
    desk = Desk(example, context)
    text = f"Подожду до завтра, это не срочно: {language}"
    write_in(desk, text, when="week")
    page = desk.page("lipa", language=language, viewport=size, java_script_enabled=script)
    page.goto(f"{example.desk}/inbox/?queue=untaken")
    open_thread(page, desk, text, script=script)
    thread = page.url.split("?")[0]
    if script:
        page.keyboard.press("s")
        expect(page.locator("[data-key=snooze] select")).to_be_focused()
    else:
        page.click(".aside-acts summary")
    page.click("[data-key=snooze] button.main")
    page.wait_for_url("**said=snoozed**")
    expect(page.get_by_text(text)).to_have_count(0)
    page.click("form[action$='/wake/'] button")
    page.wait_for_url("**said=woken**")
    page.click("[data-key=take] button.main")
    page.wait_for_url("**said=taken**")
    page.goto(f"{thread}assign/")
    page.check("label:has-text('Каштан') input")
    page.click("main form button.main")
    page.wait_for_url("**said=assigned**")
    colleague = desk.page("kashtan", language=language, viewport=size, java_script_enabled=script)
    colleague.goto(thread)
    colleague.click("form[action$='/decline/'] button")
    colleague.wait_for_url("**said=declined**")
    refused = colleague.goto(thread)
    assert refused is not None
    assert desk.complaints == []
    expect(page.locator("h1")).to_be_visible()
