"""Every page of desk and drop is looked at by axe (WCAG 2.2, A and AA), in both schemes, in Russian and in English.

The lists of pages are held against the addresses the two sites have: a new page that is not visited here fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.urls import URLPattern, URLResolver
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.desk_staff import PHONE, Contexts, Desk, speak
from tests.browser.desk_walk import fill_card, open_thread, review_it, set_facts, take_and_answer, write_in
from tests.running import Installation

ACTS = {
    "lock", "sign-out", "language", "take", "reply", "approve", "return", "release", "withdraw",
    "certify", "review-fact", "withdraw-fact", "stay", "change-password", "change-passphrases", "end-visits",
    "put-aside", "add-passkey", "remove-passkey", "sign-in-by-passkey", "revoke", "join-together", "add-shift",
    "remove-shift", "outgoing-seen", "snooze", "wake", "settle", "unsettle", "give-back", "keep-view", "drop-view",
    "remove-reply", "put-reply", "ask-missing", "hand-over", "accept-assignment", "decline-assignment",
    "say-abilities", "live", "close-tour", "rest", "take-back",
    "push-on", "push-off", "choose-call-in",
}  # fmt: skip
"""Addresses that answer a button, and lead back to a page."""


class Looked:
    """What axe found, page by page."""

    def __init__(self) -> None:
        self.pages: set[str] = set()
        self.broken: list[str] = []

    def __call__(self, page: Page, name: str) -> None:
        """Look at the page as it stands, in light and in dark."""
        self.pages.add(name)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            language = page.locator("html").get_attribute("lang")
            self.broken += [f"{name}, {language}, {scheme}: {line}" for line in violations(page)]


@pytest.fixture
def desk(example: Installation, context: Contexts) -> Desk:
    return Desk(example, context)


def names(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """The names of all addresses beneath."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern)


def around_a_thread(page: Page, desk: Desk, look: Looked, thread: str) -> None:
    """Giving it to somebody, and texts for its draft."""
    page.goto(f"{desk.example.desk}/replies/")
    page.fill("#reply-title", "Прочитано")
    page.fill("#reply-text", "Здравствуйте. Я {прочитал|прочитала} ваше сообщение.")
    page.locator("main form.fields button.main").click()
    page.wait_for_url("**said=reply-kept**")
    look(page, "replies")
    page.goto(f"{thread}assign/")
    look(page, "assign")


def send_file(phone: Page, text: str) -> None:
    """What no copy can be made of, with the words the inbox shows them by."""
    phone.fill("#more", text)
    phone.set_input_files("#files", {"name": "повестка.docx", "mimeType": "text/plain", "buffer": b"PK"})
    phone.locator("form:has(#files) button.main").click()


def look_at_file(page: Page, look: Looked) -> None:
    page.locator("a[href*='/files/']").first.click()
    look(page, "file")


