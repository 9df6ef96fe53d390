"""Ten codes that stand in for the second factor, each once: for a lost authenticator or passkey.

A code is 24 digits (80 random bits), shown once. Kept are digests of them, not slow hashes: nobody guesses 80 bits,
and ten slow hashes for each wrong code would be work that strangers could order. The digests lie sealed under the
desk's service key, bound to their row, so whoever writes to the database can add none and move none; the sealed text
has one size whether there are ten codes, three or none. Refused: a code without the right password, and a code twice.

Format 1, before sealing: byte 0x01; the day they were made (its ordinal, four bytes, 0 for none); ten times 16 bytes of
digest and four of the day the code was used (0: not yet).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from tropa.desk import clock
from tropa.desk.audit.acts import Act
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.services import record
from tropa.desk.staff.models import Member
from tropa.desk.staff.service_key import service_seed
from tropa.envelope import Context, EnvelopeError, unwrap, wrap

CODES = 10
DIGITS = 24
GROUP = 4
FORMAT = b"\x01"
DAY_BYTES = 4
DIGEST_BYTES = 16
ONE_BYTES = DIGEST_BYTES + DAY_BYTES
WHOLE_BYTES = len(FORMAT) + DAY_BYTES + CODES * ONE_BYTES


@dataclass(frozen=True, slots=True)
class KeptCode:
    """One code as it is kept. `used` is the ordinal of a day, or 0."""

    digest: bytes
    used: int = 0


@dataclass(frozen=True, slots=True)
class KeptCodes:
    """Everything kept of somebody's codes. `made` is the ordinal of a day, 0 for codes that were never made."""

    made: int
    codes: tuple[KeptCode, ...]

    @property
    def made_on(self) -> date | None:
        """The day these codes were made."""
        return date.fromordinal(self.made) if self.made else None

    @property
    def left(self) -> int:
        """How many are good."""
        return sum(1 for code in self.codes if not code.used) if self.made else 0

    @property
    def last_used(self) -> date | None:
        """The day on which one was used last."""
        latest = max(code.used for code in self.codes) if self.made else 0
        return date.fromordinal(latest) if latest else None

    def place_of(self, typed: str, member_id: str) -> int | None:
        """Which good code was typed; every one is compared, in constant time."""
        wanted, found = _digest(typed, member_id), None
        for place, code in enumerate(self.codes):
            if hmac.compare_digest(code.digest, wanted) and not code.used:
                found = place
        return found if self.made else None


NO_CODES = KeptCodes(0, tuple(KeptCode(bytes(DIGEST_BYTES)) for _ in range(CODES)))


def no_codes(member_id: str) -> bytes:
    """What lies in the row of somebody who has made none; it looks like any other's."""
    return _seal(NO_CODES, member_id)


def kept_codes(member: Member) -> KeptCodes:
    """What is kept of somebody's codes; none for a row that was changed or moved."""
    return _opened(bytes(member.recovery_codes_sealed), member.id)


def make_codes(*, member: Member, now: datetime) -> list[str]:
    """Ten new codes in groups of four digits, to be shown once; the earlier ones are good no more."""
    drawn = [_drawn() for _ in range(CODES)]
    day = now.date().toordinal()
    fresh = KeptCodes(day, tuple(KeptCode(_digest(code, member.id)) for code in drawn))
    with transaction.atomic():
        Member.objects.filter(pk=member.pk).update(recovery_codes_sealed=_seal(fresh, member.id))
        record(reader=None, act=Act.RECOVERY_CODES_MADE, detail={"member": member.id}, now=now)
    return drawn


def spend(*, member: Member, place: int, now: datetime) -> bool:
    """Use the code at this place up; False when another sign-in was quicker. Runs in the caller's transaction."""
    before = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if bytes(before.recovery_codes_sealed) != bytes(member.recovery_codes_sealed):
        return False
    kept = kept_codes(before)
    used = replace(kept.codes[place], used=now.date().toordinal())
    codes = (*kept.codes[:place], used, *kept.codes[place + 1 :])
    sealed = _seal(replace(kept, codes=codes), member.id)
    Member.objects.filter(pk=member.pk).update(recovery_codes_sealed=sealed)
    record(reader=None, act=Act.RECOVERY_CODE_USED, detail={"member": member.id}, now=now)
    return True


def _drawn() -> str:
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    return " ".join(digits[start : start + GROUP] for start in range(0, DIGITS, GROUP))


def _digest(typed: str, member_id: str) -> bytes:
    digits = "".join(letter for letter in typed if letter.isdecimal() and letter.isascii())
    covered = b"tropa recovery code 1\0" + member_id.encode() + b"\0" + digits.encode()
    return hashlib.sha256(covered).digest()[:DIGEST_BYTES]


def _context(member_id: str) -> Context:
    return Context("recovery codes", 1, "staff_member", "recovery_codes_sealed", member_id)


def _seal(kept: KeptCodes, member_id: str) -> bytes:
    parts = [code.digest + code.used.to_bytes(DAY_BYTES, "big") for code in kept.codes]
    body = FORMAT + kept.made.to_bytes(DAY_BYTES, "big") + b"".join(parts)
    key = service_seed().subkey("recovery codes")
    return wrap(key, _context(member_id), body, random=secrets.token_bytes)


def _opened(sealed: bytes, member_id: str) -> KeptCodes:
    try:
        return read_codes(unwrap(service_seed().subkey("recovery codes"), _context(member_id), sealed))
    except (
        EnvelopeError,
        ValueError,
    ):  # from before there were codes, or somebody changed the row: no code is good
        if sealed:
            refuse(table="staff_member", row=member_id, day=clock.now().date())
        return NO_CODES


def read_codes(body: bytes) -> KeptCodes:
    """What was sealed of somebody's codes. Raises ValueError."""
    if body[:1] != FORMAT or len(body) != WHOLE_BYTES:
        raise ValueError("no codes of this format")
    start = len(FORMAT) + DAY_BYTES
    ones = [body[at : at + ONE_BYTES] for at in range(start, WHOLE_BYTES, ONE_BYTES)]
    codes = tuple(KeptCode(one[:DIGEST_BYTES], int.from_bytes(one[DIGEST_BYTES:], "big")) for one in ones)
    return KeptCodes(int.from_bytes(body[len(FORMAT) : start], "big"), codes)
