"""Receipts: written in the transaction in which rows go, signed by the next round of housekeeping, for coordinators.

The drop destroys too and holds no key, so the desk's service key signs afterwards, and only what the file outside the
database says as well: whoever writes rows gets no receipt for what is still there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Count

from tropa.desk import clock
from tropa.desk.append_only import book
from tropa.desk.audit.refusals import refuse
from tropa.desk.conf import conf
from tropa.desk.plans.models import Plan
from tropa.desk.receipts import FILE, Destroyed, line
from tropa.desk.retention.models import Cause, Receipt, What
from tropa.desk.staff.errors import NoServiceKey
from tropa.desk.staff.service_key import service_seed
from tropa.desk.talk.models import Attachment, Entry, Thread
from tropa.desk.vault.models import CaseKey
from tropa.envelope import BadSignature, Context, SigningKey, sign, verify

SIGNED = ("id", "what", "cause", "day", "last_backup_day", "digest", "entries", "files", "plans", "keys")


class Standing(StrEnum):
    """What a receipt is worth."""

    SIGNED = "signed"
    NOT_YET = "not yet"
    FALSE = "false"  # its signature does not hold, or the file outside the database does not say so


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt, as coordinators read it."""

    receipt: Receipt
    standing: Standing


def receipts_for(
    *, cause: Cause, on: date, threads: Iterable[str], cases: Iterable[str], facts: Mapping[str, str]
) -> list[Receipt]:
    """Receipts, not stored yet, for rows that are still there: cases with their threads, threads without a case, and
    plan facts (case id to the line's id).
    """
    cases, threads, planned = list(cases), list(threads), list(facts)
    alone = Thread.objects.filter(pk__in=threads, case=None).values_list("pk", flat=True)
    made = [(What.CASE, each, line(Destroyed.CASE, each)) for each in cases]
    made += [(What.THREAD, each, line(Destroyed.THREAD, each)) for each in alone]
    made += [(What.FACTS, each, line(Destroyed.FACTS, facts[each])) for each in planned]
    counts = _counts(cases, threads, [*cases, *planned])
    return [
        Receipt(
            what=what,
            cause=cause,
            day=on,
            last_backup_day=on + timedelta(days=conf.backup_days),
            digest=digest.decode(),
            **_contents(what, each, counts),
        )
        for what, each, digest in made
    ]


def receipts_for_evidence(*, cause: Cause, on: date, entries: Iterable[str]) -> list[Receipt]:
    """Receipts, not stored yet, for messages that are still there."""
    ids = list(entries)
    files = dict(
        Attachment.objects.filter(entry_id__in=ids).order_by().values_list("entry_id").annotate(Count("pk"))
    )
    return [
        Receipt(
            what=What.EVIDENCE,
            cause=cause,
            day=on,
            last_backup_day=on + timedelta(days=conf.backup_days),
            digest=line(Destroyed.ENTRY, each).decode(),
            entries=1,
            files=at_most(files.get(each, 0)),
        )
        for each in ids
    ]


def sign_receipts() -> int:
    """Sign what waits for it and stands outside the database too; how many. None where the service key is not."""
    waiting = list(Receipt.objects.filter(signature=None).order_by("pk"))
    if not waiting:
        return 0
    known, signed = book(FILE).known(), 0
    with suppress(NoServiceKey):
        key = _key()
        for receipt in waiting:
            if receipt.digest.encode() in known:
                receipt.signature = sign(key, _place(receipt), _statement(receipt))
                receipt.save(update_fields=["signature"])
                signed += 1
    return signed


def receipt_lines(*, most: int) -> list[ReceiptLine]:
    """The latest receipts, newest first. Raises NoServiceKey, OSError."""
    known, key = book(FILE).known(), _key()
    lines = [
        ReceiptLine(each, _standing(each, known, key)) for each in Receipt.objects.order_by("-pk")[:most]
    ]
    for one in lines:
        if one.standing is Standing.FALSE:
            refuse(table="retention_receipt", row=str(one.receipt.pk), day=clock.now().date())
    return lines


def _standing(receipt: Receipt, known: set[bytes], key: SigningKey) -> Standing:
    if receipt.signature is None:
        return Standing.NOT_YET if receipt.digest.encode() in known else Standing.FALSE
    try:
        verify(key.public, _place(receipt), _statement(receipt), bytes(receipt.signature))
    except BadSignature:
        return Standing.FALSE
    return Standing.SIGNED if receipt.digest.encode() in known else Standing.FALSE


def _counts(cases: list[str], threads: list[str], planned: list[str]) -> dict[str, dict[str, int]]:
    """Entries and files by thread and by case, plans and keys by case."""
    entries = Entry.objects.filter(thread_id__in=threads)
    files = Attachment.objects.filter(entry__thread_id__in=threads)
    found: dict[str, dict[str, int]] = {}
    for name, rows, group in (
        ("entries", entries, "thread_id"),
        ("entries", entries, "thread__case_id"),
        ("files", files, "entry__thread_id"),
        ("files", files, "entry__thread__case_id"),
        ("plans", Plan.objects.filter(case_id__in=planned), "case_id"),
        ("keys", CaseKey.objects.filter(case_id__in=cases), "case_id"),
    ):
        for each, count in rows.order_by().values_list(group).annotate(Count("pk")):
            if each:
                found.setdefault(each, {})[name] = at_most(count)
    return found


def _contents(what: What, row_id: str, counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    told = counts.get(row_id, {})
    return {"plans": told.get("plans", 0)} if what is What.FACTS else dict(told)


def at_most(count: int) -> int:
    """The count, made up to a power of two."""
    return 1 << (count - 1).bit_length() if count else 0


def _statement(receipt: Receipt) -> bytes:
    told = {name: str(getattr(receipt, name)) for name in SIGNED}
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def _place(receipt: Receipt) -> Context:
    return Context("receipt", 1, "retention_receipt", "signature", str(receipt.pk))


def _key() -> SigningKey:
    return SigningKey(service_seed().subkey("receipts").raw)
