"""What is said after switching notices on or off."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SAID = {
    "push-on": (
        "ok",
        "check",
        _("This browser is told that something waits, and never what. You can end it here at any time."),
    ),
    "push-off": ("ok", "check", _("No browser of yours is told any more. Where it was reached is erased.")),
    "push-refused": (
        "danger",
        "danger",
        _("The browser named a push service this desk does not send to. Nothing was kept."),
    ),
}
