"""Passkeys of an account: added, used to sign in, removed.

In clear lies a digest of a passkey's id and whose it is. Its public key, counter, name and days lie sealed under the
desk's service key, bound to person and id: whoever writes to the database can neither add one nor hand one to somebody
else. Signing in with one opens nothing; the passphrase is asked as ever. Refused: a challenge given out before the last
one this passkey answered, so no answer is good twice.

Format 1, before sealing: byte 0x01, then JSON (UTF-8) of id and public key in hex, counter, name, the day it was added,
and the moment of the last challenge in microseconds.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from tropa.desk import clock
from tropa.desk.audit.acts import Act
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.services import record
from tropa.desk.staff import passkey_answers
from tropa.desk.staff.errors import PasskeyRefused, SignInRefused, TooManyPasskeys
from tropa.desk.staff.models import Member, Passkey, Visit
from tropa.desk.staff.passkey_answers import SIGN_IN, purpose_of_adding
from tropa.desk.staff.service_key import service_seed
from tropa.desk.staff.services import begin_visit, sign_out
from tropa.envelope import CannotOpen, Context, unwrap, wrap

FORMAT = b"\x01"
MOST = 8


@dataclass(frozen=True, slots=True)
class KeptPasskey:
    """A passkey as it is kept. `asked` is the moment of the last challenge it answered, in microseconds."""

    credential_id: bytes
    public_key: bytes = field(repr=False)
    count: int
    name: str
    day: date
    asked: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A passkey as its owner sees it; `name` is None where the row does not open."""

    id: str
    name: str | None
    day: date | None


def passkeys_of(member: Member) -> Sequence[Listed]:
    """What somebody signs in with, oldest first."""
    rows = [(row.pk, _kept(row)) for row in Passkey.objects.filter(member=member).order_by("pk")]
    listed = [Listed(pk, kept.name, kept.day) if kept else Listed(pk, None, None) for pk, kept in rows]
    return sorted(listed, key=lambda one: (one.day or date.max, one.id))


def options_for_adding(*, visit: Visit, now: datetime) -> tuple[str, str]:
    """What the browser is asked to make a passkey for this person, as JSON, and the challenge in it."""
    challenge = passkey_answers.new_challenge(purpose_of_adding(visit.pk), now)
    rows = Passkey.objects.filter(member_id=visit.member_id)
    known = [kept.credential_id for row in rows if (kept := _kept(row))]
    options = passkey_answers.options_for_adding(
        challenge, member_id=visit.member_id, pseudonym=visit.member.pseudonym, known=known
    )
    return options, passkey_answers.text_of(challenge)


def options_for_sign_in(*, now: datetime) -> tuple[str, str]:
    """What anybody's browser is asked, as JSON, and the challenge in it."""
    challenge = passkey_answers.new_challenge(SIGN_IN, now)
    return passkey_answers.options_for_sign_in(challenge), passkey_answers.text_of(challenge)


def add(*, visit: Visit, answer: str, challenge: str, name: str, now: datetime) -> None:
    """Keep a passkey that was made for this visit's challenge. Raises PasskeyRefused and TooManyPasskeys."""
    given = passkey_answers.asked(challenge, purpose_of_adding(visit.pk), now)
    new = passkey_answers.made(answer, given)
    kept = KeptPasskey(
        new.credential_id, new.public_key, new.count, name, now.date(), _microseconds(given.at)
    )
    row = Passkey(id=_digest(new.credential_id), member_id=visit.member_id)
    row.passkey_sealed = _seal(row, kept)
    with transaction.atomic():
        Member.objects.select_for_update(of=("self",)).get(pk=visit.member_id)
        if Passkey.objects.filter(member_id=visit.member_id).count() >= MOST:
            raise TooManyPasskeys
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # this answer was brought before
            raise PasskeyRefused from None
        record(reader=None, act=Act.PASSKEY_ADDED, detail={"member": visit.member_id}, now=now)


def remove(*, visit: Visit, passkey_id: str, now: datetime) -> bool:
    """Forget one of the person's own passkeys; False when they have none with this id."""
    with transaction.atomic():
        gone, _by_model = Passkey.objects.filter(pk=passkey_id, member_id=visit.member_id).delete()
        if gone:
            record(reader=None, act=Act.PASSKEY_REMOVED, detail={"member": visit.member_id}, now=now)
    return bool(gone)


def sign_in(
    *, answer: str, challenge: str, now: datetime, instead_of: Visit | None = None
) -> tuple[Visit, str]:
    """A new, locked visit and its token for the cookie. Raises SignInRefused, whatever was wrong.

    `instead_of` is the visit the browser had before: it ends, whoever's it was.
    """
    try:
        visit, token = _signed_in(answer, challenge, now)
    except PasskeyRefused:
        raise SignInRefused from None
    if instead_of is not None:
        sign_out(visit=instead_of)
    return visit, token


def _signed_in(answer: str, challenge: str, now: datetime) -> tuple[Visit, str]:
    given = passkey_answers.asked(challenge, SIGN_IN, now)
    place = _digest(passkey_answers.credential_in(answer))
    row = Passkey.objects.select_related("member__team").filter(pk=place, member__active=True).first()
    kept = _kept(row) if row else None
    if row is None or kept is None or _microseconds(given.at) <= kept.asked:
        raise PasskeyRefused
    count = passkey_answers.signed(
        answer, given, public_key=kept.public_key, count=kept.count, member_id=row.member_id
    )
    before = bytes(row.passkey_sealed)
    sealed = _seal(row, replace(kept, count=count, asked=_microseconds(given.at)))
    with transaction.atomic():
        # of two who bring one answer at once, one signs in
        if not Passkey.objects.filter(pk=row.pk, passkey_sealed=before).update(passkey_sealed=sealed):
            raise PasskeyRefused
        return begin_visit(member=row.member, now=now)


def _digest(credential_id: bytes) -> str:
    return hashlib.sha256(b"tropa passkey 1\0" + credential_id).hexdigest()


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _context(row: Passkey) -> Context:
    return Context("passkey", 1, "staff_passkey", "passkey_sealed", f"{row.member_id} {row.pk}")


def _seal(row: Passkey, kept: KeptPasskey) -> bytes:
    body = {
        "id": kept.credential_id.hex(),
        "key": kept.public_key.hex(),
        "count": kept.count,
        "name": kept.name,
        "day": kept.day.isoformat(),
        "asked": kept.asked,
    }
    text = FORMAT + json.dumps(body, ensure_ascii=False).encode()
    return wrap(service_seed().subkey("passkeys"), _context(row), text, random=secrets.token_bytes)


def _kept(row: Passkey) -> KeptPasskey | None:
    """What the row holds; None when somebody changed or moved it, and then it signs nobody in."""
    try:
        text = unwrap(service_seed().subkey("passkeys"), _context(row), bytes(row.passkey_sealed))
        return read_passkey(text)
    except (CannotOpen, ValueError):
        refuse(table="staff_passkey", row=row.pk, day=clock.now().date())
        return None


def read_passkey(text: bytes) -> KeptPasskey:
    """What was sealed of a passkey. Raises ValueError."""
    if text[:1] != FORMAT:
        raise ValueError("no passkey of this format")
    try:
        body = json.loads(text[1:])
        return KeptPasskey(
            bytes.fromhex(body["id"]),
            bytes.fromhex(body["key"]),
            int(body["count"]),
            str(body["name"]),
            date.fromisoformat(body["day"]),
            int(body["asked"]),
        )
    except (KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("no passkey of this format") from error
