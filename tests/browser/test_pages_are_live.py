"""With script, an open page hears within seconds that something changed, and shows it only when asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.desk_staff import Desk
from tests.running import Installation
from tropa.rehearsal.applicant import Applicant


@pytest.fixture
def desk(example: Installation, context: Callable[..., BrowserContext]) -> Desk:
    return Desk(example, context)


def write_in(desk: Desk) -> str:
    """Somebody writes; the id of their thread."""
    applicant = Applicant(desk.example.drop, "ru")
    applicant.open_first_page()
    applicant.write("Это сообщение придёт, пока страница открыта")
    return applicant.thread_id


def test_a_message_offers_to_be_shown_and_nothing_moves_before(desk: Desk) -> None:
    page = desk.page("grab")
    with page.expect_response("**/stream/**") as opened:
        page.goto(f"{desk.example.desk}/inbox/")
    assert opened.value.status == 200
    bar = page.locator("[data-live]")
    expect(bar).to_be_hidden()
    thread = write_in(desk)
    expect(bar).to_be_visible()
    assert page.locator(f"a[href='/threads/{thread}/']").count() == 0
    assert page.title().startswith("• ")
    bar.locator("a").click()
    expect(page.locator(f"a[href='/threads/{thread}/']")).to_have_count(1)
    expect(bar).to_be_hidden()
    assert not desk.complaints


def test_without_streams_the_page_asks_by_itself(desk: Desk) -> None:
    page = desk.page("grab")
    page.route("**/stream/**", lambda route: route.abort())
    page.clock.install()
    with page.expect_response("**/live/**") as asked:
        page.goto(f"{desk.example.desk}/inbox/")
    assert asked.value.status == 200
    write_in(desk)
    page.clock.fast_forward("00:31")
    expect(page.locator("[data-live]")).to_be_visible()


def test_locking_elsewhere_is_said_on_the_open_page(desk: Desk) -> None:
    page = desk.page("grab")
    with page.expect_response("**/stream/**"):
        page.goto(f"{desk.example.desk}/inbox/")
    other = page.context.new_page()
    other.goto(f"{desk.example.desk}/")
    other.locator("form[action='/lock/'] button").click()
    other.wait_for_url("**/unlock/**")
    expect(page.locator("[data-live]")).to_be_visible()
    expect(page.locator("[data-live] a")).to_be_hidden()
    person = desk.example.sign_ins()["grab"]
    other.fill("[name=passphrase]", person.passphrase)
    other.click("main button.main")
    other.wait_for_url(lambda address: "/unlock/" not in address)
