"""What is said after an act on a thread."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SAID = {
    "taken": (
        "ok",
        "check",
        _("The thread is yours now, with a second holder. The rest of the shift can no longer read it."),
    ),
    "sent": ("ok", "check", _("Sealed and ready: the person sees it when they next open their code.")),
    "queued": (
        "ok",
        "check",
        _("Sealed and signed. It goes out by messenger; how it ends stands beside it."),
    ),
    "draft": ("ok", "check", _("Draft kept, sealed to the case.")),
    "note": ("ok", "check", _("Note kept. The person never sees it.")),
}
