"""Exhibits: messages an applicant lets us keep, by words of theirs, when everything else of theirs is destroyed.

A holder releases a message as an exhibit and names the message in which the person agreed; both must be signed by the
applicant's own key. The exhibit is a copy under a key of its own, sealed to every coordinator and to recovery: it holds
the message, its files, when it came, the SHA-256 of each original, the words of consent, and the applicant's
signatures, so that it can be shown to be theirs. It names no case, and nothing of the case is needed to read it:
neither a clock nor "delete everything" reaches it. A coordinator destroys it when the person takes their consent back.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.identifiers import new_id
from tropa.desk.retention.errors import NobodyReads, NoSuchMessage
from tropa.desk.retention.models import Exhibit, ExhibitChunk, ExhibitKey
from tropa.desk.staff.coordinating import coordinators_only
from tropa.desk.staff.errors import NotCoordinator
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.applicants import OWN_KINDS, check_own
from tropa.desk.talk.body import EntryBody, FileNote, decode
from tropa.desk.talk.errors import BadBody
from tropa.desk.talk.files import open_file
from tropa.desk.talk.keys import opened_body, thread_keys
from tropa.desk.talk.models import Entry
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.pinned import recovery_public
from tropa.desk.vault.services import open_newest
from tropa.desk.vault.statements import check_statement, sign_copy
from tropa.desk.vault.trust import coordinators
from tropa.envelope import (
    CannotOpen,
    Context,
    EnvelopeError,
    SymmetricKey,
    open_sealed,
    seal,
    sign,
    unwrap,
    wrap,
)


@dataclass(frozen=True, slots=True)
class ShownExhibit:
    """An exhibit as a coordinator reads it."""

    id: str
    text: str = field(repr=False)
    at: datetime
    consent: str = field(repr=False)
    consent_at: datetime
    files: tuple[tuple[str, int, str], ...]  # name, bytes, SHA-256 of the original


@transaction.atomic
def release_exhibit(*, reader: Reader, case: Case, entry_id: str, consent_id: str) -> Exhibit:
    """Keep a copy of this message, as the other one allows. Raises NoGrant, NoSuchMessage for messages that are not the
    applicant's own and signed, NobodyReads where nobody coordinates.
    """
    open_newest(reader=reader, case=case)
    message, consent = _own(reader, case, entry_id), _own(reader, case, consent_id)
    notes = decode(message.content).files
    people = coordinators(reader.now.date())
    if not people:
        raise NobodyReads
    key = SymmetricKey.generate(secrets.token_bytes)
    exhibit = Exhibit(id=new_id(), member=reader.member, day=reader.now.date())
    content = json.dumps(
        {
            "message": message.told(),
            "consent": consent.told(),
            "applicant": bytes(message.entry.thread.applicant_public).hex(),
        }
    ).encode()
    exhibit.sealed = wrap(key, exhibit_place(exhibit.id, "sealed"), content, random=secrets.token_bytes)
    recovery = recovery_public()
    if recovery is not None:
        exhibit.recovery = seal(recovery, exhibit_place(exhibit.id, "recovery"), key.raw)
        place = exhibit_place(exhibit.id, "recovery_signature")
        exhibit.recovery_signature = sign_copy(reader.seed.signing(), place, exhibit.recovery)
    digest = hashlib.sha256(content).digest()
    exhibit.signature = sign(reader.seed.signing(), exhibit_place(exhibit.id, "signature"), digest)
    exhibit.save(force_insert=True)
    for member, public in people:
        sealed = seal(public, key_place(exhibit.id, member.pk), key.raw)
        ExhibitKey.objects.create(exhibit=exhibit, member=member, sealed=sealed)
    for number, note in enumerate(notes):
        ExhibitChunk.objects.bulk_create(_chunks(exhibit, number, note, key), batch_size=2)
    detail = {"exhibit": exhibit.pk, "case": case.pk}
    record(reader=reader, act=Act.EXHIBIT_RELEASED, detail=detail, now=reader.now)
    return exhibit


def shown_exhibit(*, reader: Reader, exhibit: Exhibit) -> ShownExhibit:
    """What it says, for a coordinator it was sealed to. Raises NoGrant, and CannotOpen for one that was changed."""
    _coordinators_only(reader)
    told, _key = _content(reader, exhibit)
    body, allowed = _body(told["message"]), _body(told["consent"])
    return ShownExhibit(
        id=exhibit.pk,
        text=body.text,
        at=body.at,
        consent=allowed.text,
        consent_at=allowed.at,
        files=tuple((note.name, note.size, note.sha256) for note in body.files),
    )


def exhibit_file(*, reader: Reader, exhibit: Exhibit, number: int) -> bytes:
    """The original of one of its files. Raises NoGrant, CannotOpen."""
    _coordinators_only(reader)
    told, key = _content(reader, exhibit)
    rows = list(ExhibitChunk.objects.filter(exhibit=exhibit, number=number).order_by("index"))
    content = b"".join(
        unwrap(key, chunk_place(exhibit.pk, number, row.index), bytes(row.sealed)) for row in rows
    )
    if hashlib.sha256(content).hexdigest() != _body(told["message"]).files[number].sha256:
        raise CannotOpen
    return content


@transaction.atomic
def destroy_exhibit(*, reader: Reader, exhibit_id: str) -> bool:
    """The person took their consent back. False when there is no such exhibit. Raises NoGrant."""
    _coordinators_only(reader)
    gone = Exhibit.objects.filter(pk=exhibit_id).delete()[0] > 0
    if gone:
        record(reader=reader, act=Act.EXHIBIT_DESTROYED, detail={"exhibit": exhibit_id}, now=reader.now)
    return gone


def own_messages(*, reader: Reader, case: Case) -> list[tuple[str, EntryBody]]:
    """The applicant's own messages of a case that open for the reader and are signed, oldest first. Raises NoGrant."""
    open_newest(reader=reader, case=case)
    rows = Entry.objects.filter(thread__case=case, kind__in=OWN_KINDS).order_by("thread_id", "sequence")
    found = []
    for entry_id in rows.values_list("pk", flat=True):
        try:
            found.append((entry_id, decode(_own(reader, case, entry_id).content)))
        except NoSuchMessage:
            continue
    return found


