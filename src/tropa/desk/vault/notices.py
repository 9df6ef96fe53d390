"""What is said after an act on who holds a case."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SAID = {
    "granted": ("ok", "check", _("They hold the case from now on.")),
    "revoked": (
        "ok",
        "check",
        _("Their access has ended, and the case has a new key. What they have read cannot be called back."),
    ),
    "asked-together": (
        "ok",
        "check",
        _("All coordinators see it. One of them has to open the case together with you within a week."),
    ),
    "opened-together": ("ok", "check", _("Both of you hold the case from now on. All coordinators see it.")),
    "shift-added": ("ok", "check", _("The shift stands, and its keys are prepared.")),
    "shift-removed": ("ok", "check", _("The shift is taken back, and the keys are prepared anew.")),
    "shift-refused": (
        "danger",
        "danger",
        _("Nothing was changed: the last day is over, or comes before the first."),
    ),
    "withdrawn-together": ("ok", "check", _("Taken back. Nobody can open the case with what you gave.")),
    "call-in-chosen": (
        "ok",
        "check",
        _("Kept, sealed to each coordinator alone. You can erase it here at any time."),
    ),
    "call-in-forgotten": ("ok", "check", _("Erased. Nobody here knows how to ask you.")),
    "call-in-refused": (
        "danger",
        "danger",
        _("Nothing was kept: choose a way and type one line of letters, digits and signs that can be seen."),
    ),
    "called-in": (
        "ok",
        "people",
        _("On shift today, with the keys of what waits. Tell them by the channel you agreed on."),
    ),
}
