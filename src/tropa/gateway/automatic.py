"""What the gateway tells people by itself: the truth about the channel, the way up, answers of the library that surely
fit, and that something did not come through.

Each has a cause, and one cause makes one message, however often the channel gives the same thing again. The text is
wrapped with the address it goes to, so nobody who writes to the database chooses either.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from tropa.channels.catalogue import About
from tropa.channels.texts import in_language
from tropa.channels.values import Incoming
from tropa.counsel.library import Given
from tropa.desk.conf import conf
from tropa.desk.contacts.in_force import genuine
from tropa.desk.contacts.notice_in_force import NoticeInForce
from tropa.desk.contacts.words import list_card
from tropa.desk.messengers.models import Outgoing
from tropa.desk.messengers.move_code import MoveCode
from tropa.desk.messengers.moving import Farewell
from tropa.desk.messengers.queueing import queue_automatic
from tropa.envelope import CannotOpen, ContactNotice, Context, Language, unwrap, wrap
from tropa.gateway.addresses import Reached
from tropa.gateway.credential import GatewayKeys
from tropa.gateway.tags import Tags
from tropa.gateway.words import WORDS, Word, told_in, with_commands_as

FORMAT = b"\x01"


class Told(StrEnum):
    """Why people are told something."""

    FIRST = "first"
    PRIVACY = "privacy"
    NOTICE = "notice"
    DELETED = "deleted"
    ANSWERS = "answers"
    QUESTIONS = "questions"
    CODE = "code"
    MOVE_REFUSED = "move_refused"
    ARRIVED = "arrived"
    FAREWELL = "farewell"
    REAL = "real"
    WISH = "wish"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class AutomaticText:
    """One such message, with everything it needs to go out. `made` is aware, UTC."""

    account: str
    handle: str = field(repr=False)
    route: bytes = field(repr=False)
    text: str = field(repr=False)
    told: Told
    made: datetime
    answers: tuple[str, ...] = ()  # ids of the library's answers it is made of
    contacts: str = ""  # the id of the list of contact points it tells
    thread: str = ""  # of a notice about our addresses: whose it is
    notice: int = 0  # and its number


class Automatic:
    """Makes and opens them for one account."""

    def __init__(self, keys: GatewayKeys, tags: Tags, account: str, about: About) -> None:
        self._key = keys.seed.subkey("automatic messages")
        self._tags = tags
        self._account = account
        self._about = about

    def queue_first(self, item: Incoming, thread_id: str | None, now: datetime) -> None:
        """The truth about the channel and the way up; once a day to one person unasked."""
        self._queue(item, Told.FIRST, f"{item.handle} {now:%Y-%m-%d}", self._truth(item), thread_id, now)

    def queue_privacy(self, item: Incoming, now: datetime) -> None:
        """The same, because somebody asked; once an hour."""
        self._queue(item, Told.PRIVACY, f"{item.handle} {now:%Y-%m-%d %H}", self._truth(item), None, now)

    def queue_notice(self, item: Incoming, word: Word, thread_id: str, now: datetime) -> None:
        """That something did not come through; one an hour, whatever it is about."""
        text = told_in(WORDS[word], item.language)
        self._queue(item, Told.NOTICE, f"{item.handle} {now:%Y-%m-%d %H}", text, thread_id, now)

    def queue_answers(self, item: Incoming, answers: Sequence[Given], thread_id: str, now: datetime) -> None:
        """Answers that fit what somebody wrote; once for a message."""
        language = answers[0].language
        before = told_in(WORDS[Word.CHOSEN], language)
        after = told_in(WORDS[Word.SHORT_QUESTIONS], language).format(
            address=f"{conf.drop_url}/{language}/questions/"
        )
        text = "\n\n".join([before, *(f"{one.title}\n\n{one.whole}" for one in answers), after])
        named = tuple(one.answer_id for one in answers)
        self._queue(item, Told.ANSWERS, item.key, text, thread_id, now, answers=named)

    def queue_question(self, item: Incoming, text: str, now: datetime) -> None:
        """What the short questions say to a message; once for it."""
        self._queue(item, Told.QUESTIONS, item.key, text, None, now)

    def queue_deleted(self, item: Incoming, now: datetime) -> None:
        """That everything is deleted; once for each time they asked."""
        text = told_in(WORDS[Word.DELETED], item.language)
        self._queue(item, Told.DELETED, item.key, text, None, now)

    def queue_code(
        self, item: Incoming, code: MoveCode, ends: datetime, thread_id: str, now: datetime
    ) -> None:
        """A one-time code; once for each time they asked."""
        text = told_in(WORDS[Word.MOVE_CODE], item.language).format(
            code=code.text,
            address=f"{conf.drop_url}/{_site_language(item)}/move/",
            moment=f"{ends:%d.%m.%Y %H:%M}",
        )
        self._queue(item, Told.CODE, item.key, text, thread_id, now)

    def queue_refusal(self, item: Incoming, word: Word, now: datetime) -> None:
        """That a code or the wish for one came to nothing; one an hour, whatever the reason."""
        cause = f"{item.handle} {now:%Y-%m-%d %H}"
        self._queue(item, Told.MOVE_REFUSED, cause, told_in(WORDS[word], item.language), None, now)

    def queue_arrived(self, item: Incoming, before: str, thread_id: str, now: datetime) -> None:
        """That the conversation goes on here, `before` about where it was, and the truth about this channel."""
        text = f"{told_in(WORDS[Word.ARRIVED], item.language)}\n\n{before}\n\n{self._truth(item)}"
        self._queue(item, Told.ARRIVED, item.key, text, thread_id, now)

    def queue_real(self, item: Incoming, now: datetime) -> None:
        """The list of our contact points in force, or that there is none; each list once an hour."""
        found, language = genuine(now=now), _site_language(item)
        told = {"address": f"{conf.drop_url}/{language}/contacts/"}
        if found is not None:
            card = list_card(found.contacts, language)
            told |= {
                "number": str(card.number),
                "last": f"{card.last:%d.%m.%Y}",
                "points": "\n".join(f"{point.channel}: {point.address}" for point in card.points),
                "phrase": card.phrase,
            }
        text = told_in(WORDS[Word.REAL if found else Word.NO_LIST], language).format(**told)
        list_id = found.id if found else ""
        cause = f"{item.handle} {now:%Y-%m-%d %H} {list_id}"  # another list is told within the same hour
        self._queue(item, Told.REAL, cause, text, None, now, contacts=list_id)

    def queue_wish(self, item: Incoming, word: Word, now: datetime) -> None:
        """What follows from asking for news about our addresses, or for none; once for each time they asked."""
        self._queue(item, Told.WISH, item.key, told_in(WORDS[word], item.language), None, now)

    def news_key(self, handle: str, number: int) -> str:
        """The key of a notice's row for this person: one notice makes one row."""
        return self._tags.automatic(f"{Told.NEWS} {number} {handle}")

    def queue_news(self, reached: Reached, thread_id: str, notice: ContactNotice) -> None:
        """That the notice waits for this person; what it says is put together when it leaves. The row names no thread
        in clear: so nobody who reads rows learns who asked for it.
        """
        key = self.news_key(reached.handle, notice.number)
        said = {
            "account": self._account,
            "handle": reached.handle,
            "route": reached.route.hex(),
            "text": "",
            "told": Told.NEWS.value,
            "made": notice.made.isoformat(),
            "thread": thread_id,
            "notice": notice.number,
        }
        body = FORMAT + json.dumps(said, ensure_ascii=False).encode()
        sealed = wrap(self._key, _place(key), body, random=secrets.token_bytes)
        queue_automatic(key, None, sealed)

    def farewell(self, item: Incoming, now: datetime) -> Farewell:
        """What this address is told once its conversation has moved, to be kept under the code until then."""
        truth = in_language(self._about.caps.short_truth, item.language)
        text = told_in(WORDS[Word.FAREWELL], item.language).format(truth=truth)
        key, sealed = self._sealed(item, Told.FAREWELL, item.key, text, now)
        return Farewell(key, sealed)

    def open(self, row: Outgoing) -> AutomaticText:
        """The message in a row. Raises CannotOpen for anything this gateway did not write for this very row."""
        return read_automatic(unwrap(self._key, _place(row.key), bytes(row.sealed or b"")))

    def _truth(self, item: Incoming) -> str:
        truth = in_language(self._about.caps.truth, item.language)
        way_up = told_in(WORDS[Word.WAY_UP], item.language).format(address=conf.drop_url)
        received = told_in(WORDS[Word.A_PERSON_ANSWERS], item.language)
        return f"{truth}\n\n{way_up}\n\n{received}"

    def _queue(
        self,
        item: Incoming,
        told: Told,
        cause: str,
        text: str,
        thread_id: str | None,
        now: datetime,
        *,
        answers: tuple[str, ...] = (),
        contacts: str = "",
    ) -> None:
        key, sealed = self._sealed(item, told, cause, text, now, answers=answers, contacts=contacts)
        queue_automatic(key, thread_id, sealed)

    def _sealed(
        self,
        item: Incoming,
        told: Told,
        cause: str,
        text: str,
        now: datetime,
        *,
        answers: tuple[str, ...] = (),
        contacts: str = "",
    ) -> tuple[str, bytes]:
        """The row's key and its content."""
        key = self._tags.automatic(f"{told} {cause}")
        said: dict[str, object] = {
            "account": self._account,
            "handle": item.handle,
            "route": item.reply_route.hex(),
            "text": with_commands_as(self._about.command_mark, text),
            "told": told.value,
            "made": now.isoformat(),
        }
        said |= {"answers": answers} if answers else {}
        said |= {"contacts": contacts} if contacts else {}
        body = FORMAT + json.dumps(said, ensure_ascii=False).encode()
        return key, wrap(self._key, _place(key), body, random=secrets.token_bytes)