@dataclass(frozen=True, slots=True)
class _Own:
    """A message of the applicant's, and the very bytes they signed."""

    entry: Entry
    content: bytes = field(repr=False)

    def told(self) -> dict[str, str]:
        """All that shows whose it is: what was signed, for which place, and the signature."""
        one = self.entry
        place = f"{one.thread_id}.{one.sequence}.{one.pk}"
        signature = bytes(one.signature or b"").hex()
        return {"content": self.content.hex(), "place": place, "signature": signature}


def _own(reader: Reader, case: Case, entry_id: str) -> _Own:
    rows = Entry.objects.select_related("thread__case", "thread__duty_epoch")
    entry = rows.filter(pk=entry_id, thread__case=case, kind__in=OWN_KINDS).first()
    if entry is None:
        raise NoSuchMessage
    try:
        content = opened_body(entry, thread_keys(reader=reader, thread=entry.thread))
        check_own(entry, entry.thread, content)
        decode(content)
    except (EnvelopeError, BadBody, NoGrant):
        raise NoSuchMessage from None
    return _Own(entry, content)


def _body(told: dict[str, str]) -> EntryBody:
    return decode(bytes.fromhex(told["content"]))


def _content(reader: Reader, exhibit: Exhibit) -> tuple[dict[str, Any], SymmetricKey]:
    mine = ExhibitKey.objects.filter(exhibit=exhibit, member=reader.member).first()
    if mine is None:
        raise NoGrant
    place = key_place(exhibit.pk, reader.member.pk)
    try:
        key = SymmetricKey(open_sealed(reader.seed.sealing(), place, bytes(mine.sealed)))
        content = checked_content(exhibit, key)
    except EnvelopeError:
        refuse(table="retention_exhibit", row=exhibit.pk, day=reader.now.date())
        raise
    return read_told(content), key


def checked_content(exhibit: Exhibit, key: SymmetricKey) -> bytes:
    """What was sealed of it, as whoever released it signed it. Raises EnvelopeError."""
    content = unwrap(key, exhibit_place(exhibit.pk, "sealed"), bytes(exhibit.sealed))
    digest, signed = hashlib.sha256(content).digest(), exhibit_place(exhibit.pk, "signature")
    check_statement(exhibit.member, exhibit.day, signed, digest, bytes(exhibit.signature))
    return content


def read_told(content: bytes) -> dict[str, Any]:
    """What was sealed of an exhibit: its message and the consent. Raises ValueError."""
    told = json.loads(content)
    if not isinstance(told, dict) or not {"message", "consent"} <= told.keys():
        raise ValueError("no exhibit of this format")
    return told


def _chunks(exhibit: Exhibit, number: int, note: FileNote, key: SymmetricKey) -> Iterator[ExhibitChunk]:
    for index, piece in enumerate(open_file(note)):
        sealed = wrap(key, chunk_place(exhibit.pk, number, index), piece, random=secrets.token_bytes)
        yield ExhibitChunk(exhibit=exhibit, number=number, index=index, sealed=sealed)


def _coordinators_only(reader: Reader) -> None:
    try:
        coordinators_only(reader)
    except NotCoordinator:
        raise NoGrant from None


def exhibit_place(exhibit_id: str, column: str) -> Context:
    """Where a part of an exhibit belongs."""
    return Context("exhibit", 1, "retention_exhibit", column, exhibit_id)


def key_place(exhibit_id: str, member_id: str) -> Context:
    """Where a coordinator's copy of the key belongs."""
    return Context("exhibit key", 1, "retention_exhibitkey", "sealed", f"{exhibit_id}.{member_id}")


def chunk_place(exhibit_id: str, number: int, index: int) -> Context:
    """Where a piece of a file belongs."""
    return Context("exhibit file", 1, "retention_exhibitchunk", "sealed", f"{exhibit_id}.{number}.{index}")
