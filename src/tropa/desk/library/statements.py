"""What the author of a text and the second person sign, and whose signature counts.

A statement is canonical JSON (sorted keys, UTF-8), signed for the row's own place: moved to another row, number or
answer it does not verify. Whoever was certified on the day the statement names counts; the two are never one person.
"""

from __future__ import annotations

import json
from datetime import date

from tropa.desk.library.models import AnswerChange, Decision
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.statements import check_statement
from tropa.desk.vault.trust import verified_certificate
from tropa.envelope import BadSignature, Context, sign


def sign_proposal(reader: Reader, row: AnswerChange) -> bytes:
    """The author's signature over a new row."""
    return sign(reader.seed.signing(), _place(row, "signature"), _proposed(row))


def sign_decision(reader: Reader, row: AnswerChange) -> bytes:
    """The second person's signature over the row, its place in force, and what they said of it."""
    return sign(reader.seed.signing(), _place(row, "second_signature"), _decided(row))


def check_answer_change(row: AnswerChange) -> None:
    """Return if the row is what its author signed, and what the second person signed where there is one. Raises
    BadSignature or BadCertificate.
    """
    author = verified_certificate(row.author, row.day).sign_public.raw
    check_statement(row.author, row.day, _place(row, "signature"), _proposed(row), bytes(row.signature))
    if row.decision == Decision.WAITING:
        return
    second, day = _second(row)
    if verified_certificate(second, day).sign_public.raw == author:
        raise BadSignature  # one key under two names is one person
    check_statement(
        second, day, _place(row, "second_signature"), _decided(row), bytes(row.second_signature or b"")
    )


def _second(row: AnswerChange) -> tuple[Member, date]:
    if row.second is None or row.second_day is None or row.second_id == row.author_id:
        raise BadSignature
    return row.second, row.second_day


def _place(row: AnswerChange, column: str) -> Context:
    return Context("answer change", 1, "library_answerchange", column, row.pk)


def _proposed(row: AnswerChange) -> bytes:
    return _canonical(
        number=row.number,
        answer=row.answer,
        content=row.content,
        day=row.day.isoformat(),
        author=row.author_id,
    )


def _decided(row: AnswerChange) -> bytes:
    return _canonical(
        proposal=bytes(row.signature).hex(),
        decision=row.decision,
        place=row.place or 0,
        day=row.second_day.isoformat() if row.second_day else "",
        second=row.second_id or "",
    )


def _canonical(**parts: str | int) -> bytes:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
