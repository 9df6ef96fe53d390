"""The inbox as it is drawn: rows with their words, grouped by urgency, and the queues beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.talk.inbox import InboxFilters, InboxPlace, InboxRow, Queue
from tropa.desk.talk.inbox_markup import Line, rows_markup
from tropa.desk.talk.models import EntryKind
from tropa.desk.talk.saved_views import View
from tropa.desk.words import channel_words, lane_word, urgency_word, waiting_words

RAIL_LANES = (Lane.LAW, Lane.LEAVING, Lane.UNIT, Lane.PROTECTION, Lane.ABUSE, Lane.SETTLING, Lane.FAMILY)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one urgency under their heading."""

    title: str
    note: str
    danger: bool
    markup: SafeString


@dataclass(frozen=True, slots=True)
class QueueLink:
    """A queue in the rail."""

    title: str
    address: str
    here: bool
    view: str = ""  # the id of a view one saved


@dataclass(frozen=True, slots=True)
class RailGroup:
    """Queues of one sort."""

    title: str
    queues: Sequence[QueueLink]


def read_filters(query: Mapping[str, str]) -> InboxFilters:
    """The filters an address asks for; anything unknown is left out rather than refused."""
    queue, lane, urgency = (query.get(name, "") for name in ("queue", "lane", "urgency"))
    return InboxFilters(
        queue=Queue(queue) if queue in set(Queue) else Queue.OPEN,
        lane=Lane(lane) if lane in Lane.values else None,
        urgency=Urgency(urgency) if urgency in Urgency.values else None,
    )


def read_place(query: Mapping[str, str]) -> InboxPlace | None:
    """Where the page before ended, from its own link; None from the start, or when the link is
    not one of ours.
    """
    answered, rank, since, row = (query.get(name, "") for name in ("answered", "rank", "since", "row"))
    if not (row and rank.isdigit()):
        return None
    try:
        at = datetime.fromisoformat(since) if since else None
    except ValueError:
        return None
    return InboxPlace(answered=answered == "1", rank=int(rank), since=at, id=row)


@cache
def _inbox() -> str:
    """The inbox's own address, which stands on its page a dozen times."""
    return reverse("desk:inbox")


def address_of(filters: InboxFilters, place: InboxPlace | None = None) -> str:
    """The address of this list, or of its next page. It holds ids and classes, nothing of content."""
    query: dict[str, str] = {}
    if filters.queue is not Queue.OPEN:
        query["queue"] = filters.queue.value
    if filters.lane is not None:
        query["lane"] = filters.lane.value
    if filters.urgency is not None:
        query["urgency"] = filters.urgency.value
    if place is not None:
        query |= {"row": place.id, "rank": str(place.rank), "answered": "1" if place.answered else ""}
        query["since"] = place.since.isoformat() if place.since else ""
    address = _inbox()
    return f"{address}?{urlencode(query)}" if query else address


def heading_of(filters: InboxFilters) -> str:
    """What is listed, as a heading."""
    words = [lane_word(filters.lane).capitalize()] if filters.lane is not None else []
    if filters.urgency is not None:
        words.append(urgency_word(filters.urgency).capitalize())
    if words and filters.queue is Queue.OPEN:
        return ", ".join(words)
    return ", ".join([_queue_words(filters.queue), *words])


def _queue_words(queue: Queue) -> str:
    return {
        Queue.OPEN: _("All open"),
        Queue.MINE: _("My cases"),
        Queue.UNTAKEN: _("Taken by nobody"),
        Queue.SNOOZED: _("Put aside, waiting"),
    }[queue]


def rail_of(filters: InboxFilters, views: Sequence[View] = ()) -> list[RailGroup]:
    """The queues beside the list, and the views one saved."""
    queues = [InboxFilters(queue=queue) for queue in Queue]
    lanes = [InboxFilters(lane=lane) for lane in RAIL_LANES]
    groups = [
        RailGroup(title=_("Queues"), queues=[_link(one, filters) for one in queues]),
        RailGroup(title=_("Lanes"), queues=[_link(one, filters) for one in lanes]),
    ]
    kept = [QueueLink(one.name, address_of(one.filters), one.filters == filters, one.id) for one in views]
    return [*groups, RailGroup(title=_("My views"), queues=kept)] if kept else groups


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """One filter of the list: its name in the form, and each value with its words and whether it is chosen."""

    name: str
    label: str
    options: Sequence[tuple[str, str, bool]]


def filter_choices(filters: InboxFilters) -> list[FilterChoice]:
    """What the list can be narrowed by. Language and channel lie sealed, so nothing can be listed by them."""
    lane, urgency = filters.lane, filters.urgency
    queues = [(one.value, _queue_words(one), one is filters.queue) for one in Queue]
    lanes = [(one.value, lane_word(one), one is lane) for one in Lane]
    urgencies = [(one.value, urgency_word(one), one is urgency) for one in Urgency]
    return [
        FilterChoice("queue", _("Queue"), queues),
        FilterChoice("lane", _("Lane"), [("", _("every lane"), lane is None), *lanes]),
        FilterChoice("urgency", _("How urgent"), [("", _("any"), urgency is None), *urgencies]),
    ]


def _link(one: InboxFilters, here: InboxFilters) -> QueueLink:
    return QueueLink(title=heading_of(one), address=address_of(one), here=one == here)


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
        self._channels: dict[str, tuple[str, str]] = {}
        self._waits: dict[int | None, str] = {}

    def line(self, row: InboxRow) -> Line:
        """One row in words."""
        channel, secrecy = self._channel(row.channel)
        return Line(
            address=f"{self._root}{row.id}/",
            classes=self._classes(row),
            wait=self._wait(row.hours),
            who=row.name.en if self._english else row.name.ru,
            words=self._broken if row.broken else self._signals.get(row.kind, row.words),
            unread=row.hours is not None,
            lane=self._lanes[row.lane],
            language=row.language.upper(),
            channel=channel,
            secrecy=secrecy,
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

    def _channel(self, channel: str) -> tuple[str, str]:
        if channel not in self._channels:
            self._channels[channel] = channel_words(channel)
        return self._channels[channel]