def read_automatic(body: bytes) -> AutomaticText:
    """A message as it was sealed. Raises CannotOpen."""
    if body[:1] != FORMAT:
        raise CannotOpen
    try:
        said = json.loads(body[1:])
        return AutomaticText(
            account=said["account"],
            handle=said["handle"],
            route=bytes.fromhex(said["route"]),
            text=said["text"],
            told=Told(said["told"]),
            made=datetime.fromisoformat(said["made"]).astimezone(UTC),
            answers=tuple(said.get("answers", ())),
            contacts=said.get("contacts", ""),
            thread=said.get("thread", ""),
            notice=said.get("notice", 0),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise CannotOpen from None


def news_text(found: NoticeInForce, language: str) -> str:
    """The notice as it is sent: its text, and the list it was signed with. Every address in it is on that list."""
    spoken = "en" if language == "en" else "ru"
    card = list_card(found.beside.contacts, spoken)
    return told_in(WORDS[Word.NEWS], spoken).format(
        text=found.notice.text(Language(spoken)),
        number=card.number,
        last=f"{card.last:%d.%m.%Y}",
        points="\n".join(f"{point.channel}: {point.address}" for point in card.points),
        phrase=card.phrase,
    )


def _site_language(item: Incoming) -> str:
    return "en" if item.language == "en" else "ru"


def _place(key: str) -> Context:
    return Context("automatic message", 1, "messengers_outgoing", "sealed", key)
