"""What somebody has typed outlives the idle lock, as a sealed draft, and a lost connection, on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Route, expect

from tests.browser.desk_staff import Desk
from tests.browser.desk_walk import fill_card, open_thread, take_and_answer, write_in
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


def test_a_fact_changed_into_a_lost_connection_is_named_and_sent_when_it_is_back(desk: Desk) -> None:
    write_in(desk, "Связь пропала на плане")
    page = desk.page("lipa")
    open_thread(page, desk, "Связь пропала на плане", script=True)
    take_and_answer(page, "Прочитали.", script=True)
    fill_card(page)
    page.locator("a[href$='/plan/']").first.click()
    page.locator("#open-facts").click()
    expect(page.locator("[name=money_euros]")).to_be_visible()
    page.context.set_offline(True)
    page.fill("[name=money_euros]", "2500")
    page.locator("[name=money_euros]").blur()
    notice = page.locator("#bench-notices [role=alert]")
    expect(notice).to_contain_text("не сохранены")
    expect(notice.locator("li")).to_have_text(["Есть, €"])
    expect(page.locator("[name=money_euros]")).to_have_value("2500")
    expect(page.locator("#facts-version")).to_have_value("0")
    page.context.set_offline(False)
    expect(notice).to_have_count(0)
    expect(page.locator("#facts-version")).to_have_value("1")
    expect(page.locator("[name=money_euros]")).to_have_value("2500")


def test_a_fact_changed_while_the_desk_still_answers_the_one_before_contradicts_nobody(desk: Desk) -> None:
    """The first answer is held back; the second question must wait for the version it tells."""
    held: list[tuple[Route, APIResponse]] = []

    def hold_the_first(route: Route) -> None:
        if held or route.request.method != "POST":
            route.continue_()
        else:
            held.append((route, route.fetch()))

    write_in(desk, "Два ответа сразу")
    page = desk.page("lipa")
    open_thread(page, desk, "Два ответа сразу", script=True)
    take_and_answer(page, "Прочитали.", script=True)
    fill_card(page)
    page.locator("a[href$='/plan/']").first.click()
    page.locator("#open-facts").click()
    expect(page.locator("[name=money_euros]")).to_be_visible()
    page.route("**/plan/facts/", hold_the_first)
    page.fill("[name=income_euros]", "900")
    with page.expect_event("request", lambda asked: asked.method == "POST"):
        page.locator("[name=income_euros]").blur()
    page.fill("[name=money_euros]", "2500")
    page.locator("[name=money_euros]").blur()
    page.evaluate("new Promise((passed) => setTimeout(passed, 500))")  # longer than a change takes to settle
    route, answer = held[0]
    with page.expect_response(lambda told: told.request.method == "POST" and told.request != route.request):
        route.fulfill(response=answer)
    expect(page.locator("#facts-version")).to_have_value("2")
    expect(page.get_by_role("alert")).to_have_count(0)
