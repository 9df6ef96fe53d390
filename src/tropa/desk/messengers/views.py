"""What a volunteer does about a message that did not arrive, or may not have; and how the accounts do."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tropa.desk.messengers.account_words import account_line
from tropa.desk.messengers.accounts import account_healths, outbox
from tropa.desk.messengers.models import Outgoing
from tropa.desk.messengers.settling import settle
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.talk.errors import NotTaken
from tropa.desk.vault.errors import NoGrant


@require_GET
@unlocked
def accounts(request: UnlockedRequest) -> HttpResponse:
    """How every account does, for coordinators: states, hours and counts, and nothing about people."""
    if not coordinates(request.reader):
        raise PermissionDenied
    now = request.reader.now
    lines = [account_line(one, now) for one in account_healths(now=now)]
    context = {"section": "people", "now": now, "lines": lines, "outbox": outbox()}
    return render(request, "messengers/accounts.html", context)


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
