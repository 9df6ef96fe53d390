"""What is said after an act on who holds a case or has a shift, and the way back from a change of shifts."""

from __future__ import annotations

import re
from dataclasses import replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tropa.desk.frame import Notice, notices_said
from tropa.desk.vault.models import Shift

AN_ID = re.compile(r"[0-9a-f]{32}")
OF_A_SHIFT = ("member", "first_day", "last_day", "from_hour", "until_hour")
A_SHIFT = re.compile(r"([0-9a-f]{32})\.(\d{4}-\d\d-\d\d)\.(\d{4}-\d\d-\d\d)\.(\d\d?)\.(\d\d?)", re.ASCII)

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


def told_of(shift: Shift) -> str:
    """A shift as an address says it, for `shifts_to_undo`."""
    hours = f"{shift.from_hour}.{shift.until_hour}"
    return f"{shift.member_id}.{shift.first_day.isoformat()}.{shift.last_day.isoformat()}.{hours}"


def shifts_to_undo(request: HttpRequest) -> list[Notice]:
    """What is said on the calendar; after a shift was added or taken back with the button that undoes it. Which
    one stands in the address, where anything that is none brings no button.
    """
    said, done, notices = request.GET.get("said", ""), request.GET.get("done", ""), notices_said(request)
    if said == "shift-added" and AN_ID.fullmatch(done):
        return [replace(one, undo=reverse("desk:remove-shift", args=[done])) for one in notices]
    shift = A_SHIFT.fullmatch(done)
    if said == "shift-removed" and shift is not None:
        back = tuple(zip(OF_A_SHIFT, shift.groups(), strict=True))
        return [replace(one, undo=reverse("desk:add-shift"), back=back) for one in notices]
    return notices
