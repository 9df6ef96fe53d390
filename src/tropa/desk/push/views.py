"""Switching notices outside the page on and off. Each view parses, calls one service, and answers."""

from __future__ import annotations

import base64

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tropa.desk.push import services
from tropa.desk.push.errors import BadSubscription, PushOff
from tropa.desk.push.key import push_public
from tropa.desk.push.subscription import LONGEST, read_subscription
from tropa.desk.staff.access import OpenedRequest, opened
from tropa.desk.staff.models import Member


@require_POST
@opened
def switch_on(request: OpenedRequest) -> HttpResponse:
    """Keep what the browser said of itself."""
    try:
        subscription = read_subscription(request.POST.get("subscription", "")[: LONGEST + 1])
        seed = request.reader.seed if request.reader else None
        services.switch_on(member=request.member, seed=seed, subscription=subscription)
    except BadSubscription:
        return _back("push-refused")
    except PushOff:
        raise Http404 from None
    return _back("push-on")


@require_POST
@opened
def switch_off(request: OpenedRequest) -> HttpResponse:
    """Tell no browser of theirs any more."""
    services.switch_off(member=request.member)
    return _back("push-off")


def push_context(member: Member) -> dict[str, object]:
    """What one's own page shows of it: whether it is offered, whether it is on, and the key a browser is given."""
    on = services.is_on(member)
    public = push_public() if services.push_offered() else None
    key = base64.urlsafe_b64encode(public.sender).rstrip(b"=").decode() if public else ""
    return {"push_on": on, "push_key": key}


def _back(said: str) -> HttpResponse:
    return redirect(f"{reverse('desk:account')}?said={said}")
