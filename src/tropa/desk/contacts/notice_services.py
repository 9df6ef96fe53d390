"""Writing the notice: proposed by one coordinator, signed by another, stopped by any.

Kept true: a notice is only ever about the list in force; nothing goes out before two different coordinators have signed
the very same text; another text is another notice and needs both anew. One that was stopped, or followed by another,
does not come back with its row: the number below which none counts stands outside the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.contacts.errors import ForeignWords, NoList, NotWaiting, OwnList, WrongNotice
from tropa.desk.contacts.in_force import Genuine, genuine
from tropa.desk.contacts.models import ContactNotice as Row
from tropa.desk.contacts.notice_in_force import lowest_notice, raise_lowest_notice, signed_notice
from tropa.desk.contacts.publishing import checked, usable_key
from tropa.desk.identifiers import new_id
from tropa.desk.one_writer import Writing, one_writer
from tropa.desk.staff.coordinating import coordinators_only
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.pinned import root_public
from tropa.envelope import (
    BadContactNotice,
    ContactNotice,
    ContactRole,
    EnvelopeError,
    check_beside,
    digest_of,
    not_on_the_list,
    read_notice,
    sign_notice,
    verify_notice,
    verify_notice_signature,
)

LIVES = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice its author signed; `own`: the reader wrote it, so somebody else signs."""

    id: str
    notice: ContactNotice
    author: str
    own: bool


def propose_notice(*, reader: Reader, russian: str, english: str) -> Row:
    """Sign a notice about the list in force as its author. It waits for somebody else; what waited before is void.

    Raises NotCoordinator, NoPublishingKey, NoList, ForeignWords, WrongNotice.
    """
    usable = usable_key(reader=reader)
    beside = _beside(reader.now)
    texts = tuple(text.replace("\r\n", "\n").strip() for text in (russian, english))
    foreign = tuple(dict.fromkeys(one for text in texts for one in not_on_the_list(text, beside.contacts)))
    if foreign:
        raise ForeignWords(foreign)
    made = reader.now.astimezone(UTC).replace(microsecond=0)
    last = min(made.date() + LIVES, beside.contacts.last, usable.last)
    with transaction.atomic():
        one_writer(Writing.NOTICES)
        Row.objects.filter(second__isnull=True).delete()
        notice = _notice(_next_number(), beside, made, last, texts)
        row = Row(
            id=new_id(),
            number=notice.number,
            statement=notice.encoded().decode(),
            author=reader.member,
            author_key=usable.row,
            signature=sign_notice(usable.key, notice, ContactRole.AUTHOR),
        )
        row.save(force_insert=True)
        _log(reader, Act.NOTICE_PROPOSED, row)
    return row


def sign_notice_as_second(*, reader: Reader, notice_id: str, number: int) -> Row:
    """Sign the notice the page showed as the second person; from now on it goes out.

    Raises NotCoordinator, NoPublishingKey, NoList, OwnList, NotWaiting.
    """
    usable = usable_key(reader=reader)
    beside = _beside(reader.now)
    with transaction.atomic():
        one_writer(Writing.NOTICES)
        rows = Row.objects.select_for_update(of=("self",)).select_related("author", "author_key")
        row = rows.filter(pk=notice_id, number=number, second__isnull=True).first()
        if row is None or row.number <= lowest_notice():
            raise NotWaiting
        if row.author_id == reader.member.pk:
            raise OwnList
        notice = _as_signed(row, beside, reader.now)
        if notice is None:
            raise NotWaiting
        row.second, row.second_key = reader.member, usable.row
        row.second_signature = sign_notice(usable.key, notice, ContactRole.SECOND)
        try:
            verify_notice(signed_notice(row), beside.contacts, root_public(), reader.now)
        except EnvelopeError:
            raise NotWaiting from None
        row.save(update_fields=["second", "second_key", "second_signature"])
        _log(reader, Act.NOTICE_PUBLISHED, row)
        transaction.on_commit(lambda: raise_lowest_notice(notice.number))
    return row


def stop_notice(*, reader: Reader) -> None:
    """From now on no notice goes out that was written before. Raises NotCoordinator, OSError."""
    coordinators_only(reader)
    with transaction.atomic():
        one_writer(Writing.NOTICES)
        Row.objects.filter(second__isnull=True).delete()
        number = _next_number()
        record(reader=reader, act=Act.NOTICE_STOPPED, detail={"below": str(number)}, now=reader.now)
        raise_lowest_notice(number)


def waiting_notice(*, reader: Reader) -> WaitingNotice | None:
    """The notice that waits and is what its author signed; None when there is none."""
    beside = genuine(now=reader.now)
    rows = Row.objects.select_related("author", "author_key")
    row = rows.filter(second__isnull=True, number__gt=lowest_notice()).order_by("-number").first()
    notice = _as_signed(row, beside, reader.now) if row is not None and beside is not None else None
    if row is None or notice is None:
        return None
    return WaitingNotice(row.pk, notice, row.author.pseudonym, row.author_id == reader.member.pk)


def _as_signed(row: Row, beside: Genuine, now: datetime) -> ContactNotice | None:
    """What the author signed, if it still may go out."""
    try:
        notice = read_notice(row.statement)
        certificate = checked(row.author_key, now.date())
        verify_notice_signature(notice, certificate.sign_public, bytes(row.signature), ContactRole.AUTHOR)
        check_beside(notice, beside.contacts, now)
    except EnvelopeError:
        return None
    return notice if (certificate.subject, notice.number) == (row.author_id, row.number) else None


def _notice(
    number: int, beside: Genuine, made: datetime, last: date, texts: tuple[str, ...]
) -> ContactNotice:
    contacts = beside.contacts
    try:
        return ContactNotice(number, contacts.number, digest_of(contacts), made, last, *texts)
    except BadContactNotice as refused:
        raise WrongNotice(str(refused)) from None


def _beside(now: datetime) -> Genuine:
    found = genuine(now=now)
    if found is None:
        raise NoList
    return found


def _next_number() -> int:
    last = Row.objects.aggregate(last=Max("number"))["last"] or 0
    return max(last, lowest_notice()) + 1


def _log(reader: Reader, act: Act, row: Row) -> None:
    record(reader=reader, act=act, detail={"notice": row.pk, "number": str(row.number)}, now=reader.now)
