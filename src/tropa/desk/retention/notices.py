"""What is said after an act of keeping."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SAID = {
    "case-closed": (
        "ok",
        "check",
        _("The case is closed, and its clocks run. It can be reopened until they end."),
    ),
    "case-reopened": ("ok", "check", _("The case is open again. Nothing of it goes by itself.")),
    "case-held": (
        "ok",
        "check",
        _("The case is held. Nothing of it goes by itself before that day is over."),
    ),
    "asked-before": ("ok", "check", _("Their answer is recorded.")),
    "evidence-marked": ("ok", "check", _("Marked. It goes when you have decided about it.")),
    "decided": (
        "ok",
        "check",
        _("Decided. What showed who they are goes now, or after the days that are set."),
    ),
    "exhibit-released": ("ok", "check", _("Kept as an exhibit, whatever becomes of the case.")),
    "exhibit-destroyed": ("ok", "check", _("The exhibit is destroyed.")),
    "hold-lifted": ("ok", "check", _("The hold is lifted, and the clocks go on as if it had not been.")),
}
