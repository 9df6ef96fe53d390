"""The list in force, or none: verified from the rows up to the pinned root each time it is asked for.

Whatever does not verify today is not shown as genuine: a changed, expired, half-signed or planted row, a list below the
number that stands outside the database, or any at all when that number cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tropa.desk.audit.refusals import refuse
from tropa.desk.conf import conf
from tropa.desk.contacts.models import ContactList as Row
from tropa.desk.growing_number import grow, read
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.desk.vault.pinned import root_public
from tropa.envelope import (
    BadContactList,
    CertificateExpired,
    CertificateNotYetValid,
    ContactList,
    ContactListNotInForce,
    EnvelopeError,
    SignedContactList,
    read_contacts,
    root_fingerprint,
    verify_contacts,
)

HIGHEST_FILE = "contacts.number"
MOST_LOOKED_AT = 16
UNREADABLE = 2**31


@dataclass(frozen=True, slots=True)
class Genuine:
    """A verified list with its signatures, and the root's fingerprint as people compare it."""

    id: str
    contacts: ContactList
    signed: SignedContactList
    fingerprint: str


def genuine(*, now: datetime) -> Genuine | None:
    """The list in force at this moment; None when there is none. One query."""
    lowest, today = highest(), now.date()
    rows = Row.objects.select_related("author_key", "second_key").filter(
        second__isnull=False, number__gte=lowest
    )
    for row in rows.order_by("-number")[:MOST_LOOKED_AT]:
        found = _verified(row, today)
        if found is not None:
            return found
    return None


def signed_list(row: Row) -> SignedContactList:
    """A row with both signatures as the file says it, not verified. Raises BadContactList, NoPinnedRoot."""
    contacts = read_contacts(row.statement)
    if row.second_key is None or contacts.number != row.number:
        raise BadContactList("the row is not the list that was signed")
    return SignedContactList(
        contacts,
        root_public(),
        (bytes(row.author_key.certificate), bytes(row.second_key.certificate)),
        (bytes(row.signature), bytes(row.second_signature or b"")),
    )


def highest() -> int:
    """The number below which no list counts; above all of them when it cannot be read."""
    try:
        return read(conf.pinned / HIGHEST_FILE)
    except (OSError, ValueError):
        return UNREADABLE


def raise_highest(number: int) -> None:
    """No list below this number counts any more. Raises OSError, ValueError."""
    grow(conf.pinned / HIGHEST_FILE, number)


def _verified(row: Row, today: date) -> Genuine | None:
    try:
        signed = signed_list(row)
        contacts = verify_contacts(signed, signed.root, today)
    except (ContactListNotInForce, CertificateExpired, CertificateNotYetValid, NoPinnedRoot):
        return None
    except EnvelopeError:
        refuse(table="contacts_contactlist", row=row.pk, day=today)
        return None
    return Genuine(row.pk, contacts, signed, root_fingerprint(signed.root))
