"""The desk's whole path in a real browser, with script and without: take, answer, card, plan, second reader."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_staff import PHONE, Contexts, Desk, each
from tests.running import Installation

CARD = {
    "asking_for": ["self"],
    "situation": ["summons"],
    "whereabouts": ["russia"],
    "deadline": ["two-months"],
    "danger": ["no"],
    "papers": ["internal-passport", "military-id"],
    "bans": ["none-known"],
    "dependants": ["nobody"],
    "other_readers": ["nobody"],
    "wishes": ["leave"],
}
PEOPLE = ("klyon", "lipa", "kashtan", "grab")


@pytest.fixture
def desk(example: Installation, context: Contexts) -> Desk:
    return Desk(example, context)


def write_in(desk: Desk, text: str) -> Page:
    """Somebody on a phone without script; stays on the page of answers."""
    phone = desk.contexts(java_script_enabled=False, viewport=PHONE, locale="ru-RU").new_page()
    phone.goto(f"{desk.example.drop}/ru/")
    phone.fill("#text", text)
    phone.check("[name=when][value=now]")
    phone.click("main form button.main")
    phone.check("[name=kept]")
    phone.click("main form button.main")
    return phone


def open_thread(page: Page, desk: Desk, text: str, *, script: bool) -> None:
    """Find the conversation in the inbox; with script by the keyboard alone."""
    page.goto(f"{desk.example.desk}/inbox/")
    row = page.locator(".threads li", has_text=text)
    expect(row).to_have_count(1)
    if not script:
        row.locator("a.who").click()
        return
    for _row in range(page.locator(".threads li").count()):
        page.keyboard.press("j")
        if row.locator("a.who:focus").count():
            break
    page.keyboard.press("k")
    expect(row.locator("a.who:focus")).to_have_count(0)
    page.keyboard.press("j")
    expect(row.locator("a.who:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/threads/**")


def take_and_answer(page: Page, answer: str, *, script: bool) -> None:
    if script:
        page.keyboard.press("t")
    else:
        page.locator("[data-key=take] button").click()
    expect(page.locator("#draft")).to_be_visible()
    page.fill("#draft", answer)
    if script:
        page.locator("#draft").press("Control+Enter")
    else:
        page.locator("button[name=act][value=reply]").click()
    expect(page.locator(".entry.ours")).to_contain_text(answer)


def fill_card(page: Page) -> None:
    page.locator("a[href$='/card/']").first.click()
    for name, values in CARD.items():
        for choice in each(name, values):
            page.check(choice)
    page.locator("main form button.main").click()
    page.wait_for_url("**said=card**")


def set_facts(page: Page, *, script: bool) -> None:
    """What the card left open; with script the plans come without the page being loaded anew."""
    page.locator("a[href$='/plan/']").first.click()
    closed = page.locator("#facts details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    for status in page.locator("#facts select[name^=status-]").all():
        status.select_option("no")
    page.fill("[name=income_euros]", "900")
    page.fill("[name=money_euros]", "2500")
    if script:
        page.evaluate("document.body.dataset.sameDocument = 'yes'")
        page.locator("[name=money_euros]").blur()
        expect(page.locator("#result article.plan").first).to_be_visible()
        expect(page.locator("body[data-same-document=yes]")).to_have_count(1)
    else:
        page.locator("#facts > button").click()
    expect(page.locator("article.plan.chosen")).to_have_count(1)
    expect(page.locator("svg.atlas")).to_be_visible()


def review_it(desk: Desk, address: str, author: str, *, script: bool) -> str:
    """The second holder, whoever that is, approves; their name."""
    for name in PEOPLE:
        if name == author:
            continue
        page = desk.page(name, java_script_enabled=script)
        answer = page.goto(address)
        assert answer is not None
        if answer.status == 404:
            continue
        page.check("[name=decision][value=approve]")
        page.locator(".decide button.main").click()
        expect(page.locator(".decide [name=decision]")).to_have_count(0)
        assert "said=plan-approved" in page.url
        return name
    raise AssertionError("nobody else holds the case")


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
