"""What the author of a change and the second person sign, and whose signature counts.

A statement is canonical JSON (sorted keys, UTF-8), signed for the change's own row: moved to another row, another
number or another fact it does not verify. Only researchers and coordinators count, by the certificate they had on the
day the statement names. The two are never one person.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Final

from tropa.desk.atlas.models import Change, Verdict
from tropa.desk.staff.models import Member, Role
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.statements import check_statement
from tropa.desk.vault.trust import verified_certificate
from tropa.envelope import BadCertificate, BadSignature, Context, sign

ROLES_OF_RESEARCH: Final = frozenset({Role.RESEARCHER.value, Role.COORDINATOR.value})


def sign_change(reader: Reader, row: Change) -> bytes:
    """The author's signature over a new row."""
    return sign(reader.seed.signing(), _place(row, "signature"), _proposed(row))


def sign_verdict(reader: Reader, row: Change) -> bytes:
    """The second person's signature over the row, its place in force, and what they said of it."""
    return sign(reader.seed.signing(), _place(row, "second_signature"), _decided(row))


def check_change(row: Change) -> None:
    """Return if the row is what its author signed, and what the second person signed where there is one. Raises
    BadSignature or BadCertificate.
    """
    _researcher(row.author, row.day)
    check_statement(row.author, row.day, _place(row, "signature"), _proposed(row), bytes(row.signature))
    match Verdict(row.verdict):
        case Verdict.NOT_NEEDED if row.place != row.number or row.second_id is not None:
            raise BadSignature
        case Verdict.APPROVED | Verdict.DECLINED:
            _check_second(row)
        case _:
            pass


def _check_second(row: Change) -> None:
    if row.second is None or row.second_day is None or row.second_id == row.author_id:
        raise BadSignature
    second = _researcher(row.second, row.second_day)
    if second == _researcher(row.author, row.day):
        raise BadSignature  # one key under two names is one person
    signature = bytes(row.second_signature or b"")
    check_statement(row.second, row.second_day, _place(row, "second_signature"), _decided(row), signature)


def _researcher(member: Member, day: date) -> bytes:
    certificate = verified_certificate(member, day)
    if certificate.role not in ROLES_OF_RESEARCH:
        raise BadCertificate("this role changes no facts")
    return certificate.sign_public.raw


def _place(row: Change, column: str) -> Context:
    return Context("atlas change", 1, "atlas_change", column, row.pk)


def _proposed(row: Change) -> bytes:
    """All of the row that its author chose. Whether it waits for a second person is a part of it: a proposal whose row
    is called in force by itself does not verify.
    """
    alone = row.verdict == Verdict.NOT_NEEDED
    return _canonical(
        number=row.number,
        subject=row.subject,
        act=row.act,
        content=row.content,
        day=row.day.isoformat(),
        author=row.author_id,
        alone=alone,
    )


def _decided(row: Change) -> bytes:
    return _canonical(
        proposal=bytes(row.signature).hex(),
        verdict=row.verdict,
        place=row.place or 0,
        day=row.second_day.isoformat() if row.second_day else "",
        second=row.second_id or "",
    )


def _canonical(**parts: str | int | bool) -> bytes:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
