"""The kinds of act the log knows. Names are stored, sealed: they are added to, never renamed."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What somebody did."""

    FOUNDED = "founded"
    INVITED = "invited"
    JOINED = "joined"
    NEWCOMER_REFUSED = "newcomer-refused"
    LEFT = "left"
    UNLOCKED = "unlocked"
    DUTY_OPENED = "duty-opened"
    DUTY_GRANTED = "duty-granted"
    TAKEN = "taken"
    GRANTED = "granted"
    REVOKED = "revoked"
    ROTATED = "rotated"
    SHARED_OUT = "shared-out"
    RECOVERED = "recovered"
    GLASS_ASKED = "glass-asked"
    GLASS_WITHDRAWN = "glass-withdrawn"
    GLASS_BROKEN = "glass-broken"
    RELEASED_TO_DUTY = "released-to-duty"
    REPLIED = "replied"
    CARD_SAVED = "card-saved"
    PHASE_CHANGED = "phase-changed"
    REVIEW_ASKED = "review-asked"
    APPROVED = "approved"
    RETURNED = "returned"
    STEP_RELEASED = "step-released"
    STEP_WITHDRAWN = "step-withdrawn"
    CERTIFIED = "certified"
    DESTROYED = "destroyed"
    ATLAS_CHANGED = "atlas-changed"
    ATLAS_STOPPED = "atlas-stopped"
    ATLAS_APPROVED = "atlas-approved"
    ATLAS_DECLINED = "atlas-declined"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    RECOVERY_CODE_USED = "recovery-code-used"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    PASSPHRASES_CHANGED = "passphrases-changed"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105  # the name of an act
    VISITS_ENDED = "visits-ended"
