"""What the vault does for the other apps: keys made, granted and opened. The rules stand in the
modules beneath.
"""

from __future__ import annotations

from tropa.desk.vault.break_glass import (
    ask_together,
    forget_asking,
    open_together,
    told_acts,
    withdraw_asking,
)
from tropa.desk.vault.case_grants import (
    grant_seed,
    held_case_ids,
    of_held_cases,
    open_case_seed,
    open_case_seeds,
)
from tropa.desk.vault.case_keys import CasePublic, CaseSeed, TakenFrom, case_public, make_case_key
from tropa.desk.vault.duty import (
    current_duty_epoch,
    duty_public,
    grant_duty,
    open_duty_epoch,
    open_duty_seed,
    open_duty_seeds,
)
from tropa.desk.vault.rotating import (
    due_for_a_key,
    grant_case,
    holders,
    lasting_holders,
    open_newest,
    revoke_case,
    rotate_case,
    rotate_what_is_due,
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
    "TakenFrom",
    "ask_together",
    "case_public",
    "current_duty_epoch",
    "due_for_a_key",
    "duty_public",
    "forget_asking",
    "grant_case",
    "grant_duty",
    "grant_seed",
    "held_case_ids",
    "holders",
    "lasting_holders",
    "make_case_key",
    "of_held_cases",
    "open_case_seed",
    "open_case_seeds",
    "open_duty_epoch",
    "open_duty_seed",
    "open_duty_seeds",
    "open_newest",
    "open_together",
    "revoke_case",
    "rotate_case",
    "rotate_what_is_due",
    "staff_signing_key",
    "told_acts",
    "verified_caseworker",
    "verified_certificate",
    "verified_recipient",
    "verified_signer",
    "withdraw_asking",
]
