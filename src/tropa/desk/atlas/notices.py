"""What may be said after a form of the atlas was posted, by code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tropa.desk.frame import Said

SAID: dict[str, Said] = {
    "fact-reviewed": ("ok", "check", _("Reviewed and signed with your key. Plans may rest on it.")),
    "source-reviewed": ("ok", "check", _("Reviewed and signed with your key, all that was ticked.")),
    "fact-changed": ("ok", "check", _("Changed and signed with your key. Plans that rest on it are marked.")),
    "other-noted": (
        "ok",
        "check",
        _("Noted as a conflict. What stands stays in force until somebody settles it."),
    ),
    "change-waits": (
        "",
        "people",
        _("Proposed. It changes nothing until somebody else has approved it; you cannot."),
    ),
    "change-approved": ("ok", "check", _("Approved and signed with your key. From now on it counts.")),
    "change-declined": ("ok", "check", _("Declined. What stood before stays in force.")),
    "conflict-settled": ("ok", "check", _("Settled and signed with your key.")),
    "fact-withdrawn": ("ok", "check", _("Our own word is taken back; the shared pack has no such fact.")),
    "withdraw-refused": (
        "",
        "info",
        _("There is nothing of ours to take back here, or something else rests on it."),
    ),
    "reason-missing": ("", "info", _("Without a sentence nobody can follow you later. Nothing was stored.")),
    "atlas-stopped": (
        "ok",
        "ban",
        _(
            "Stopped. Nothing leads there any more; plans that rested on it are void and their unread steps withdrawn."
        ),
    ),
    "stop-easing-asked": (
        "",
        "people",
        _("Proposed to lift the stop. It stands until somebody else has approved; you cannot."),
    ),
}
