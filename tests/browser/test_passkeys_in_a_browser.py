"""A real Chromium with an authenticator of its own adds a passkey, signs in with it, and keeps out who has another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.browser.desk_staff import Desk
from tests.running import Installation

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_device(page: Page) -> tuple[CDPSession, str]:
    """An authenticator in this page's browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, made["authenticatorId"]


@pytest.fixture
def desk(example: Installation, context: Callable[..., BrowserContext]) -> Desk:
    return Desk(example, context)


def test_a_passkey_is_added_signs_in_and_is_removed(example: Installation, desk: Desk) -> None:
    page = desk.page("lipa")
    session, device = give_device(page)
    page.goto(f"{example.desk}/account/")
    form = page.locator("form[data-passkey=add]")
    form.locator("[name=password]").fill(example.sign_ins()["lipa"].password)
    form.locator("[name=name]").fill("учебный ключ")
    form.locator("button.main").click()
    page.wait_for_url("**/account/?said=passkey-added")
    expect(page.locator("main")).to_contain_text("учебный ключ")
    (credential,) = session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert credential["isResidentCredential"]
    assert credential["rpId"] == "localhost"

    again = desk.contexts(locale="ru-RU").new_page()
    other, theirs = give_device(again)
    other.send("WebAuthn.addCredential", {"authenticatorId": theirs, "credential": credential})
    again.goto(f"{example.desk}/sign-in/")
    for _ in range(2):  # a passkey, unlike a code, is good again at once
        again.locator("form[data-passkey=enter] button").click()
        again.wait_for_url("**/unlock/**")
        again.locator("form[action='/sign-out/'] button").click()
        again.wait_for_url("**/sign-in/")
    count = other.send("WebAuthn.getCredentials", {"authenticatorId": theirs})["credentials"][0]["signCount"]
    assert count > credential["signCount"]

    page.goto(f"{example.desk}/account/")
    page.locator("form[action='/account/passkeys/remove/'] button").click()
    page.wait_for_url("**/account/?said=passkey-removed")
    again.goto(f"{example.desk}/sign-in/")
    again.locator("form[data-passkey=enter] button").click()
    expect(again.locator("[role=alert]").first).to_contain_text("Войти этим ключом не удалось")
    assert not desk.complaints


def test_who_has_no_passkey_is_told_so_and_signs_in_with_password_and_code(
    example: Installation, desk: Desk
) -> None:
    page = desk.contexts(locale="ru-RU").new_page()
    give_device(page)
    page.goto(f"{example.desk}/sign-in/")
    page.locator("form[data-passkey=enter] button").click()
    expect(page.locator("[data-failed]")).to_be_visible()
    expect(page.locator("[name=password]")).to_be_visible()


def test_without_script_nothing_speaks_of_a_button_that_does_nothing(
    example: Installation, desk: Desk
) -> None:
    page = desk.contexts(locale="ru-RU", java_script_enabled=False).new_page()
    page.goto(f"{example.desk}/sign-in/")
    expect(page.locator("form[data-passkey=enter]")).to_be_hidden()
    expect(page.locator("[name=password]")).to_be_visible()
