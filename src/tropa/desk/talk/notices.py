"""What is said after an act on a thread."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SAID = {
    "typed-kept": (
        "ok",
        "lock",
        _("The desk had locked itself, so nothing was sent. What you typed is this thread's draft."),
    ),
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
    "taken-back": (
        "ok",
        "back",
        _(
            "Taken back: nobody had read it. It stands below as a draft, and the person waits for an answer again."
        ),
    ),
    "draft": ("ok", "check", _("Draft kept, sealed to the case.")),
    "note": ("ok", "check", _("Note kept. The person never sees it.")),
    "snoozed": ("ok", "clock", _("Put aside. It comes back by itself, and at once when the person writes.")),
    "woken": ("ok", "check", _("Back in its queue.")),
    "settled": (
        "ok",
        "check",
        _("Nothing to answer: the thread waits no longer and stays among your cases."),
    ),
    "unsettled": ("ok", "check", _("The person waits for an answer again.")),
    "given-back": ("ok", "people", _("Given back: whoever is on duty can read and take it.")),
    "view-kept": ("ok", "check", _("The view is kept under its name, sealed for you alone.")),
    "view-forgotten": ("ok", "check", _("The view is forgotten.")),
    "view-refused": ("stale", "info", _("The view was not kept: it needs a name, and one may keep twenty.")),
    "assigned": ("ok", "people", _("Given. They accept or decline; until then you are second holder.")),
    "accepted": ("ok", "check", _("The case is yours.")),
    "declined": ("ok", "check", _("The case is with whoever gave it again.")),
    "reply-kept": ("ok", "check", _("The text is kept for your team.")),
    "reply-removed": ("ok", "check", _("The text is removed.")),
    "handed-over": ("ok", "check", _("Sealed to whoever is on duty today and tomorrow.")),
    "hand-over-refused": (
        "stale",
        "info",
        _("The note was not kept: it is empty or longer than 2,000 letters, or there is no duty epoch."),
    ),
}
