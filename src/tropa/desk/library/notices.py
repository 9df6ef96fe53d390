"""What may be said after a form of the library was posted, by code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tropa.desk.frame import Said

SAID: dict[str, Said] = {
    "answer-waits": (
        "",
        "people",
        _("Proposed and signed with your key. Nobody gets it until somebody else has approved it."),
    ),
    "answer-approved": ("ok", "check", _("Approved and signed with your key. From now on it is the answer.")),
    "answer-declined": ("ok", "check", _("Declined. What stood before stays.")),
}
