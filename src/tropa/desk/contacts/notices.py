"""What may be said after a form of the contact points was posted, by code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tropa.desk.frame import Said

SAID: dict[str, Said] = {
    "list-proposed": (
        "",
        "people",
        _("Signed with your key. It counts once another coordinator has signed the very same list."),
    ),
    "list-published": ("ok", "check", _("Signed by two. From now on this is the list people compare with.")),
    "list-withdrawn": (
        "danger",
        "danger",
        _("No list is in force now. People are told so; the next list needs both signatures."),
    ),
    "notice-proposed": (
        "",
        "people",
        _(
            "Signed with your key. It goes to nobody before another coordinator has signed the very same text."
        ),
    ),
    "notice-published": ("ok", "check", _("Signed by two. From now on it goes to those who asked for it.")),
    "notice-stopped": ("danger", "danger", _("Stopped: no notice goes out any more.")),
    "publishing-asked": ("", "lock", _("Your key waits for the trustees. Read its name out to them.")),
}
