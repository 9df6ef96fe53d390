"""Where each sealed value of the plans app belongs, and how a holder of the case opens it.

Only holders of a case write its plans, so only what is wrapped under the case's symmetric key is read: anybody
can seal to a public key, nobody else can wrap. What stands beside it in `sealed` is for recovery alone and is
never believed here. What was moved to another row or column does not open.
"""

from __future__ import annotations

import secrets
from typing import TypeVar

from tropa.desk.cases.models import Case
from tropa.desk.plans.models import Plan, PlanFacts, Release
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.services import CaseSeed, case_public
from tropa.envelope import Context, seal, unwrap, wrap

Row = TypeVar("Row", PlanFacts, Plan, Release)

_LABELS: dict[type, tuple[str, str]] = {
    PlanFacts: ("plan facts", "plans_planfacts"),
    Plan: ("plan", "plans_plan"),
    Release: ("release", "plans_release"),
}


def place(row: PlanFacts | Plan | Release, column: str) -> Context:
    """The context of one column of one row; facts that are saved again get a place of their own each time."""
    label, table = _LABELS[type(row)]
    name = f"{row.pk}.{row.version}" if isinstance(row, PlanFacts) else str(row.pk)
    return Context(f"{label} {column}", 1, table, column, name)


def release_signature_place(release_id: str) -> Context:
    """The place a releaser's signature is made for."""
    return Context("step release", 1, "plans_release", "released", release_id)


def seal_into(row: Row, case: Case, opened: CaseSeed, body: bytes) -> Row:
    """Set `sealed`, `wrapped` and `case_epoch` of an unsaved row. Raises NotCommitted for a planted case
    key, NoGrant for somebody who does not hold the newest.
    """
    public = case_public(case)
    if opened.epoch != public.epoch:
        raise NoGrant
    row.case_epoch = public.epoch
    row.sealed = seal(public.public, place(row, "sealed"), body)
    row.wrapped = wrap(opened.wrapping(), place(row, "wrapped"), body, random=secrets.token_bytes)
    return row


def open_row(row: PlanFacts | Plan | Release, opened: CaseSeed) -> bytes:
    """The row's content, as a holder of the case wrote it. Raises CannotOpen for anything else, BeforeGrant for what
    is older than the reader's access.
    """
    return unwrap(opened.at(row.case_epoch).wrapping(), place(row, "wrapped"), bytes(row.wrapped or b""))


def wrap_reason(plan: Plan, opened: CaseSeed, body: bytes) -> None:
    """Set the reason of a return, wrapped by a holder of the case under its newest key."""
    plan.reason_epoch = opened.epoch
    plan.sealed_reason = wrap(
        opened.wrapping(), place(plan, "sealed_reason"), body, random=secrets.token_bytes
    )


def open_reason(plan: Plan, opened: CaseSeed) -> bytes:
    """The reason again. Raises CannotOpen when no holder of the case wrote it, BeforeGrant as `open_row`."""
    wrapping = opened.at(plan.reason_epoch).wrapping()
    return unwrap(wrapping, place(plan, "sealed_reason"), bytes(plan.sealed_reason or b""))
