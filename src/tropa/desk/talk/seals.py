"""Where each sealed part of a thread belongs, and how an entry is sealed, opened and signed.

An entry's place is its thread, its number in it and its own id: moved to another thread, another place or
another row, it does not open, and its signature does not verify.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

from tropa.desk.staff.models import Member
from tropa.desk.talk.models import Entry
from tropa.desk.vault.services import verified_caseworker
from tropa.desk.vault.statements import check_statement
from tropa.envelope import (
    BadSignature,
    Context,
    SealingKey,
    SealingPublicKey,
    SigningKey,
    SymmetricKey,
    open_sealed,
    seal,
    sign,
    unwrap,
    wrap,
)


def entry_context(entry: Entry, column: str) -> Context:
    """The place of an entry's `sealed`, `wrapped`, `sealed_applicant` or `signature`."""
    return entry_place(column, thread_id=entry.thread_id, sequence=entry.sequence, entry_id=entry.id)


def entry_place(column: str, *, thread_id: str, sequence: int, entry_id: str) -> Context:
    """The same by ids, where no row was loaded."""
    return Context("entry", 1, "talk_entry", column, f"{thread_id}.{sequence}.{entry_id}")


def seal_entry(entry: Entry, public: SealingPublicKey, body: bytes) -> bytes:
    """An entry's body for people on duty or a case."""
    return seal(public, entry_context(entry, "sealed"), body)


def open_entry(entry: Entry, key: SealingKey) -> bytes:
    """The same again. Raises CannotOpen."""
    return open_sealed(key, entry_context(entry, "sealed"), bytes(entry.sealed))


def seal_for_applicant(entry: Entry, public: SealingPublicKey, body: bytes) -> bytes:
    """An answer for the person who wrote."""
    return seal(public, entry_context(entry, "sealed_applicant"), body)


def open_for_applicant(entry: Entry, key: SealingKey) -> bytes:
    """The same again. Raises CannotOpen."""
    return open_sealed(key, entry_context(entry, "sealed_applicant"), bytes(entry.sealed_applicant or b""))


def wrap_entry(entry: Entry, key: SymmetricKey, body: bytes) -> bytes:
    """An opened body, kept under a symmetric key of the duty epoch or case so that the next
    opening is quick.
    """
    return wrap(key, entry_context(entry, "wrapped"), body, random=secrets.token_bytes)


def unwrap_entry(entry: Entry, key: SymmetricKey) -> bytes:
    """The same again. Raises CannotOpen."""
    return unwrap(key, entry_context(entry, "wrapped"), bytes(entry.wrapped or b""))


def sign_entry(entry: Entry, key: SigningKey, body: bytes) -> bytes:
    """The author's signature over thread, place, id and content."""
    return sign(key, entry_context(entry, "signature"), hashlib.sha256(body).digest())


def check_answer(entry: Entry, author: Member, day: date, body: bytes) -> None:
    """`check_entry`, and that `author` was then certified to answer people: an adviser or coordinator."""
    verified_caseworker(author, day)
    check_entry(entry, author, day, body)


def check_entry(entry: Entry, author: Member, day: date, body: bytes) -> None:
    """Return if `author`, certified on that day up to the pinned root, signed this very entry.

    Raises BadSignature or BadCertificate.
    """
    if entry.signature is None:
        raise BadSignature
    check_statement(
        author, day, entry_context(entry, "signature"), hashlib.sha256(body).digest(), bytes(entry.signature)
    )
