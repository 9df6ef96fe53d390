"""What can be taken back right after it was done: the notice that says an act was done carries the button.

Which thread or answer was meant stands in the address as its id, which is a random number; a state that no longer fits
makes the button do nothing, never something else.
"""

from __future__ import annotations

import re
from dataclasses import replace

from django.http import HttpRequest
from django.urls import reverse

from tropa.desk.frame import Notice, Said, notices_said

TAKEN_BACK_BY = {
    "taken": "give-back",
    "snoozed": "wake",
    "settled": "unsettle",
    "assigned": "decline-assignment",
    "sent": "take-back",
    "queued": "take-back",
}
"""The address that undoes an act, by the code of what is said after it: of a thread, or of an answer."""
AN_ID = re.compile(r"[0-9a-f]{32}")


def removed(said: Said, name: str, back: tuple[tuple[str, str], ...]) -> list[Notice]:
    """That something was removed, with the button that sends it to where it is kept: `name` of the page, and what the
    page is told. It lies nowhere but in this one; with nothing in `back` there is no way back.
    """
    kind, icon, text = said
    return [Notice(kind, icon, str(text), undo=reverse(f"desk:{name}") if back else "", back=back)]


def notices_to_undo(request: HttpRequest) -> list[Notice]:
    """What is said after an act, with the way back where there is one."""
    said, done = request.GET.get("said", ""), request.GET.get("done", "")
    notices = notices_said(request)
    if said not in TAKEN_BACK_BY or not AN_ID.fullmatch(done):
        return notices
    address = reverse(f"desk:{TAKEN_BACK_BY[said]}", args=[done])
    return [replace(notice, undo=address) for notice in notices]
