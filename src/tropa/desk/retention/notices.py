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
    "hold-lifted": ("ok", "check", _("The hold is lifted, and the clocks go on as if it had not been.")),
}
