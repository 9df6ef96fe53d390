"""Leaving a note for the next shift; it is read on Today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.talk.errors import TooLong
from tropa.desk.talk.hand_over import hand_over
from tropa.desk.vault.errors import NoDutyEpoch


@require_POST
@unlocked
def leave_note(request: UnlockedRequest) -> HttpResponse:
    """Seal it to whoever comes next."""
    try:
        hand_over(reader=request.reader, text=request.POST.get("text", ""))
    except (TooLong, ValueError, NoDutyEpoch):
        return redirect(f"{reverse('desk:today')}?said=hand-over-refused")
    return redirect(f"{reverse('desk:today')}?said=handed-over")
