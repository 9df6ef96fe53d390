"""The lists of the inbox: which one an address asks for, the queues beside it, and what it can be narrowed by.

What does not hang on a person is worded once for each list and language and kept: drawing some thirty links and options
anew on every page cost as much as its fifty rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tropa.channels.catalogue import catalogue
from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.messengers.delivery_words import channel_line
from tropa.desk.talk.inbox import InboxFilters, InboxPlace, Queue
from tropa.desk.talk.inbox_rows import DROP, OTHER, SPOKEN
from tropa.desk.talk.saved_views import View
from tropa.desk.words import lane_word, urgency_word

RAIL_LANES = (Lane.LAW, Lane.LEAVING, Lane.UNIT, Lane.PROTECTION, Lane.ABUSE, Lane.SETTLING, Lane.FAMILY)
KEPT_LISTS = 64


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
    queue, lane, urgency, language, channel = (
        query.get(name, "") for name in ("queue", "lane", "urgency", "language", "channel")
    )
    return InboxFilters(
        queue=Queue(queue) if queue in set(Queue) else Queue.OPEN,
        lane=Lane(lane) if lane in Lane.values else None,
        urgency=Urgency(urgency) if urgency in Urgency.values else None,
        language=language if language in {*SPOKEN, OTHER} else "",
        channel=channel if channel in _channels() else "",
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


def fields_of(filters: InboxFilters) -> tuple[tuple[str, str], ...]:
    """The filters as a form sends them and `read_filters` reads them; what narrows nothing is left out."""
    told = (
        ("queue", "" if filters.queue is Queue.OPEN else filters.queue.value),
        ("lane", filters.lane.value if filters.lane else ""),
        ("urgency", filters.urgency.value if filters.urgency else ""),
        *_sealed_filters(filters),
    )
    return tuple((name, word) for name, word in told if word)


def address_of(filters: InboxFilters, place: InboxPlace | None = None) -> str:
    """The address of this list, or of its next page. It holds ids and classes, nothing of content."""
    query = dict(fields_of(filters))
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
    words += [word for word in (_language_word(filters.language), _channel_word(filters.channel)) if word]
    if words and filters.queue is Queue.OPEN:
        return ", ".join(words)
    return ", ".join([_queue_words(filters.queue), *words])


def _sealed_filters(filters: InboxFilters) -> tuple[tuple[str, str], ...]:
    """What threads are picked by once they are open."""
    return ("language", filters.language), ("channel", filters.channel)


@cache
def _channels() -> tuple[str, ...]:
    """Codes of every way to write to us: the drop's, then the messengers' by name."""
    return (DROP, *sorted(str(name) for name in catalogue()))


def _language_word(code: str) -> str:
    return _("other languages") if code == OTHER else code.upper()


def _channel_word(code: str) -> str:
    return channel_line(code).title if code else ""


def _queue_words(queue: Queue) -> str:
    return {
        Queue.OPEN: _("All open"),
        Queue.MINE: _("My cases"),
        Queue.UNTAKEN: _("Taken by nobody"),
        Queue.SNOOZED: _("Put aside, waiting"),
    }[queue]


def rail_of(filters: InboxFilters, views: Sequence[View] = ()) -> list[RailGroup]:
    """The queues beside the list, and the views one saved."""
    groups = _own_groups(get_language() or "ru", filters)
    kept = [QueueLink(one.name, address_of(one.filters), one.filters == filters, one.id) for one in views]
    return [*groups, RailGroup(title=_("My views"), queues=kept)] if kept else list(groups)


@lru_cache(maxsize=KEPT_LISTS)
def _own_groups(_language: str, filters: InboxFilters) -> tuple[RailGroup, ...]:
    """What everybody has, in the language that is spoken."""
    queues = [InboxFilters(queue=queue) for queue in Queue]
    lanes = [InboxFilters(lane=lane) for lane in RAIL_LANES]
    return (
        RailGroup(title=_("Queues"), queues=[_link(one, filters) for one in queues]),
        RailGroup(title=_("Lanes"), queues=[_link(one, filters) for one in lanes]),
    )


def _link(one: InboxFilters, here: InboxFilters) -> QueueLink:
    return QueueLink(title=heading_of(one), address=address_of(one), here=one == here)


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """One filter of the list: its name in the form, the value it has now, and every value as options."""

    name: str
    label: str
    value: str
    options: SafeString


def filter_choices(filters: InboxFilters) -> Sequence[FilterChoice]:
    """What the list can be narrowed by. Language and channel lie sealed: by these, threads are picked once open."""
    return _choices(get_language() or "ru", filters)


@lru_cache(maxsize=KEPT_LISTS)
def _choices(_language: str, filters: InboxFilters) -> tuple[FilterChoice, ...]:
    """The same, in the language that is spoken."""
    queues = [(one.value, _queue_words(one)) for one in Queue]
    lanes = [("", _("every lane")), *((one.value, lane_word(one)) for one in Lane)]
    languages = [("", _("any")), *((code, _language_word(code)) for code in (*SPOKEN, OTHER))]
    channels = [("", _("any")), *((code, _channel_word(code)) for code in _channels())]
    urgencies = [("", _("any")), *((one.value, urgency_word(one)) for one in Urgency)]
    return (
        _choice("queue", _("Queue"), filters.queue.value, queues),
        _choice("lane", _("Lane"), filters.lane.value if filters.lane else "", lanes),
        _choice("urgency", _("How urgent"), filters.urgency.value if filters.urgency else "", urgencies),
        _choice("language", _("Language"), filters.language, languages),
        _choice("channel", _("Channel"), filters.channel, channels),
    )


def _choice(name: str, label: str, value: str, options: Sequence[tuple[str, str]]) -> FilterChoice:
    drawn = "".join(
        f'<option value="{escape(one)}"{" selected" if one == value else ""}>{escape(words)}</option>'
        for one, words in options
    )
    return FilterChoice(name, label, value, mark_safe(drawn))  # noqa: S308  # escaped above
