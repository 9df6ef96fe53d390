"""The notice that may go out now, or none: verified from the rows up to the pinned root each time it is asked for.

Whatever does not verify at this moment goes to nobody: a changed, half-signed, planted or expired row, one that was
stopped or followed by another, one whose list is not in force any more, or any at all when the number below which no
notice counts cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tropa.desk.audit.refusals import refuse
from tropa.desk.conf import conf
from tropa.desk.contacts.in_force import Genuine, genuine
from tropa.desk.contacts.models import ContactNotice as Row
from tropa.desk.growing_number import grow, read
from tropa.desk.vault.pinned import root_public
from tropa.envelope import (
    BadContactNotice,
    CertificateExpired,
    CertificateNotYetValid,
    ContactNotice,
    ContactNoticeNotInForce,
    EnvelopeError,
    SignedContactNotice,
    read_notice,
    verify_notice,
)

LOWEST_FILE = "notices.number"
MOST_LOOKED_AT = 8
UNREADABLE = 2**31


@dataclass(frozen=True, slots=True)
class NoticeInForce:
    """A verified notice beside the list it was signed for."""

    id: str
    notice: ContactNotice
    beside: Genuine


def notice_in_force(*, now: datetime) -> NoticeInForce | None:
    """The notice that may go out at this moment; None when there is none."""
    rows = Row.objects.select_related("author_key", "second_key").filter(
        second__isnull=False, number__gte=lowest_notice()
    )
    found = list(rows.order_by("-number")[:MOST_LOOKED_AT])
    beside = genuine(now=now) if found else None
    if beside is None:
        return None
    for row in found:
        notice = _verified(row, beside, now)
        if notice is not None:
            return NoticeInForce(row.pk, notice, beside)
    return None


def signed_notice(row: Row) -> SignedContactNotice:
    """A row with both signatures, not verified. Raises BadContactNotice."""
    notice = read_notice(row.statement)
    if row.second_key is None or notice.number != row.number:
        raise BadContactNotice("the row is not the notice that was signed")
    return SignedContactNotice(
        notice,
        (bytes(row.author_key.certificate), bytes(row.second_key.certificate)),
        (bytes(row.signature), bytes(row.second_signature or b"")),
    )


def lowest_notice() -> int:
    """The number below which no notice counts; above all of them when it cannot be read."""
    try:
        return read(conf.pinned / LOWEST_FILE)
    except (OSError, ValueError):
        return UNREADABLE


def raise_lowest_notice(number: int) -> None:
    """No notice below this number counts any more. Raises OSError, ValueError."""
    grow(conf.pinned / LOWEST_FILE, number)


def _verified(row: Row, beside: Genuine, now: datetime) -> ContactNotice | None:
    try:
        return verify_notice(signed_notice(row), beside.contacts, root_public(), now)
    except (ContactNoticeNotInForce, CertificateExpired, CertificateNotYetValid):
        return None
    except EnvelopeError:
        refuse(table="contacts_contactnotice", row=row.pk, day=now.date())
        return None