def walk_desk(desk: Desk, look: Looked, language: str) -> None:
    """A whole case, each page looked at as it is passed."""
    text = f"Повестка, и всем видно: {language}"
    send_file(write_in(desk, text), text)
    stranger = desk.contexts(locale="ru-RU").new_page()
    for path, name in (("/sign-in/", "sign-in"), ("/join/", "join"), ("/nothing-here/", "not found")):
        stranger.goto(f"{desk.example.desk}{path}")
        speak(stranger, language)
        look(stranger, name)
    page = desk.page("lipa", language=language)
    look(page, "today")
    page.goto(f"{desk.example.desk}/inbox/")
    look(page, "inbox")
    search(page, desk, look)
    find(page, desk, look)
    page.goto(f"{desk.example.desk}/inbox/")
    open_thread(page, desk, text, script=False)
    look(page, "thread, untaken")
    take_and_answer(page, "Мы вас прочитали, считаем путь.", script=False)
    look(page, "thread")
    thread = page.url.split("?")[0]
    around_a_thread(page, desk, look, thread)
    page.goto(thread)
    page.locator("a[href$='/card/']").first.click()
    look(page, "triage")
    case = page.url.split("/cases/")[1].split("/")[0]
    page.goto(thread)
    look_for_answers(page, look)
    page.goto(thread)
    look_at_file(page, look)
    page.goto(f"{desk.example.desk}/cases/{case}/interview/")
    page.check("input[name=answer] >> nth=0")
    page.locator("#ask button.main").first.click()
    look(page, "interview")
    page.goto(f"{desk.example.desk}/cases/{case}/holders/")
    look(page, "holders")
    coordinator = desk.page("klyon", language=language)
    coordinator.goto(f"{desk.example.desk}/cases/{case}/together/")
    look(coordinator, "together")
    keep_with_consent(page, coordinator, look, f"{desk.example.desk}/cases/{case}/keeping/")
    page.goto(thread)
    fill_card(page)
    set_facts(page, script=True, look=look)
    look(page, "workbench")
    page.locator("#bench-acts a.main").click()
    look(page, "ask-review")
    page.locator("button[name=act][value=ask]").click()
    page.wait_for_url("**said=review-asked**")
    look(page, "review, by its author")
    address = page.url.split("?")[0]
    review_it(desk, address, "lipa", script=True, look=look)
    page.goto(address)
    look(page, "review, agreed")
    page.goto(f"{desk.example.desk}/review/")
    look(page, "review-list")
    for path, name in (("/atlas/", "atlas"), ("/atlas/exit-RU/", "fact")):
        page.goto(f"{desk.example.desk}{path}")
        look(page, name)


def search(page: Page, desk: Desk, look: Looked) -> None:
    page.goto(f"{desk.example.desk}/search/")
    look(page, "search, empty")
    page.fill("#q", "всем видно")
    page.locator("form.seek button").click()
    page.wait_for_selector("mark")
    look(page, "search")


def find(page: Page, desk: Desk, look: Looked) -> None:
    """The page that leads everywhere, and the same over another page."""
    page.goto(f"{desk.example.desk}/find/")
    look(page, "find")
    for path, name in (("/help/", "help"), ("/help/trouble/", "chapter"), ("/tour/?step=2", "tour")):
        page.goto(f"{desk.example.desk}{path}")
        look(page, name)
    page.goto(f"{desk.example.desk}/inbox/")
    page.keyboard.press("Control+k")
    page.locator("dialog #find").fill("казахстан")
    page.wait_for_selector("dialog a[href='/atlas/countries/KZ/']")
    look(page, "find, over a page")


def look_for_answers(page: Page, look: Looked) -> None:
    """What the library has for a thread."""
    page.locator(".from-library summary").click()
    page.fill("#asked", "повестка")
    page.locator("button[formaction$='/library/']").first.click()
    page.wait_for_selector(".from-library .answers")
    look(page, "thread-answers")


def keep_with_consent(page: Page, coordinator: Page, look: Looked, keeping: str) -> None:
    """When things of a case go; a message is kept as an exhibit, which a coordinator reads."""
    page.goto(keeping)
    look(page, "keeping")
    for field in ("#x-entry", "#x-consent"):
        page.locator(field).select_option(index=1)
    page.locator("form:has(#x-consent) button").click()
    page.wait_for_url("**said=exhibit-released**")
    coordinator.goto(keeping.split("/cases/", maxsplit=1)[0] + "/receipts/")
    look(coordinator, "receipts")
    coordinator.locator("a[href*='/exhibits/']").first.click()
    look(coordinator, "exhibit")


def walk_library(desk: Desk, look: Looked, language: str) -> None:
    """The answers, one of them, and what nobody has written yet."""
    page = desk.page("lipa", language=language)
    page.goto(f"{desk.example.desk}/answers/all/missing/")
    look(page, "missing-answers")
    for text in (
        "вручили повестку у станции метро, что делать",
        "у станции метро вручили повестку, что делать?",
    ):
        write_in(desk, text, when="week")
    page.goto(f"{desk.example.desk}/answers/all/alike/")
    look(page, "alike")
    page.locator(".answers a.who", has_text="метро").first.click()
    look(page, "answer-together")
    page.locator("button[name=act][value=send]").click()
    look(page, "together refused")
    page.check("input[name=read]")
    page.fill("#text", "Это законно.")
    page.locator("button[name=act][value=send]").click()
    look(page, "together sent")
    page.goto(f"{desk.example.desk}/answers/")
    look(page, "answers")
    page.locator("main a[href*='/answers/'].who").first.click()
    look(page, "answer")
    walk_changes_of_answers(desk, page, look)


