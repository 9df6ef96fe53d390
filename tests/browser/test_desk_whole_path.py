"""The desk's whole path in a real browser, with script and without: take, answer, card, plan, second reader."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk_staff import Contexts, Desk
from tests.browser.desk_walk import fill_card, open_thread, review_it, set_facts, take_and_answer, write_in
from tests.running import Installation


@pytest.fixture
def desk(example: Installation, context: Contexts) -> Desk:
    return Desk(example, context)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_inbox_to_a_step_under_the_nine_words(desk: Desk, script: bool) -> None:
    text = f"Повестка на третье декабря, путь {'со скриптом' if script else 'без скрипта'}"
    phone = write_in(desk, text)
    author = "lipa" if script else "kashtan"
    page = desk.page(author, java_script_enabled=script)
    open_thread(page, desk, text, script=script)
    expect(page.locator(".entry")).to_contain_text(text)
    take_and_answer(page, "Мы вас прочитали, считаем путь.", script=script)
    fill_card(page)
    set_facts(page, script=script)

    page.locator("#bench-acts a.main").click()
    page.locator("button[name=act][value=ask]").click()
    page.wait_for_url("**said=review-asked**")
    expect(page.locator("[name=decision]")).to_have_count(0)
    expect(phone.locator(".step")).to_have_count(0)

    address = page.url.split("?")[0]
    second = review_it(desk, address, author, script=script)
    assert second != author
    page.goto(address)
    page.fill("#check-1", "2031-01-02T10:00")
    page.locator("form[action$='/steps/1/release/'] button.main").click()
    page.wait_for_url("**said=step-sent**")

    phone.reload()
    expect(phone.locator(".step")).to_have_count(1)
    expect(phone.locator(".talk").first).to_contain_text("Мы вас прочитали")
    phone.locator(".step button[value=step_read]").click()
    expect(phone.locator(".step")).to_have_count(0)
    assert desk.complaints == []


def test_the_keyboard_works_in_a_russian_layout(desk: Desk) -> None:
    page = desk.page("lipa")
    page.goto(f"{desk.example.desk}/inbox/")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))"
    )
    expect(page.locator(".threads a.who:focus")).to_have_count(1)


def test_without_script_a_wrong_code_is_refused_and_says_so(desk: Desk) -> None:
    context = desk.contexts(java_script_enabled=False, locale="ru-RU")
    page = context.new_page()
    page.goto(f"{desk.example.desk}/inbox/")
    assert "/sign-in/" in page.url
    page.fill("[name=pseudonym]", "Липа")
    page.fill("[name=password]", "not this")
    page.fill("[name=code]", "000000")
    page.click("main button.main")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(".{20,}"))
    page.goto(f"{desk.example.desk}/inbox/")
    assert "/sign-in/" in page.url
