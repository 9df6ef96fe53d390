"""A researcher's day at the atlas on a phone without script: find, review, stop; and a second person lifts the stop."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk_staff import PHONE, Contexts, Desk
from tests.running import Installation


@pytest.fixture
def desk(example: Installation, context: Contexts) -> Desk:
    return Desk(example, context)


def test_a_country_is_found_stopped_and_opened_again_by_two(desk: Desk) -> None:
    page = desk.page("olkha", java_script_enabled=False, viewport=PHONE)
    page.goto(f"{desk.example.desk}/atlas/")
    page.fill("[name=q]", "Монголия: стоп, закрыли границу")
    page.locator("form.seek button").click()
    page.wait_for_url("**/atlas/MN/stop/**")
    expect(page.locator("[name=reason]")).to_have_value("закрыли границу")
    page.locator("button.alarm.main").click()
    page.wait_for_url("**/atlas/countries/MN/?said=atlas-stopped")
    expect(page.locator(".urgent")).to_contain_text("закрыли границу")
    page.goto(f"{desk.example.desk}/atlas/MN/stop/")
    page.fill("[name=reason]", "Граница снова открыта, проверено.")
    page.locator("main form button.main").click()
    page.wait_for_url("**said=stop-easing-asked")
    proposal = page.locator(".urgent a.button").get_attribute("href")
    page.goto(f"{desk.example.desk}{proposal}")
    expect(page.locator("button[value=approve]")).to_have_count(0)
    other = desk.page("klyon", java_script_enabled=False, viewport=PHONE)
    other.goto(f"{desk.example.desk}{proposal}")
    other.locator("button[value=approve]").click()
    other.wait_for_url("**said=change-approved")
    other.goto(f"{desk.example.desk}/atlas/countries/MN/")
    expect(other.locator(".urgent")).to_have_count(0)
    assert desk.complaints == []


def test_a_fact_is_reviewed_with_one_sentence(desk: Desk) -> None:
    page = desk.page("olkha", java_script_enabled=False, viewport=PHONE)
    page.goto(f"{desk.example.desk}/atlas/stay-rule-GE/")
    page.fill("[name=reason] >> nth=0", "Сверено с сайтом министерства.")
    page.locator("form[action$='/review/'] button.main").click()
    page.wait_for_url("**said=fact-reviewed")
    expect(page.locator(".history")).to_contain_text("Сверено с сайтом министерства.")
    expect(page.locator(".history")).to_contain_text("Ольха")
