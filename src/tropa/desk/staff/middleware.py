"""Says who is behind a request: `request.visit`, `visit_token`, `member`, while unlocked `opened`, and `reader`
while it is their key that is open: in an empty desk there is no reader.

An idle visit is locked here, a lapsed or revoked one is nobody; an unlocked one is locked whose key is not the
one certified for its person, which only somebody who writes to the database could have made. A clock set back opens
nothing for anybody. Nothing of it reaches a log.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.staff import queries, services, visits
from tropa.desk.staff.cookies import VISIT_COOKIE
from tropa.desk.staff.empty_desk import EmptyDesk
from tropa.desk.staff.errors import KeysDoNotMatch
from tropa.desk.staff.models import Visit
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.errors import ClockSetBack
from tropa.desk.vault.last_act import require_time_runs_on
from tropa.envelope import CannotOpen

LONGEST_TOKEN = 64
ASKED_BY_PAGES = "/live/"
BY_PAGE = "HTTP_X_BY_PAGE"
"""What an open page asks by itself: an empty chair must not keep the desk open."""


class StaffMiddleware:
    """Finds the visit of a request's cookie: one query, and one write a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, knowing who asks."""
        now = clock.now()
        try:
            require_time_runs_on(now)
        except ClockSetBack:
            return render(request, "staff/clock.html", status=503)
        token = request.COOKIES.get(VISIT_COOKIE, "")
        visit = queries.visit_of(token, now) if 0 < len(token) <= LONGEST_TOKEN else None
        there = request.path != ASKED_BY_PAGES and BY_PAGE not in request.META
        opened = _opened(visit, token, now, there=there) if visit else None
        vars(request).update(
            visit=visit,
            visit_token=token if visit else "",
            member=visit.member if visit else None,
            opened=opened,
            reader=opened if isinstance(opened, Reader) else None,
        )
        return self.get_response(request)


def _opened(visit: Visit, token: str, now: datetime, *, there: bool) -> Reader | EmptyDesk | None:
    """The person with their open key or in their empty desk; None, and locked from now on, when the visit was idle,
    does not open, or opens another key than theirs. `there`: a person asks, so the idle lock is put off.
    """
    if visit.sealed_seed is None:
        return None
    if visit.idle_after <= now:
        services.lock(visit=visit)
        return None
    try:
        seed = visits.open_seed(bytes(visit.sealed_seed), token)
        opened = services.opened_by(member=visit.member, seed=seed, now=now)
    except (CannotOpen, KeysDoNotMatch):
        refuse(table="staff_visit", row=visit.pk, day=now.date())
        services.lock(visit=visit)
        return None
    if there:
        services.touch(visit=visit, now=now)
    return opened
