"""What a volunteer does about a message that did not arrive, or may not have."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tropa.desk.messengers.models import Outgoing
from tropa.desk.messengers.settling import settle
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.talk.errors import NotTaken
from tropa.desk.vault.errors import NoGrant


@require_POST
@unlocked
def seen(request: UnlockedRequest, thread_id: str, key: str) -> HttpResponse:
    """Somebody who holds the case has seen how a message ended."""
    row = Outgoing.objects.select_related("thread__case").filter(key=key, thread_id=thread_id).first()
    if row is None:
        raise Http404
    try:
        settle(reader=request.reader, row=row)
    except (NoGrant, NotTaken):
        raise Http404 from None
    return redirect(reverse("desk:thread", args=[thread_id]))
