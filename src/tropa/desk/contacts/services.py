"""Writing a list of contact points: proposed by one coordinator, signed by another, withdrawn by any.

Kept true: nothing counts before two different coordinators have signed the very same list with certified publishing
keys; whatever is changed afterwards is another list, which needs both anew. A list that was put in force, and one that
was withdrawn, raise a number outside the database, below which no list counts again, whatever rows say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from tropa.channels.catalogue import catalogue
from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.contacts.errors import NotWaiting, OwnList, WrongList
from tropa.desk.contacts.in_force import highest, raise_highest, signed_list
from tropa.desk.contacts.models import ContactList as Row
from tropa.desk.contacts.publishing import checked, usable_key
from tropa.desk.identifiers import new_id
from tropa.desk.one_writer import Writing, one_writer
from tropa.desk.staff.coordinating import coordinators_only
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.pinned import root_public
from tropa.envelope import (
    BadContactList,
    ContactList,
    ContactPoint,
    ContactRole,
    EnvelopeError,
    read_contacts,
    sign_contacts,
    verify_contacts,
    verify_signature,
)

DROP = "drop"


def propose(*, reader: Reader, points: Sequence[ContactPoint], last: date) -> Row:
    """Sign a list as its author. It waits for somebody else; what waited before is void.

    Raises NotCoordinator, NoPublishingKey, WrongList.
    """
    usable = usable_key(reader=reader)
    today = reader.now.date()
    if not {point.channel for point in points} <= {DROP, *catalogue()}:
        raise WrongList("there is no such channel")
    if last > usable.last:
        raise WrongList("a list does not outlast the key it is signed with")
    with transaction.atomic():
        one_writer(Writing.LISTS_OF_CONTACTS)
        Row.objects.filter(second__isnull=True).delete()
        try:
            contacts = ContactList(_next_number(), today, last, tuple(points))
        except BadContactList as refused:
            raise WrongList(str(refused)) from None
        row = Row(
            id=new_id(),
            number=contacts.number,
            statement=contacts.encoded().decode(),
            author=reader.member,
            author_key=usable.row,
            signature=sign_contacts(usable.key, contacts, ContactRole.AUTHOR),
        )
        row.save(force_insert=True)
        _log(reader, Act.CONTACTS_PROPOSED, row)
    return row


def sign_as_second(*, reader: Reader, list_id: str, number: int) -> Row:
    """Sign the list the page showed as the second person; from now on it counts.

    Raises NotCoordinator, NoPublishingKey, OwnList, NotWaiting.
    """
    usable = usable_key(reader=reader)
    today = reader.now.date()
    with transaction.atomic():
        one_writer(Writing.LISTS_OF_CONTACTS)
        row = _waiting(list_id, number)
        if row.author_id == reader.member.pk:
            raise OwnList
        contacts = _as_signed(row, today)
        row.second, row.second_key = reader.member, usable.row
        row.second_signature = sign_contacts(usable.key, contacts, ContactRole.SECOND)
        try:
            verify_contacts(signed_list(row), root_public(), today)
        except EnvelopeError:
            raise NotWaiting from None
        row.save(update_fields=["second", "second_key", "second_signature"])
        _log(reader, Act.CONTACTS_PUBLISHED, row)
        transaction.on_commit(lambda: raise_highest(contacts.number))
    return row


def withdraw(*, reader: Reader) -> None:
    """From now on no list is in force; the next one needs both signatures. Raises NotCoordinator, OSError."""
    coordinators_only(reader)
    with transaction.atomic():
        one_writer(Writing.LISTS_OF_CONTACTS)
        Row.objects.filter(second__isnull=True).delete()
        number = _next_number()
        record(reader=reader, act=Act.CONTACTS_WITHDRAWN, detail={"below": str(number)}, now=reader.now)
        raise_highest(number)


def _waiting(list_id: str, number: int) -> Row:
    rows = Row.objects.select_for_update(of=("self",)).select_related("author", "author_key")
    row = rows.filter(pk=list_id, number=number, second__isnull=True).first()
    if row is None or row.number <= highest():
        raise NotWaiting
    return row


def _as_signed(row: Row, today: date) -> ContactList:
    """What the author signed, if it still can be put in force. Raises NotWaiting."""
    try:
        contacts = read_contacts(row.statement)
        certificate = checked(row.author_key, today)
        verify_signature(contacts, certificate, bytes(row.signature), ContactRole.AUTHOR)
    except EnvelopeError:
        raise NotWaiting from None
    if certificate.subject != row.author_id or contacts.number != row.number or today > contacts.last:
        raise NotWaiting
    return contacts


def _next_number() -> int:
    last = Row.objects.aggregate(last=Max("number"))["last"] or 0
    return max(last, highest()) + 1


def _log(reader: Reader, act: Act, row: Row) -> None:
    record(reader=reader, act=act, detail={"list": row.pk, "number": str(row.number)}, now=reader.now)
