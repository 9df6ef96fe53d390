"""Somebody who writes to the drop, with a browser that has no script and keeps nothing but nine words."""

from __future__ import annotations

from collections.abc import Sequence

from tropa.envelope import Codename, applicant_keys
from tropa.rehearsal.browser import Browser, File
from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.page import Form, Page
from tropa.rehearsal.promises import Broken

NEVER_IN_A_WORD = {"ru": "ъ", "en": "q"}


class Applicant:
    """One person with one message. Every method is one thing they do."""

    def __init__(self, origin: str, language: str, browser: type[Browser] = Browser) -> None:
        self._origin, self._language, self._browser = origin, language, browser
        self.browser = browser(origin, language=language)
        self.words: Sequence[str] = ()
        self.first_page: Page | None = None
        self._written: tuple[Form, Page, str] | None = None

    @property
    def thread_id(self) -> str:
        """The id the desk knows this conversation by; it follows from the words."""
        return applicant_keys(Codename.parse(" ".join(self.words))).thread_id

    def open_first_page(self) -> Page:
        """The page one starts on."""
        self.first_page = self.browser.get(f"/{self._language}/")
        return self.first_page

    def write(self, text: str) -> Page:
        """Send the first message; copies the nine words."""
        page = self.first_page or self.open_first_page()
        form = _form(page, f"/{self._language}/", "text")
        self._written = (form, page, text)
        return self._send_first()

    def send_it_again(self) -> Page:
        """Press the button once more: the same form, as after a broken connection."""
        return self._send_first()

    def _send_first(self) -> Page:
        assert self._written is not None
        form, page, text = self._written
        answer = self.browser.post(form, page, {"text": text, "when": "day"})
        self.words = answer.lists.get("words", ())
        return answer

    def mistyped(self) -> str:
        """The nine words with one letter wrong."""
        longest = max(range(len(self.words)), key=lambda place: len(self.words[place]))
        word = self.words[longest]
        middle = len(word) // 2
        wrong = word[:middle] + NEVER_IN_A_WORD[self._language] + word[middle + 1 :]
        return " ".join([*self.words[:longest], wrong, *self.words[longest + 1 :]])

    def come_back(self, typed: str) -> Page:
        """Another day, another browser: type words and open what they open."""
        self.browser = self._browser(self._origin, language=self._language)
        page = self.browser.get(f"/{self._language}/return/")
        return self.browser.post(_form(page, "/return/", "words"), page, {"words": typed})

    def answers(self) -> Page:
        """The page of answers again."""
        return self.browser.get(f"/{self._language}/answers/")

    def press(self, act: str, page: Page | None = None) -> Page:
        """Press a button on the page of answers."""
        page = page or self.answers()
        form = page.form("/answers/", button=act)
        if form is None:
            raise Broken(_("The page of answers offers what was promised"), act)
        return self.browser.post(form, page, press=act)

    def write_more(self, text: str, files: Sequence[File] = ()) -> Page:
        """Send a further message."""
        page = self.answers()
        return self.browser.post(_form(page, "/answers/", "text"), page, {"text": text}, files=files)

    @staticmethod
    def own_messages(page: Page) -> int:
        """How many messages of one's own the page lists."""
        return sum(form.button("erase_one") is not None for form in page.forms)


def _form(page: Page, ending: str, named: str) -> Form:
    for form in page.forms:
        if form.action.endswith(ending) and named in form.offered:
            return form
    raise Broken(_("The drop offers its forms"), f"{page.status} {page.address}")