def walk_changes_of_answers(desk: Desk, page: Page, look: Looked) -> None:
    """An answer is written anew: refused, proposed, and looked at by whoever proposed it."""
    page.goto(f"{desk.example.desk}/answers/summons-age/change/")
    look(page, "change-answer")
    page.fill("#seek", "Грузия въезд")
    page.locator("button[value=seek]").click()
    page.wait_for_selector("input[name=facts]:not(:checked)")
    look(page, "facts of an answer")
    page.locator("button[value=propose]").click()
    page.fill("#id_text_ru", f"{page.input_value('#id_text_ru')}\n\nПрочитайте повестку целиком.")
    page.fill("#id_why", "Сказано яснее.")
    page.check("#id_read")
    page.locator("button[value=propose]").click()
    page.wait_for_selector("ins")
    look(page, "answer-change")
    page.goto(f"{desk.example.desk}/answers/all/changes/")
    look(page, "answer-changes")
    page.goto(f"{desk.example.desk}/answers/all/new/")
    look(page, "new-answer")


def walk_atlas(desk: Desk, look: Looked, language: str) -> None:
    """What a researcher looks at; a proposal is made and left for somebody else."""
    page = desk.page("olkha", language=language)
    look(page, "today, for a researcher")
    for path, name in (
        ("/atlas/?q=граница", "atlas, found"),
        ("/atlas/all/due/", "due"),
        ("/atlas/all/conflicts/", "conflicts"),
        ("/atlas/countries/KZ/", "country"),
        ("/atlas/sources/riamo-ru-2025-10-25/", "source"),
        ("/atlas/add/incident/", "add-fact"),
        ("/atlas/KZ/stop/", "stop"),
        ("/atlas/entry-AM/edit/", "edit-fact"),
    ):
        page.goto(f"{desk.example.desk}{path}")
        look(page, name)
    page.fill("[name='passport_days.value']", "45" if language == "ru" else "46")
    page.fill("[name=reason]", "Посольство говорит: ещё полтора месяца.")
    page.locator("button[value=set]").click()
    page.wait_for_url("**said=change-waits**")
    look(page, "change")
    page.goto(f"{desk.example.desk}/atlas/all/changes/")
    look(page, "changes")


def manage_people(desk: Desk, look: Looked, language: str) -> None:
    """What a coordinator does: invite, and end somebody's access (looked at, not done)."""
    page = desk.page("klyon", language=language)
    page.goto(f"{desk.example.desk}/people/")
    look(page, "people")
    page.goto(f"{desk.example.desk}/messengers/")
    look(page, "messengers")
    page.goto(f"{desk.example.desk}/contact-points/")
    look(page, "contact-points")
    if page.locator("button[value=ask]").count():
        page.click("button[value=ask]")
        page.wait_for_url("**said=publishing-asked**")
        look(page, "contact-points, a key waits")
    page.goto(f"{desk.example.desk}/contact-points/notice/")
    look(page, "contact-notice")
    page.goto(f"{desk.example.desk}/people/")
    page.goto(f"{desk.example.desk}/people/call-in/")
    look(page, "call-in")
    form = page.locator("form:has(input[value=ask])").first
    if not form.count():
        page.goto(f"{desk.example.desk}/account/")
        page.fill("#call-in-address", "kanareyka@example.org")
        page.click("form[action='/account/call-in/'] button.main")
        page.wait_for_url("**said=call-in-chosen")
        page.goto(f"{desk.example.desk}/people/call-in/")
    form.locator("button").click()
    page.locator("blockquote").wait_for()
    look(page, "call-in, how to ask")
    page.goto(f"{desk.example.desk}/people/shifts/")
    look(page, "shifts")
    page.goto(f"{desk.example.desk}/people/")
    page.locator("a[href$='/leave/']").first.click()
    look(page, "leave")
    page.go_back()
    page.locator("form[action$='/invite/'] button.main").click()
    page.wait_for_load_state()
    look(page, "invite")


