"""A list of contact points as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from tropa.channels.catalogue import about
from tropa.channels.errors import NotThere
from tropa.envelope import ContactList, ContactPoint, Language


@dataclass(frozen=True, slots=True)
class PointLine:
    """One address."""

    channel: str
    address: str
    since: date


@dataclass(frozen=True, slots=True)
class ListCard:
    """A list, with its check phrase in the page's language."""

    number: int
    first: date
    last: date
    phrase: str
    points: tuple[PointLine, ...]


def list_card(contacts: ContactList, language: str) -> ListCard:
    """The list for whoever reads this language, wherever it is told."""
    with translation.override("en" if language == "en" else "ru"):
        points = tuple(PointLine(_title(one), one.address, one.since) for one in contacts.points)
    return ListCard(
        number=contacts.number,
        first=contacts.first,
        last=contacts.last,
        phrase=contacts.check_phrase(Language.ENGLISH if language == "en" else Language.RUSSIAN),
        points=points,
    )


def _title(point: ContactPoint) -> str:
    if point.channel == "drop":
        return _("our site")
    try:
        return about(point.channel).title
    except NotThere:
        return point.channel
