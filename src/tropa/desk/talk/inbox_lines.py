"""The rows of the inbox in words, grouped by urgency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.messengers.delivery_words import ChannelLine, channel_line
from tropa.desk.talk.inbox import InboxRow
from tropa.desk.talk.inbox_markup import Line, rows_markup
from tropa.desk.talk.inbox_rows import DROP
from tropa.desk.talk.models import EntryKind
from tropa.desk.words import lane_word, urgency_word, waiting_words


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one urgency under their heading."""

    title: str
    note: str
    danger: bool
    markup: SafeString


def lines_of(rows: Iterable[InboxRow]) -> list[Line]:
    """Rows in words, one by one."""
    words = _Words(_root())
    return [words.line(row) for row in rows]


def _root() -> str:
    """What stands before a thread's id in its address; looking fifty addresses up costs more
    than fifty rows.
    """
    return reverse("desk:thread", args=["-"]).removesuffix("-/")


def groups_of(rows: Iterable[InboxRow]) -> list[Group]:
    """Rows under the heading of their urgency; the order of the rows is kept."""
    words = _Words(_root())
    groups = []
    for (urgency, waits), members in groupby(rows, key=lambda row: (row.urgency, row.hours is not None)):
        lines = [words.line(row) for row in members]
        danger = urgency is Urgency.NOW and waits
        note = ngettext("%(count)d thread", "%(count)d threads", len(lines)) % {"count": len(lines)}
        groups.append(
            Group(title=_group_title(urgency, waits), note=note, danger=danger, markup=rows_markup(lines))
        )
    return groups


def _group_title(urgency: Urgency, waits: bool) -> str:
    if not waits:
        return _("Answered: the person has the word")
    if urgency is Urgency.NOW:
        return _("Now: danger to a person")
    return urgency_word(urgency).capitalize()


class _Words:
    """Looks each word up once a page: a page of fifty rows repeats a handful of them."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._english = (get_language() or "ru").startswith("en")
        self._lanes = {lane: lane_word(lane) for lane in Lane}
        self._broken = _("does not open")
        self._signals = {EntryKind.SAFE: _("I am safe"), EntryKind.TALK_NOW: _("I need to talk now")}
        self._channels: dict[str, ChannelLine] = {}
        self._waits: dict[int | None, str] = {}

    def line(self, row: InboxRow) -> Line:
        """One row in words."""
        channel = self._channel(row.channel)
        return Line(
            address=f"{self._root}{row.id}/",
            classes=self._classes(row),
            wait=self._wait(row.hours),
            who=row.name.en if self._english else row.name.ru,
            words=self._broken if row.broken else self._signals.get(row.kind, row.words),
            unread=row.hours is not None,
            lane=self._lanes[row.lane],
            language=row.language.upper(),
            channel=channel.title,
            secrecy=channel.secrecy,
            open=channel.open,
            busy=bool(row.claimed_by),
            hand=row.claimed_by or row.holder,
        )

    def _wait(self, hours: int | None) -> str:
        if hours not in self._waits:
            self._waits[hours] = waiting_words(hours)
        return self._waits[hours]

    def _classes(self, row: InboxRow) -> str:
        danger = row.urgency is Urgency.NOW and row.hours is not None
        marks = (("danger", danger), ("busy", bool(row.claimed_by)), ("new", row.hours is not None))
        return " ".join(name for name, holds in marks if holds)

    def _channel(self, channel: str) -> ChannelLine:
        if channel not in self._channels:
            self._channels[channel] = channel_line(channel or DROP)
        return self._channels[channel]