def ones_account(desk: Desk, look: Looked, language: str) -> None:
    """Everything about one's own account, and the recovery codes on the page that shows them once."""
    page = desk.page("klyon", language=language)
    page.goto(f"{desk.example.desk}/account/")
    look(page, "account")
    form = page.locator("form[action='/account/codes/']")
    form.locator("[name=codes-password]").fill(desk.example.sign_ins()["klyon"].password)
    form.locator("button.main").click()
    page.wait_for_url("**/account/codes/")
    look(page, "make-codes")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_desk_breaks_no_rule(desk: Desk, language: str) -> None:
    from tropa.desk.urls import urlpatterns

    look = Looked()
    walk_desk(desk, look, language)
    walk_atlas(desk, look, language)
    walk_library(desk, look, language)
    manage_people(desk, look, language)
    ones_account(desk, look, language)
    locked = desk.page("lipa", language=language)
    locked.locator("form[action$='/lock/'] button").click()
    locked.wait_for_url("**/unlock/**")
    look(locked, "unlock")
    forget = locked.locator("[name=passphrase]")
    forget.fill(desk.example.sign_ins()["lipa"].passphrase)
    locked.click("main button.main")
    assert look.broken == []
    assert set(names(urlpatterns)) - ACTS - look.pages == set()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_drop_breaks_no_rule(example: Installation, context: Contexts, language: str) -> None:
    from tropa.drop.urls import spoken

    look, start = Looked(), f"{example.drop}/{language}/"
    page = context(viewport=PHONE).new_page()
    page.goto(start)
    look(page, "")
    page.fill("#text", "я" * 30_001)
    page.evaluate("document.querySelector('#text').removeAttribute('maxlength')")
    page.click("main form button.main")
    look(page, "given back")
    page.goto(start)
    page.fill("#text", f"Видно всем {language}")
    page.click("main form button.main")
    look(page, "code/")
    words = page.locator(".words li").all_inner_texts()
    page.check("input[name=kept]")
    page.click("main form button.main")
    look(page, "answers/")
    look.pages |= {"open/", "answers/<int:page>/"}  # leads to the answers; their second page is the same page
    page.evaluate(
        """lang => { const form = document.createElement("form"); form.method = "post";
        form.action = `/${lang}/move/code/`; document.body.append(form); form.submit() }""",
        language,
    )
    page.wait_for_url("**/move/code/")
    look(page, "move/code/")
    page.goto(f"{start}move/")
    look(page, "move/")
    page.fill("#code", "0000-0000-0000-0000-0000-0000")
    page.click("main form button.main")
    look(page, "a code that opens nothing")
    page.goto(f"{start}return/")
    look(page, "return/")
    page.fill("#words", " ".join(reversed(words)))
    page.click("main form button.main")
    look(page, "words that open nothing")
    page.goto(f"{start}questions/")
    page.click("main form button.main")
    look(page, "questions/")  # with the remark that an answer is missing
    for chosen in ("self", "exit"):
        page.check(f"input[name=answer][value={chosen}]")
        page.click("main form button.main")
    page.check("input[name=answer] >> nth=0")
    page.click("main form button.main")
    look(page, "questions answered")
    look.pages.add("contacts/file/")  # a file where there is a list, else the page for nothing
    for path in ("contacts/", "pause/", "leave/", "nothing/"):
        page.goto(f"{start}{path}")
        look(page, path)
    assert look.broken == []
    assert {str(one.pattern) for one in spoken} - look.pages == set()


def test_a_page_that_breaks_a_rule_is_found(context: Contexts, example: Installation) -> None:
    page = context().new_page()
    page.goto(f"{example.drop}/en/")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('h1').style.color = '#dddddd'")
    found = " ".join(violations(page))
    assert "html-has-lang" in found
    assert "color-contrast" in found
