"""What the vault does for the other apps: keys made, granted and opened. The rules stand in the
modules beneath.
"""

from __future__ import annotations

from tropa.desk.vault.case_keys import (
    CasePublic,
    CaseSeed,
    case_public,
    grant_case,
    grant_seed,
    held_case_ids,
    make_case_key,
    open_case_seed,
    open_case_seeds,
)
from tropa.desk.vault.duty import (
    current_duty_epoch,
    duty_public,
    grant_duty,
    open_duty_epoch,
    open_duty_seed,
    open_duty_seeds,
)
from tropa.desk.vault.trust import (
    staff_signing_key,
    verified_caseworker,
    verified_certificate,
    verified_recipient,
    verified_signer,
)

__all__ = [
    "CasePublic",
    "CaseSeed",
    "case_public",
    "current_duty_epoch",
    "duty_public",
    "grant_case",
    "grant_duty",
    "grant_seed",
    "held_case_ids",
    "make_case_key",
    "open_case_seed",
    "open_case_seeds",
    "open_duty_epoch",
    "open_duty_seed",
    "open_duty_seeds",
    "staff_signing_key",
    "verified_caseworker",
    "verified_certificate",
    "verified_recipient",
    "verified_signer",
]
