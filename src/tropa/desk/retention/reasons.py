"""Reasons for closing and holding: under a key of the case, each in its place, for whoever holds the case."""

from __future__ import annotations

import secrets

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.retention.errors import NoReason
from tropa.desk.retention.models import Closing, Hold
from tropa.desk.vault.errors import BeforeGrant
from tropa.desk.vault.services import CaseSeed
from tropa.envelope import CannotOpen, Context, unwrap, wrap

LONGEST_REASON = 500


def place(row: Closing | Hold) -> Context:
    """Where the reason of this row belongs."""
    if isinstance(row, Closing):
        return Context("reason for closing", 1, "retention_closing", "sealed_reason", row.case_id)
    ends = row.last_day.isoformat()
    return Context(
        "reason for holding", 1, "retention_hold", "sealed_reason", f"{row.pk}.{row.case_id}.{ends}"
    )


def seal_reason(row: Closing | Hold, reason: str, held: CaseSeed) -> None:
    """Put the reason into the row. Raises NoReason for an empty one."""
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not said:
        raise NoReason
    row.case_epoch = held.epoch
    row.sealed_reason = wrap(held.wrapping(), place(row), said.encode(), random=secrets.token_bytes)


def open_reason(row: Closing | Hold, held: CaseSeed) -> str:
    """The reason; empty where it does not open, or is from before somebody's access."""
    try:
        return unwrap(held.at(row.case_epoch).wrapping(), place(row), bytes(row.sealed_reason)).decode()
    except BeforeGrant:
        return ""
    except CannotOpen:
        refuse(table=row._meta.db_table, row=str(row.pk), day=clock.now().date())  # noqa: SLF001
        return ""
