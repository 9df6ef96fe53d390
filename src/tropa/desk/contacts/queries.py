"""What waits: a list for its second signature, and one's own publishing key for the trustees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tropa.desk.contacts.errors import NoPublishingKey
from tropa.desk.contacts.in_force import genuine, highest
from tropa.desk.contacts.models import ContactList as Row
from tropa.desk.contacts.models import PublishingKey
from tropa.desk.contacts.publishing import checked, key_name, usable_key
from tropa.desk.staff.reader import Reader
from tropa.envelope import ContactList, ContactRole, EnvelopeError, read_contacts, verify_signature


@dataclass(frozen=True, slots=True)
class WaitingList:
    """A list its author signed; `own`: the reader wrote it, so somebody else signs."""

    id: str
    contacts: ContactList
    author: str
    own: bool


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The reader's publishing key: good until `last`, or the name of the one that waits, or neither."""

    last: date | None
    waits: str


def waiting_list(*, reader: Reader) -> WaitingList | None:
    """The newest list that waits and is what its author signed; None when there is none."""
    rows = Row.objects.select_related("author", "author_key")
    row = rows.filter(second__isnull=True, number__gt=highest()).order_by("-number").first()
    if row is None:
        return None
    try:
        contacts = read_contacts(row.statement)
        certificate = checked(row.author_key, reader.now.date())
        verify_signature(contacts, certificate, bytes(row.signature), ContactRole.AUTHOR)
    except EnvelopeError:
        return None
    if contacts.number != row.number or certificate.subject != row.author_id:
        return None
    return WaitingList(row.pk, contacts, row.author.pseudonym, row.author_id == reader.member.pk)


def own_key(*, reader: Reader) -> OwnKey:
    """Where the reader's publishing key stands. Raises NotCoordinator."""
    waiting = PublishingKey.objects.filter(member=reader.member, certificate=b"").first()
    name = key_name(waiting) if waiting else ""
    try:
        return OwnKey(usable_key(reader=reader).last, name)
    except NoPublishingKey:
        return OwnKey(None, name)


def days_left(*, now: datetime) -> int | None:
    """How many days the list in force is still good, the last one not counted; None when there is none."""
    found = genuine(now=now)
    return (found.contacts.last - now.date()).days if found else None
