"""Writing about a case: its triage card, and the urgency, lane and phase that stand in clear."""

from __future__ import annotations

import secrets

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.readings import note_reading
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.services import record
from tropa.desk.by_key import by_key
from tropa.desk.cases.card import BadCard, Card, Wish, decode, encode
from tropa.desk.cases.errors import CardChanged, CardDoesNotOpen
from tropa.desk.cases.models import Case, Lane, Phase, TriageCard, Urgency
from tropa.desk.cases.triage import Verdict, urgency_and_lane
from tropa.desk.retention.asking import note_wish
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Thread
from tropa.desk.talk.urgency import rank_of
from tropa.desk.vault.services import CaseSeed, case_public, open_case_seed, open_newest
from tropa.envelope import CannotOpen, Context, seal, unwrap, wrap


def open_card(*, reader: Reader, case: Case) -> tuple[Card, int]:
    """The card and its version, which saving it again must name; an empty card and 0 when there is none.

    Raises NoGrant, CardDoesNotOpen.
    """
    opened = open_case_seed(reader=reader, case=case)
    note_reading(reader=reader, held=case)
    stored = by_key(TriageCard, case.pk)
    if stored is None:
        return Card(), 0
    try:
        return decode(_content(stored, opened)), stored.version
    except (CannotOpen, BadCard):
        refuse(table="cases_triagecard", row=case.pk, day=reader.now.date())
        raise CardDoesNotOpen(stored.version) from None


@transaction.atomic
def save_card(*, reader: Reader, case: Case, card: Card, version: int) -> Verdict:
    """Store the card and let urgency, lane and, at first, the phase follow from it.

    `version` is the one `open_card` gave. Raises CardChanged when another has been saved since, NoGrant.
    """
    opened = open_newest(reader=reader, case=case)
    public = case_public(case)
    content = encode(card)
    values = {
        "epoch": public.epoch,
        "sealed": seal(public.public, _context(case.pk, "sealed", version + 1), content),
        "wrapped": wrap(
            opened.wrapping(), _context(case.pk, "wrapped", version + 1), content, random=secrets.token_bytes
        ),
        "version": version + 1,
    }
    if version == 0:
        _stored, created = TriageCard.objects.get_or_create(case=case, defaults=values)
        if not created:
            raise CardChanged
    elif not TriageCard.objects.filter(case=case, version=version).update(**values):
        raise CardChanged
    verdict = urgency_and_lane(card)
    _sort(case, verdict)
    note_wish(case, wants=Wish.ABUSE in card.wishes)
    record(reader=reader, act=Act.CARD_SAVED, detail={"case": case.pk}, now=reader.now)
    return verdict


@transaction.atomic
def set_phase(*, reader: Reader, case: Case, phase: Phase) -> None:
    """Say where a case stands. Raises NoGrant."""
    open_case_seed(reader=reader, case=case)
    closed = reader.now.date() if phase in {Phase.CLOSED, Phase.SAFE} else None
    Case.objects.filter(pk=case.pk).update(phase=phase, closed_day=closed)
    case.phase, case.closed_day = phase, closed
    record(reader=reader, act=Act.PHASE_CHANGED, detail={"case": case.pk, "phase": phase}, now=reader.now)


def _sort(case: Case, verdict: Verdict) -> None:
    """Urgency and lane in clear. A card that says nothing about one leaves what the person
    chose on arrival.
    """
    if verdict.urgency is not Urgency.UNSORTED:
        case.urgency = verdict.urgency
    if verdict.lane is not Lane.UNSORTED:
        case.lane = verdict.lane
    if case.phase == Phase.RECEIVED:
        case.phase = Phase.TRIAGED
    case.save(update_fields=["urgency", "lane", "phase"])
    Thread.objects.filter(case=case).update(
        urgency=case.urgency, urgency_rank=rank_of(Urgency(case.urgency)), lane=case.lane
    )


def _content(stored: TriageCard, opened: CaseSeed) -> bytes:
    """The card's bytes as a holder of the case wrapped them. `sealed` is for recovery alone: anybody can seal
    to a public key. Raises CannotOpen.
    """
    return unwrap(
        opened.at(stored.epoch).wrapping(),
        _context(stored.case_id, "wrapped", stored.version),
        bytes(stored.wrapped or b""),
    )


def _context(case_id: str, column: str, version: int) -> Context:
    """The version is part of the place: an older card put back does not open as the newest."""
    return Context("triage card", 1, "cases_triagecard", column, f"{case_id}.{version}")
