"""How messages ended, for those who may know it: in the thread they belong to, and what needs somebody on Today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tropa.desk.messengers.delivery import open_outcome
from tropa.desk.messengers.models import Outgoing, OutgoingKind, OutgoingState
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.keys import ThreadKeys
from tropa.desk.talk.models import Thread
from tropa.desk.vault.errors import BeforeGrant

NOT_DELIVERED = (
    OutgoingState.FAILED,
    OutgoingState.UNKNOWN,
    OutgoingState.EXPIRED,
    OutgoingState.REFUSED,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of somebody's, on its way or ended. `code` and `at` are empty where the outcome does not open."""

    key: str
    kind: OutgoingKind
    state: OutgoingState
    code: str
    at: datetime | None
    entry_id: str | None
    step_number: int | None
    settled: bool

    @property
    def needs_somebody(self) -> bool:
        """Whether it did not arrive, or may not have, and nobody has said that they saw it."""
        return self.state in NOT_DELIVERED and not self.settled


def deliveries(*, thread: Thread, keys: ThreadKeys) -> list[Delivery]:
    """Every answer and step of a thread that went, or is to go, through the gateway, oldest first. One query."""
    rows = Outgoing.objects.filter(thread=thread).exclude(kind=OutgoingKind.AUTOMATIC)
    return [_delivery(row, keys) for row in rows.select_related("release__step").order_by("pk")]


def undelivered(*, reader: Reader) -> QuerySet[Outgoing]:
    """Rows that need the reader: they wrote it, let it out, or hold the case."""
    member = reader.member
    mine = (
        Q(thread__case__lead=member)
        | Q(thread__case__second=member)
        | Q(entry__author=member)
        | Q(release__releaser=member)
        | Q(release__step__plan__author=member)
    )
    rows = Outgoing.objects.filter(mine, state__in=NOT_DELIVERED, settled=False)
    return rows.select_related("thread", "release__step").order_by("pk")


def _delivery(row: Outgoing, keys: ThreadKeys) -> Delivery:
    try:
        outcome = open_outcome(row, keys.at(row.case_epoch).sealing) if row.case_epoch is not None else None
    except BeforeGrant:
        outcome = None
    return Delivery(
        key=row.key,
        kind=OutgoingKind(row.kind),
        state=OutgoingState(row.state),
        code=outcome.code if outcome else "",
        at=outcome.at if outcome else None,
        entry_id=row.entry_id,
        step_number=row.release.step.number if row.release else None,
        settled=row.settled,
    )
