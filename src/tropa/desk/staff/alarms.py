"""Who unlocked under duress, and whose reading is unusual: told to the coordinators alone, by nothing that the disk
could tell.

Every unlocking leaves one record in the log, sealed to each coordinator and signed by the key that was opened. It
carries a note of 97 bytes: random ones, or, for an empty desk, its public key and the person's own signature over it.
Both are of one form and length, so the rows of the two are alike; only a coordinator who opens the record and checks
the signatures knows. Nobody who writes to the database can raise such an alarm in a colleague's name.

What is unusual about reading stands in the record of the reading (`audit.readings`), signed by whoever read.

What a coordinator has gone through and what they have not yet put aside is kept under their own key, in one size.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tropa.desk.audit.acts import Act
from tropa.desk.audit.errors import RecordClosed
from tropa.desk.audit.models import Record
from tropa.desk.audit.readings import UNUSUAL, Unusual
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.sealing import OpenRecord, open_record, signature_context
from tropa.desk.audit.services import record
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.staff.empty_desk import EmptyDesk
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.slots import check_voucher, voucher
from tropa.envelope import (
    BadSignature,
    CannotOpen,
    Context,
    EnvelopeError,
    SigningPublicKey,
    unwrap,
    verify,
    wrap,
)

NOTE = "note"
KEY_BYTES, VOUCHER_BYTES = 32, 65
MOST_READ = 1000  # records gone through at one visit; a later visit goes on
MOST_KEPT = 16  # alarms not yet put aside; the latest stay, and of duress before all others
NUMBER_BYTES = 8
FORMAT = b"\x01"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody's unlocking under duress, or what is unusual about their reading. `at` is the hour."""

    sequence: int
    pseudonym: str
    at: datetime
    unusual: tuple[Unusual, ...] = ()

    @property
    def duress(self) -> bool:
        """Whether somebody was forced."""
        return not self.unusual


@dataclass(frozen=True, slots=True)
class _Gone:
    """How far a coordinator has come in the log, and which alarms wait, by sequence."""

    until: int
    waiting: tuple[int, ...] = ()


def record_unlocking(opened: Reader | EmptyDesk) -> None:
    """Write that somebody unlocked; of the two kinds of desk only coordinators can tell."""
    if isinstance(opened, EmptyDesk):
        note = opened.seed.signing().public.raw + voucher(opened.member, opened.seed)
    else:
        note = secrets.token_bytes(KEY_BYTES + VOUCHER_BYTES)
    by = Reader(member=opened.member, seed=opened.seed, now=opened.now)
    record(reader=by, act=Act.UNLOCKED, detail={NOTE: note.hex()}, now=opened.now)


def alarms(*, reader: Reader) -> Sequence[Alarm]:
    """What a coordinator has to know, latest first; nothing for anybody else. Goes on in the log where they were."""
    if not coordinates(reader):
        return ()
    gone = _gone(reader)
    found = list(gone.waiting)
    until = gone.until
    for row in Record.objects.filter(sequence__gt=gone.until).order_by("sequence")[:MOST_READ]:
        until = row.sequence
        if _alarm(reader, row) is not None:
            found.append(row.sequence)
    rows = Record.objects.filter(sequence__in=found).order_by("-sequence")
    shown = _most_pressing([alarm for row in rows if (alarm := _alarm(reader, row)) is not None])
    fresh = _Gone(until, tuple(sorted(alarm.sequence for alarm in shown)))
    if fresh != gone:
        _keep(reader, fresh)
    return shown


def put_aside(*, reader: Reader, sequence: int) -> None:
    """Show this alarm no more to this coordinator; others still see it, and the log keeps it."""
    gone = _gone(reader)
    waiting = tuple(number for number in gone.waiting if number != sequence)
    _keep(reader, replace(gone, waiting=waiting))


