"""The pages of keeping as they are drawn: what goes when, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tropa.desk.cases.models import Case, Phase
from tropa.desk.conf import conf
from tropa.desk.retention.asking import answer_of
from tropa.desk.retention.clocks import Due
from tropa.desk.retention.exhibits import own_messages
from tropa.desk.retention.models import Cause, Evidence, Exhibit, Receipt, What
from tropa.desk.retention.queries import kept
from tropa.desk.retention.writing_receipts import ReceiptLine, Standing, receipt_lines
from tropa.desk.staff.errors import NoServiceKey
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.models import Thread
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.vault.errors import NoGrant

RECEIPTS = 200
WORDS = 60


@dataclass(frozen=True, slots=True)
class GoingLine:
    """What goes, after which day (None: not by itself), and what else is to be known."""

    what: str
    last_day: date | None
    remark: str


@dataclass(frozen=True, slots=True)
class MessageChoice:
    """A message of theirs that may be marked or released."""

    id: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt in words."""

    number: int
    what: str
    held: str
    cause: str
    day: date
    last_backup_day: date
    standing: str
    false: bool


def keeping_context(reader: Reader, case: Case) -> dict[str, object]:
    """The whole page of one case. Raises NoGrant."""
    found = kept(reader=reader, case=case)
    thread = Thread.objects.filter(case=case).first()
    return {
        "case": case,
        "kept": found,
        "safe": case.phase == Phase.SAFE,
        "name": name_of(thread) if thread else "",
        "thread_address": reverse("desk:thread", args=[thread.pk]) if thread else "",
        "going": going_lines(found.due),
        "asking": answer_of(case),
        "messages": _choices(reader, case),
        "undecided": Evidence.objects.filter(case=case, decided_day=None).count(),
        "days": {"closed": conf.closed_days, "facts": conf.facts_days, "backup": conf.backup_days},
    }


def _choices(reader: Reader, case: Case) -> list[MessageChoice]:
    """Their own messages, by day and first words. None for somebody who holds the case from a later key on."""
    try:
        rows = own_messages(reader=reader, case=case)
    except NoGrant:
        return []
    return [
        MessageChoice(each, f"{date_format(body.at, 'j E, H:i')}: {_beginning(body)}") for each, body in rows
    ]


def _beginning(body: EntryBody) -> str:
    words = " ".join(body.text.split())
    files = ngettext("%(count)d file", "%(count)d files", len(body.files)) % {"count": len(body.files)}
    said = f"{words[:WORDS]}…" if len(words) > WORDS else words
    return f"{said} ({files})" if body.files else said


def going_lines(due: Due | None) -> list[GoingLine]:
    """What goes of a closed case; of an open one, what would go if it were closed today, without days."""
    whole = _("Thread, files, notes, triage card, plans, and the case's keys")
    facts = _("Plan facts, plans and steps")
    if due is None:
        return []
    lines = []
    if due.facts_last_day is not None:
        remark = (
            _("A step's check-in is still awaited: they stay until it is settled.") if due.expected else ""
        )
        stays = due.waiting or due.expected or due.asks_first
        lines.append(GoingLine(facts, None if stays else due.facts_last_day, remark))
    remark = _("Somebody waits for an answer: nothing goes before it was given.") if due.waiting else ""
    if due.asks_first:
        remark = _("They asked to record abuse: nothing goes before they agreed to it.")
    stays = due.waiting or due.asks_first
    lines.append(GoingLine(whole, None if stays else due.last_day, remark))
    return lines


def receipts_context() -> dict[str, object]:
    """The page of receipts."""
    try:
        lines = receipt_lines(most=RECEIPTS)
        exhibits = list(Exhibit.objects.order_by("-day", "pk"))
    except (NoServiceKey, OSError):
        return {"receipts": [], "unreadable": True}
    return {"receipts": [_row(line) for line in lines], "unreadable": False, "exhibits": exhibits}


def _row(line: ReceiptLine) -> ReceiptRow:
    receipt = line.receipt
    return ReceiptRow(
        number=receipt.pk,
        what=_what(What(receipt.what)),
        held=_held(receipt),
        cause=_cause(Cause(receipt.cause)),
        day=receipt.day,
        last_backup_day=receipt.last_backup_day,
        standing=_standing(line.standing),
        false=line.standing is Standing.FALSE,
    )


def _what(what: What) -> str:
    match what:
        case What.CASE:
            return _("A case, with its keys")
        case What.THREAD:
            return _("A thread without a case")
        case What.FACTS:
            return _("Plan facts and plans of a closed case")
        case What.EVIDENCE:
            return _("A message that showed who somebody is")
        case _unknown:
            assert_never(_unknown)


def _held(receipt: Receipt) -> str:
    """What it held, in numbers made up to powers of two."""
    parts = []
    if receipt.entries:
        text = ngettext("at most %(count)d entry", "at most %(count)d entries", receipt.entries)
        parts.append(text % {"count": receipt.entries})
    if receipt.files:
        text = ngettext("at most %(count)d file", "at most %(count)d files", receipt.files)
        parts.append(text % {"count": receipt.files})
    if receipt.plans:
        text = ngettext("at most %(count)d plan", "at most %(count)d plans", receipt.plans)
        parts.append(text % {"count": receipt.plans})
    return ", ".join(parts)


def _cause(cause: Cause) -> str:
    match cause:
        case Cause.RETENTION:
            return _("its time was over")
        case Cause.APPLICANT:
            return _("whoever wrote it erased it")
        case Cause.UNFINISHED:
            return _("begun before, and ended after a crash")
        case _unknown:
            assert_never(_unknown)


def _standing(standing: Standing) -> str:
    match standing:
        case Standing.SIGNED:
            return _("signed")
        case Standing.NOT_YET:
            return _("is signed within five minutes")
        case Standing.FALSE:
            return _("DOES NOT HOLD: the row was changed, or nothing outside the database says so")
        case _unknown:
            assert_never(_unknown)
