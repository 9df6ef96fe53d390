"""Somebody on staff in front of the desk: signs in, reads, takes, answers, plans, decides, releases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tropa.envelope import totp
from tropa.rehearsal.browser import Browser, Value
from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.page import Form, Page
from tropa.rehearsal.promises import Broken
from tropa.rehearsal.world import SignIn

CARD: dict[str, Value] = {
    "asking_for": "self",
    "situation": "summons",
    "whereabouts": "russia",
    "deadline": "two-months",
    "danger": "no",
    "papers": ["internal-passport", "military-id"],
    "bans": ["none-known"],
    "dependants": "nobody",
    "other_readers": "nobody",
    "wishes": ["leave"],
}
"""What the default message says, as the ten closed questions take it."""

FACTS: dict[str, Value] = {
    "place": "moscow",
    "money_euros": "2500",
    "income_euros": "900",
    "further_papers": "2",
}


class Volunteer:
    """One person with one browser. Methods return the page that came of what was done."""

    def __init__(self, origin: str, who: SignIn, language: str) -> None:
        self.who = who
        self._language = language
        self.browser = Browser(origin, language=language)
        self.used_code = ""

    def sign_in(self, code: str | None = None) -> Page:
        """Pseudonym, password and one-time code; one that was just used is followed by the next."""
        now = datetime.now(UTC)
        codes = [code] if code else [totp(self.who.totp, now + timedelta(seconds=wait)) for wait in (0, 30)]
        for self.used_code in codes:
            page = self.browser.get("/sign-in/")
            page = self.browser.post(
                _form(page, "password"),
                page,
                {"pseudonym": self.who.pseudonym, "password": self.who.password, "code": self.used_code},
            )
            if page.status == 200:
                break
        return page

    def speak(self, page: Page) -> Page:
        """Switch the pages to the language of the rehearsal, if they are in the other."""
        form = page.form("/language/")
        if form is None or form.button(self._language) is None:
            return page
        return self.browser.post(form, page, press=self._language)

    def unlock(self) -> Page:
        """The passphrase."""
        page = self.browser.get("/unlock/")
        return self.browser.post(_form(page, "passphrase"), page, {"passphrase": self.who.passphrase})

    def thread(self, thread_id: str) -> Page:
        """The page of a conversation."""
        return self.browser.get(f"/threads/{thread_id}/")

    def row_in_inbox(self, thread_id: str) -> Page | None:
        """The page of the inbox on which the conversation waits, untaken; None when it does not."""
        address = "/inbox/?queue=untaken"
        while address:
            page = self.browser.get(address)
            if page.link(f"/threads/{thread_id}/"):
                return page
            following = next((link for link in page.links if "row=" in link.address), None)
            address = following.address if following else ""
        return None

    def search(self, words: str) -> Page:
        """What the desk finds of these words."""
        page = self.browser.get("/search/")
        return self.browser.post(_form(page, "q"), page, {"q": words})

    def take(self, page: Page) -> Page:
        """Take the conversation of this page."""
        return self._press(page, "/take/")

    def answer(self, page: Page, text: str, *, act: str = "reply") -> Page:
        """Send an answer; or keep it as a `draft`, or write it as a `note`."""
        form = _form(page, "text")
        return self.browser.post(form, page, {"text": text}, press=act)

    def fill_card(self, page: Page) -> Page:
        """The ten questions, from the link on the conversation's page."""
        link = page.link("/card/")
        if link is None:
            raise Broken(_("A taken conversation leads to its triage card"), page.address)
        card = self.browser.get(link.address)
        return self.browser.post(_form(card, "asking_for"), card, CARD)

    def set_facts(self, page: Page, *, more: Mapping[str, Value] | None = None) -> Page:
        """The plan facts and `more` of them, from the link on the conversation's page; the page with the plans."""
        link = page.link("/plan/")
        if link is None:
            raise Broken(_("A taken conversation leads to its workbench"), page.address)
        facts = self.facts_form(self.browser.get(link.address))
        form = _form(facts, "place")
        said: dict[str, Value] = {
            name: "no" for name in form.options if name.startswith("status-") and "no" in form.options[name]
        }
        return self.browser.post(form, facts, FACTS | said | dict(more or {}))

    def facts_form(self, bench: Page) -> Page:
        """The page with the form of facts that a workbench leads to."""
        link = bench.link("/plan/facts/")
        if link is None:
            raise Broken(_("The workbench leads to the form of its facts"), bench.address)
        return self.browser.get(link.address)

    def words_for_steps(self, bench: Page) -> Page:
        """Pick the plan that is open; the page on which its steps get their words."""
        link = bench.link("/plan/review/")
        if link is None:
            raise Broken(_("A computed plan can be given to a second reader"), bench.address)
        return self.browser.get(link.address)

    def ask_review(self, words: Page) -> Page:
        """Leave the words as drafted, and ask for a second reader."""
        return self.browser.post(_form(words, "words"), words, press="ask")

    @staticmethod
    def drafted(words: Page) -> list[str]:
        """What the person would read, step by step."""
        return [value for name, value in _form(words, "words").fields if name.startswith("text-")]

    def review(self, plan_id: str) -> Page:
        """The page of a plan version."""
        return self.browser.get(f"/review/{plan_id}/")

    def approve(self, page: Page) -> Page:
        """Sign as second reader, with the form the page offers."""
        return self.browser.post(_form(page, "decision"), page, {"decision": "approve"})

    def give_back(self, page: Page, why: str) -> Page:
        """Return the plan to its author, with a reason in words."""
        return self.browser.post(_form(page, "decision"), page, {"decision": "return", "words": why})

    def send_to(self, address: str, page: Page, **fields: str) -> Page:
        """Post to an address whatever the page offers, with its form token: what a forger would try."""
        token = next((form.value("csrfmiddlewaretoken") for form in page.forms), None) or ""
        told = [("csrfmiddlewaretoken", token), *fields.items()]
        return self.browser.post(Form(action=address, method="post", multipart=False, fields=told), page)

    def release(self, page: Page, number: int, check_in: datetime) -> Page:
        """Send one step, with the moment by which the person should say how it went."""
        form = page.form(f"/steps/{number}/release/")
        if form is None:
            raise Broken(_("An approved plan offers its first step to be sent"), page.address)
        return self.browser.post(form, page, {"check_in": check_in.strftime("%Y-%m-%dT%H:%M")})

    def _press(self, page: Page, ending: str) -> Page:
        form = page.form(ending)
        if form is None:
            raise Broken(_("The desk offers what was promised"), f"{ending} on {page.address}")
        return self.browser.post(form, page)


def _form(page: Page, named: str) -> Form:
    for form in page.forms:
        if named in form.offered:
            return form
    raise Broken(_("The desk offers its forms"), f"{named} on {page.address} ({page.status})")
