"""The desk's pages that can be gone to from anywhere, with the words somebody may look for them by.

Each is found by its title and by other words for what is done there, in both languages whatever the page's own is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, override

from tropa.counsel.inflected import forms_of
from tropa.desk.talk.search_words import folded


@dataclass(frozen=True, slots=True)
class Destination:
    """A page: its address's name and query, its title as a msgid, other words for it, and whom it is for."""

    name: str
    title: str
    words: str
    query: str = ""
    coordinators: bool = False
    emptily: bool = True  # there in an empty desk too

    @property
    def address(self) -> str:
        return reverse(f"desk:{self.name}") + self.query


DESTINATIONS = (
    Destination("today", gettext_noop("Today"), "начало главная дела start home"),
    Destination("inbox", gettext_noop("Inbox"), "переписки очередь ждут threads queue waiting"),
    Destination("inbox", gettext_noop("My cases"), "мои дела mine", "?queue=mine"),
    Destination("inbox", gettext_noop("Taken by nobody"), "новые взять new take untaken", "?queue=untaken"),
    Destination("inbox", gettext_noop("Put aside, waiting"), "отложить snoozed", "?queue=snoozed"),
    Destination("search", gettext_noop("Search"), "искать поиск слова сообщения messages words"),
    Destination("review-list", gettext_noop("Review"), "проверка планы второй plans second"),
    Destination("answers", gettext_noop("Answers"), "библиотека ответы library"),
    Destination("missing-answers", gettext_noop("Missing answers"), "нет ответа missing", emptily=False),
    Destination(
        "alike", gettext_noop("Alike questions"), "похожие вопросы вместе together batch", emptily=False
    ),
    Destination(
        "replies", gettext_noop("Saved replies"), "заготовки шаблоны templates canned", emptily=False
    ),
    Destination("atlas", gettext_noop("Atlas"), "страны факты карта countries facts map"),
    Destination("due", gettext_noop("What falls due"), "просрочено проверить факты overdue", emptily=False),
    Destination("changes", gettext_noop("Changes of facts"), "правки предложения proposals", emptily=False),
    Destination(
        "conflicts", gettext_noop("Sources that disagree"), "спор источников conflicts", emptily=False
    ),
    Destination(
        "people", gettext_noop("People"), "команда смены дежурства приглашение колл team shifts invite"
    ),
    Destination("shifts", gettext_noop("Shifts"), "смены календарь неделя дежурство calendar", emptily=False),
    Destination(
        "call-in",
        gettext_noop("Call somebody in"),
        "позвать наплыв смена surge",
        coordinators=True,
        emptily=False,
    ),
    Destination(
        "receipts",
        gettext_noop("Receipts of what was destroyed"),
        "расписки уничтожено destroyed",
        coordinators=True,
        emptily=False,
    ),
    Destination("help", gettext_noop("Help"), "справочник как помощь handbook how guide"),
    Destination(
        "account", gettext_noop("Your account"), "пароль кодовая фраза ключ password passphrase passkey codes"
    ),
)


def destinations_for(asked: str, *, coordinator: bool, empty: bool) -> list[tuple[str, str]]:
    """Addresses and titles of the pages that fit every word typed; all of them when nothing was."""
    wanted = [forms_of(word) for word in folded(asked).split()]
    return [
        (one.address, gettext(one.title))
        for one in DESTINATIONS
        if (coordinator or not one.coordinators) and (one.emptily or not empty) and _fits(one, wanted)
    ]


def _fits(one: Destination, wanted: list[tuple[str, ...]]) -> bool:
    words = _words_of(one)
    return all(any(word.startswith(forms[0]) or word in forms for word in words) for forms in wanted)


@cache
def _words_of(one: Destination) -> frozenset[str]:
    """Everything it is found by, in small letters."""
    with override("ru"):
        russian = gettext(one.title)
    return frozenset(folded(f"{one.title} {russian} {one.words}").replace(",", " ").split())
