"""What is signed in the vault, and where each sealed or signed value belongs.

A statement is canonical JSON (sorted keys, UTF-8; bytes as hex), signed for a context that names the row: a
signature moved to another row, or a row with another key, day or holder, does not verify. Signatures are
checked with the signer's certificate as it was on the day the statement names: a key that has run out since
does not undo what it signed while it was good, and nobody's message is refused because a coordinator's
certificate ended.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import lru_cache

from tropa.desk.staff.models import Member
from tropa.desk.vault.models import (
    BreakGlass,
    CaseGrant,
    CaseKey,
    DutyEpoch,
    DutyGrant,
    StandbyShare,
)
from tropa.desk.vault.trust import verified_signer
from tropa.envelope import Context, EnvelopeError, SigningKey, SigningPublicKey, sign, verify


def duty_epoch_context(epoch_id: str) -> Context:
    """Where a duty epoch's signature belongs."""
    return Context("duty epoch", 2, "vault_dutyepoch", "signature", epoch_id)


def duty_epoch_statement(epoch: DutyEpoch) -> bytes:
    """That these keys are the duty epoch of this number, opened that day."""
    return _statement(
        number=epoch.number,
        public=bytes(epoch.seal_public).hex(),
        sign=bytes(epoch.sign_public).hex(),
        day=epoch.opened_day.isoformat(),
    )


def case_key_context(key_id: str) -> Context:
    """Where a case key's signature belongs."""
    return Context("case key", 2, "vault_casekey", "signature", key_id)


def case_key_statement(key: CaseKey) -> bytes:
    """That these keys are this case's, from this epoch on; for the first also whose thread it was made for and which
    duty epoch that was taken from.
    """
    return _statement(
        case=key.case_id,
        epoch=key.epoch,
        public=bytes(key.seal_public).hex(),
        sign=bytes(key.sign_public).hex(),
        day=key.day.isoformat(),
        thread=key.thread,
        duty=key.duty_epoch_id or "",
    )


def case_key_link_context(key_id: str) -> Context:
    """Where the signature by the key before this one belongs."""
    return Context("case key link", 1, "vault_casekey", "link", key_id)


def duty_grant_context(grant: DutyGrant, column: str) -> Context:
    """The place of a duty grant's `sealed`, `wrapped` or `signature`."""
    return duty_grant_place(column, epoch_id=grant.epoch_id, member_id=grant.member_id)


def duty_grant_place(column: str, *, epoch_id: str, member_id: str) -> Context:
    """The same by ids, where no row was loaded."""
    return Context("duty grant", 1, "vault_dutygrant", column, f"{epoch_id}.{member_id}")


def duty_grant_statement(grant: DutyGrant) -> bytes:
    """That this sealed seed was granted to this member."""
    return _statement(
        epoch=grant.epoch_id,
        member=grant.member_id,
        sealed=bytes(grant.sealed).hex(),
        day=grant.day.isoformat(),
    )


def case_grant_context(grant: CaseGrant, column: str) -> Context:
    """The place of a case grant's `sealed`, `wrapped` or `signature`."""
    return case_grant_place(
        column,
        case_id=grant.key.case_id,
        key_id=grant.key_id,
        member_id=grant.member_id,
        epoch=grant.key.epoch,
        ends_day=grant.ends_day,
    )


def case_grant_place(
    column: str, *, case_id: str, key_id: str, member_id: str, epoch: int, ends_day: date | None
) -> Context:
    """The same by ids, where no row was loaded. The key's epoch and the grant's last day belong to its place: moved
    on, nothing opens.
    """
    row = f"{case_id}.{key_id}.{epoch}.{member_id}.{_last_day(ends_day)}"
    return Context("case grant", 2, "vault_casegrant", column, row)


def case_grant_statement(grant: CaseGrant) -> bytes:
    """That this sealed seed was granted to this member, until that day."""
    return _statement(
        key=grant.key_id,
        member=grant.member_id,
        sealed=bytes(grant.sealed).hex(),
        day=grant.day.isoformat(),
        ends=_last_day(grant.ends_day),
    )


def standby_context(share: StandbyShare, column: str) -> Context:
    """The place of a standby share's `sealed` or `signature`."""
    return Context("standby share", 1, "vault_standbyshare", column, f"{share.key_id}.{share.member_id}")


def standby_statement(share: StandbyShare) -> bytes:
    """That this sealed part of the key's seed was given to this coordinator."""
    sealed = bytes(share.sealed).hex()
    return _statement(key=share.key_id, member=share.member_id, sealed=sealed, day=share.day.isoformat())


def break_glass_context(act_id: str, member_id: str, column: str) -> Context:
    """The place of what one coordinator is told about an act: `sealed_reason` or `sealed_parts`."""
    return Context("break glass", 1, "vault_breakglasspart", column, f"{act_id}.{member_id}")


def break_glass_reason_context(act: BreakGlass) -> Context:
    """The place of the asker's signature over the reason; it lies sealed with it."""
    return Context("break glass reason", 1, "vault_breakglass", "reason", f"{act.pk}.{act.case_id}")


def _last_day(ends_day: date | None) -> str:
    return ends_day.isoformat() if ends_day else ""


def recovery_context(key_id: str) -> Context:
    """The place of a case seed sealed to the organisation's recovery key."""
    return Context("case recovery", 1, "vault_casekey", "recovery", key_id)


def duty_recovery_context(epoch_id: str) -> Context:
    """The place of a duty epoch's seed sealed to the organisation's recovery key."""
    return Context("duty recovery", 1, "vault_dutyepoch", "recovery", epoch_id)


def case_recovery_signature_context(key_id: str) -> Context:
    """The place of the signature over that copy."""
    return Context("case recovery signed", 1, "vault_casekey", "recovery_signature", key_id)


def duty_recovery_signature_context(epoch_id: str) -> Context:
    """The place of the signature over that copy."""
    return Context("duty recovery signed", 1, "vault_dutyepoch", "recovery_signature", epoch_id)


def sign_copy(key: SigningKey, context: Context, copy: bytes) -> bytes:
    """A signature over what is sealed to the recovery key."""
    return sign(key, context, hashlib.sha256(copy).digest())


def copy_is_signed(
    signer: Member, day: date, context: Context, copy: bytes | memoryview | None, signature: bytes
) -> bool:
    """Whether `signer`, certified on that day, signed this copy for this place; no copy is no signed one."""
    if copy is None:
        return False
    try:
        check_statement(signer, day, context, hashlib.sha256(bytes(copy)).digest(), signature)
    except EnvelopeError:
        return False
    return True


def check_statement(signer: Member, day: date, context: Context, message: bytes, signature: bytes) -> None:
    """Return if `signer`, certified on that day, signed `message` for `context`. EnvelopeError otherwise."""
    _fits(verified_signer(signer, day).raw, context, message, signature)


@lru_cache(maxsize=2048)
def _fits(public: bytes, context: Context, message: bytes, signature: bytes) -> None:
    """Remembers signatures that fitted; one that does not raises, and is looked at anew each time."""
    verify(SigningPublicKey(public), context, message, signature)


def _statement(**parts: str | int) -> bytes:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
