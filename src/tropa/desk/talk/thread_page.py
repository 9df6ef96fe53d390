"""One thread as it is drawn: its entries in words, the card beside them, and who else looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from tropa.desk.cases.card import Card
from tropa.desk.cases.card_words import lines_of, verdict_words
from tropa.desk.cases.errors import CardDoesNotOpen
from tropa.desk.cases.models import Case, Urgency
from tropa.desk.cases.services import open_card
from tropa.desk.cases.triage import urgency_and_lane
from tropa.desk.library.in_reply import RestLine, rest_lines
from tropa.desk.messengers.delivery_words import remark_words
from tropa.desk.messengers.thread_part import MessengerPart, messenger_part
from tropa.desk.staff.models import Role
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.body import FileNote
from tropa.desk.talk.known import lane_of, urgency_of
from tropa.desk.talk.models import EntryKind, Thread
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.talk.queries import OpenEntry, Problem, claimed_by
from tropa.desk.vault.errors import BeforeGrant
from tropa.desk.words import lane_word, urgency_word


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry as the template prints it."""

    who: str
    at: datetime | None
    text: str = field(repr=False)
    ours: bool
    note: bool
    signal: str
    signal_danger: bool
    problem: str
    files: tuple[FileNote, ...]
    wanted: bool
    remarks: tuple[str, ...]
    rests: tuple[RestLine, ...]  # library answers it is made of
    state: str  # where an answer through a messenger stands
    state_bad: bool


def thread_context(reader: Reader, thread: Thread, entries: Sequence[OpenEntry] | None) -> dict[str, object]:
    """Everything around the answer form. `entries` None: the reader may not open this thread."""
    name = name_of(thread)
    other = claimed_by(thread=thread, reader=reader)
    part = messenger_part(reader, thread, entries) if entries is not None else None
    context: dict[str, object] = {
        "thread": thread,
        "case": thread.case,
        "name": name,
        "lane": lane_word(lane_of(thread.lane)),
        "urgency": urgency_word(urgency_of(thread.urgency)),
        "danger": thread.urgency == Urgency.NOW,
        "other_looking": other.pseudonym if other else "",
        "may_open": entries is not None,
        "may_know": entries is not None or reader.member.role != Role.RESEARCHER,
        "entries": [_line(entry, name.text, part) for entry in entries or ()],
        "messenger": part,
    }
    if thread.case is not None and entries is not None:
        context |= _card(reader, thread.case)
    return context


def _card(reader: Reader, case: Case) -> dict[str, object]:
    try:
        card, _version = open_card(reader=reader, case=case)
    except BeforeGrant:
        note = _("from before your access")
        return {"card_lines": [], "card_note": note, "verdict": _("Ask another holder what it says.")}
    except CardDoesNotOpen:
        return {
            "card_lines": [],
            "card_note": _("does not open"),
            "verdict": _("The stored card is damaged: ask again."),
        }
    note = _("%(answered)d of 10 answered") % {"answered": card.answered}
    return {"card_lines": lines_of(card), "card_note": note, "verdict": _verdict(card)}


def _verdict(card: Card) -> str:
    return verdict_words(urgency_and_lane(card))


def _line(entry: OpenEntry, name: str, part: MessengerPart | None) -> EntryLine:
    ours = entry.kind in {EntryKind.REPLY, EntryKind.NOTE}
    return EntryLine(
        who=entry.author.pseudonym if ours and entry.author else name,
        at=entry.at,
        text=entry.text,
        ours=entry.kind is EntryKind.REPLY,
        note=entry.kind is EntryKind.NOTE,
        signal=_signal(entry.kind),
        signal_danger=entry.kind is EntryKind.TALK_NOW,
        problem=_problem(entry.problem),
        files=entry.files,
        wanted=entry.wanted,
        remarks=tuple(remark_words(code) for code in entry.remarks),
        rests=rest_lines(entry.answers),
        state=part.state_of(entry.id) if part else "",
        state_bad=part is not None and part.is_bad(entry.id),
    )


def _signal(kind: EntryKind) -> str:
    if kind is EntryKind.SAFE:
        return _("I am safe")
    return _("I need to talk now") if kind is EntryKind.TALK_NOW else ""


def _problem(problem: Problem | None) -> str:
    match problem:
        case None:
            return ""
        case Problem.DOES_NOT_OPEN:
            return _(
                "It is damaged or was moved. Ask the person to write it again; the rest of the thread is whole."
            )
        case Problem.BEFORE_GRANT:
            return _("It is older than your access to this case, which was given without its history.")
        case Problem.NOT_SIGNED:
            return _("Its author's signature does not verify, so it is not shown. Tell a coordinator.")
