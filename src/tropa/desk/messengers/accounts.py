"""How the accounts do, and what of the outbox needs a look: counts, states and hours, and nothing about people.

An account's word about itself counts only while its process speaks: one that has said nothing for some minutes is
silent, whatever it said last. What ended unknown or undelivered belongs to no account here, for its row does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tropa.desk.messengers.models import ChannelHealth, Outgoing, OutgoingState, Standing
from tropa.desk.messengers.queries import NOT_DELIVERED

SILENT_AFTER = timedelta(minutes=3)


class Doing(StrEnum):
    """How an account does, as far as anybody can tell."""

    CONNECTED = "ok"
    IN_PART = "degraded"
    CUT_OFF = "down"
    NEEDS_PERSON = "needs_person"
    SILENT = "silent"  # its process does not run, or hangs


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """One account. `last_in` and `last_out` are whole hours; `waiting` is how many of its messages wait at most."""

    account: str
    channel: str
    doing: Doing
    code: str
    beat: datetime
    last_in: datetime | None
    last_out: datetime | None
    waiting: int
    held_until: datetime | None

    @property
    def well(self) -> bool:
        """Whether nobody has to look."""
        return self.doing is Doing.CONNECTED


@dataclass(frozen=True, slots=True)
class Outbox:
    """All accounts together. `unknown` and `undelivered` are those nobody has seen yet."""

    waiting: int
    unknown: int
    undelivered: int


def account_healths(*, now: datetime) -> list[AccountHealth]:
    """Every account that ever ran here and was not removed, by name. One query."""
    return [_health(row, now) for row in ChannelHealth.objects.order_by("account")]


def outbox() -> Outbox:
    """How many messages wait, and how many ended so that somebody has to look. Two queries."""
    unseen = Outgoing.objects.filter(state__in=NOT_DELIVERED, settled=False)
    states = list(unseen.values_list("state", flat=True))
    unknown = states.count(OutgoingState.UNKNOWN)
    waiting = Outgoing.objects.filter(state__in=[OutgoingState.QUEUED, OutgoingState.SENDING]).count()
    return Outbox(waiting, unknown, len(states) - unknown)


def _health(row: ChannelHealth, now: datetime) -> AccountHealth:
    held = row.held_until if row.held_until is not None and row.held_until > now else None
    return AccountHealth(
        account=row.account,
        channel=row.channel,
        doing=_doing(row, now),
        code=row.code,
        beat=row.beat,
        last_in=row.last_in,
        last_out=row.last_out,
        waiting=row.waiting_out,
        held_until=held,
    )


def _doing(row: ChannelHealth, now: datetime) -> Doing:
    if now - row.beat > SILENT_AFTER:
        return Doing.SILENT
    match row.standing:
        case Standing.OK:
            return Doing.CONNECTED
        case Standing.DEGRADED:
            return Doing.IN_PART
        case Standing.NEEDS_PERSON:
            return Doing.NEEDS_PERSON
        case _:
            return Doing.CUT_OFF
