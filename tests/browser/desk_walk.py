"""What people of the example do at the desk in a browser, act by act, from the inbox to a plan that was agreed on."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.desk_staff import PHONE, Desk, each

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


def write_in(desk: Desk, text: str, *, when: str = "now") -> Page:
    """Somebody on a phone without script; stays on the page of answers."""
    phone = desk.contexts(java_script_enabled=False, viewport=PHONE, locale="ru-RU").new_page()
    phone.goto(f"{desk.example.drop}/ru/")
    phone.fill("#text", text)
    phone.check(f"[name=when][value={when}]")
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


def set_facts(page: Page, *, script: bool, look: Callable[[Page, str], None] | None = None) -> None:
    """What the card left open; with script the plans come without the page being loaded anew."""
    page.locator("a[href$='/plan/']").first.click()
    if look is not None:
        look(page, "workbench, before its facts")
    page.locator("#open-facts").click()
    expect(page.locator("[name=money_euros]")).to_be_visible()
    if look is not None:
        look(page, "workbench-facts")
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


def review_it(
    desk: Desk, address: str, author: str, *, script: bool, look: Callable[[Page, str], None] | None = None
) -> str:
    """The second holder, whoever that is, approves; their name. `look` sees the page before."""
    for name in PEOPLE:
        if name == author:
            continue
        page = desk.page(name, java_script_enabled=script)
        answer = page.goto(address)
        assert answer is not None
        if answer.status == 404:
            continue
        if look is not None:
            look(page, "review")
        page.check("[name=decision][value=approve]")
        page.locator(".decide button.main").click()
        expect(page.locator(".decide [name=decision]")).to_have_count(0)
        assert "said=plan-approved" in page.url
        return name
    raise AssertionError("nobody else holds the case")