def _alarm(reader: Reader, row: Record) -> Alarm | None:
    try:
        act = open_record(
            sequence=row.sequence,
            sealed=bytes(row.sealed),
            coordinator=reader.member.id,
            key=reader.seed.sealing(),
        )
    except (RecordClosed, EnvelopeError):  # from before they coordinated, or somebody changed the row
        return None
    if (forced := _under_duress(act)) is not None:
        return Alarm(row.sequence, forced.pseudonym, act.at)
    if (read_by := _unusual_reader(act)) is not None:
        kinds = tuple(kind for kind in Unusual if kind in act.detail[UNUSUAL].split())
        return Alarm(row.sequence, read_by.pseudonym, act.at, kinds) if kinds else None
    return None


def _most_pressing(found: list[Alarm]) -> list[Alarm]:
    """As many as are kept, latest first: reading never pushes out duress."""
    kept = sorted(found, key=lambda alarm: (not alarm.duress, -alarm.sequence))[:MOST_KEPT]
    return sorted(kept, key=lambda alarm: -alarm.sequence)


def _unusual_reader(act: OpenRecord) -> Member | None:
    """Whose unusual reading this act tells of, signed by themselves; None for every other act."""
    if act.act not in {Act.OPENED.value, Act.SEARCHED.value} or UNUSUAL not in act.detail:
        return None
    member = Member.objects.filter(pk=act.member).first()
    if member is None:
        return None
    try:
        public = SigningPublicKey(bytes(member.sign_public))
        verify(public, signature_context(act.sequence), act.signed, act.signature)
    except (BadSignature, ValueError):
        return None
    return member


def _under_duress(act: OpenRecord) -> Member | None:
    """Who unlocked their empty desk in this act; None for every other act."""
    if act.act != Act.UNLOCKED or len(act.detail.get(NOTE, "")) != 2 * (KEY_BYTES + VOUCHER_BYTES):
        return None
    note = bytes.fromhex(act.detail[NOTE])
    member = Member.objects.filter(pk=act.member).first()
    if member is None:
        return None
    public = SigningPublicKey(note[:KEY_BYTES])
    try:
        check_voucher(member, public, note[KEY_BYTES:])
        verify(public, signature_context(act.sequence), act.signed, act.signature)
    except BadSignature:
        return None
    return member


def _context(member_id: str) -> Context:
    return Context("alarms gone through", 1, "staff_member", "alarms_sealed", member_id)


def _gone(reader: Reader) -> _Gone:
    sealed = bytes(Member.objects.values_list("alarms_sealed", flat=True).get(pk=reader.member.pk))
    try:
        return read_gone(unwrap(reader.seed.subkey("alarms"), _context(reader.member.id), sealed))
    except (CannotOpen, ValueError):  # a coordinator's first look, or somebody changed the row
        if sealed:
            refuse(table="staff_member", row=reader.member.pk, day=reader.now.date())
        return _Gone(_before_the_latest())


def read_gone(body: bytes) -> _Gone:
    """How far somebody has come, as it is kept. Raises ValueError."""
    if body[:1] != FORMAT or len(body) != len(FORMAT) + NUMBER_BYTES * (1 + MOST_KEPT):
        raise ValueError("no list of alarms of this format")
    numbers = [
        int.from_bytes(body[at : at + NUMBER_BYTES], "big")
        for at in range(len(FORMAT), len(body), NUMBER_BYTES)
    ]
    return _Gone(numbers[0], tuple(number for number in numbers[1:] if number))


def _keep(reader: Reader, gone: _Gone) -> None:
    numbers = (gone.until, *gone.waiting, *([0] * (MOST_KEPT - len(gone.waiting))))
    body = FORMAT + b"".join(number.to_bytes(NUMBER_BYTES, "big") for number in numbers)
    key, place = reader.seed.subkey("alarms"), _context(reader.member.id)
    sealed = wrap(key, place, body, random=secrets.token_bytes)
    Member.objects.filter(pk=reader.member.pk).update(alarms_sealed=sealed)


def _before_the_latest() -> int:
    latest = Record.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    return max(latest - MOST_READ, 0)
