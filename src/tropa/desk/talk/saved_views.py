"""Filters of the inbox somebody keeps under a name: sealed under their own key, for nobody else.

A view that does not open is left out and counted: it is a convenience, and the filters can be chosen anew.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from tropa.desk.audit.services import refuse
from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.identifiers import new_id
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.errors import TooManyViews
from tropa.desk.talk.inbox_rows import InboxFilters, Queue
from tropa.desk.talk.models import SavedView
from tropa.envelope import CannotOpen, Context, unwrap, wrap

MOST_VIEWS = 20
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class View:
    """Filters under a name."""

    id: str
    name: str = field(repr=False)
    filters: InboxFilters


def saved_views(*, reader: Reader) -> list[View]:
    """The reader's own, by name. One query."""
    return sorted(_opened(reader), key=lambda view: view.name.casefold())


@transaction.atomic
def save_view(*, reader: Reader, name: str, filters: InboxFilters) -> View:
    """Keep filters under a name; one of the same name is replaced.

    Raises TooManyViews, ValueError for a name that is empty or too long.
    """
    Member.objects.select_for_update().get(pk=reader.member.pk)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError("a view has a name of at most 40 letters")
    same = [view.id for view in _opened(reader) if view.name.casefold() == name.casefold()]
    SavedView.objects.filter(pk__in=same, member=reader.member).delete()
    if SavedView.objects.filter(member=reader.member).count() >= MOST_VIEWS:
        raise TooManyViews
    view = View(new_id(), name, filters)
    content = {
        "name": view.name,
        "queue": filters.queue.value,
        "lane": filters.lane.value if filters.lane else "",
        "urgency": filters.urgency.value if filters.urgency else "",
        "language": filters.language,
        "channel": filters.channel,
    }
    sealed = wrap(
        reader.seed.subkey("saved views"),
        _context(view.id, reader.member.pk),
        json.dumps(content, ensure_ascii=False).encode(),
        random=secrets.token_bytes,
    )
    SavedView.objects.create(id=view.id, member=reader.member, sealed=sealed)
    return view


def forget_view(*, reader: Reader, view_id: str) -> View | None:
    """Forget one of one's own; what it was, and None when there is none or it does not open."""
    gone = next((view for view in _opened(reader) if view.id == view_id), None)
    SavedView.objects.filter(pk=view_id, member=reader.member).delete()
    return gone


def _opened(reader: Reader) -> Iterator[View]:
    key = reader.seed.subkey("saved views")
    for view_id, sealed in SavedView.objects.filter(member=reader.member).values_list("pk", "sealed"):
        try:
            content = unwrap(key, _context(view_id, reader.member.pk), bytes(sealed))
            yield View(view_id, *read_view(content))
        except (CannotOpen, ValueError):
            refuse(table="talk_savedview", row=view_id, day=reader.now.date())


def read_view(content: bytes) -> tuple[str, InboxFilters]:
    """Name and filters as they were sealed. Raises ValueError."""
    try:
        said = json.loads(content)
        filters = InboxFilters(
            queue=Queue(said["queue"]),
            lane=Lane(said["lane"]) if said["lane"] else None,
            urgency=Urgency(said["urgency"]) if said["urgency"] else None,
            language=str(said.get("language", "")),  # views kept before there was one
            channel=str(said.get("channel", "")),
        )
        return str(said["name"]), filters
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("no view of this format") from error


def _context(view_id: str, member_id: str) -> Context:
    return Context("saved view", 1, "talk_savedview", "sealed", f"{member_id}.{view_id}")
