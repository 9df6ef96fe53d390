"""Who may reach a view: anybody signed in, or only somebody whose key is open.

Whoever unlocked under duress is in an empty desk: there every page is missing that does not say itself what it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from tropa.desk.staff.empty_desk import EmptyDesk
from tropa.desk.staff.models import Member, Visit
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.errors import NoGrant

Arguments = ParamSpec("Arguments")


class StaffRequest(HttpRequest):
    """A request as the staff middleware leaves it. Behind `signed_in`, visit and member are there."""

    visit: Visit
    visit_token: str
    member: Member
    reader: Reader | None
    opened: Reader | EmptyDesk | None


class UnlockedRequest(StaffRequest):
    """A request behind `unlocked`."""

    reader: Reader


class OpenedRequest(StaffRequest):
    """A request behind `opened`, or in an empty desk."""

    opened: Reader | EmptyDesk


Guarded = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def signed_in(
    view: Callable[Concatenate[StaffRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """Lets signed-in people through; sends everybody else to the sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if getattr(request, "member", None) is None:
            return _elsewhere(request, resolve_url("desk:sign-in"))
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # the middleware has set what it names

    return guarded


def unlocked(view: Callable[Concatenate[UnlockedRequest, Arguments], HttpResponse]) -> Guarded[Arguments]:
    """Lets people with an open key through; others sign in or unlock first, and come back to a page they
    asked for. In an empty desk the page is not there.
    """
    return _guarded(view, None)


def unlocked_or_empty(
    empty: Callable[[OpenedRequest], HttpResponse],
) -> Callable[[Callable[Concatenate[UnlockedRequest, Arguments], HttpResponse]], Guarded[Arguments]]:
    """As `unlocked`; in an empty desk `empty` answers, which has no reader and so nothing to show."""
    return lambda view: _guarded(view, empty)


def unlocked_or_closed(
    closed: Callable[Concatenate[StaffRequest, Arguments], HttpResponse],
) -> Callable[[Callable[Concatenate[UnlockedRequest, Arguments], HttpResponse]], Guarded[Arguments]]:
    """As `unlocked`; what somebody signed in posts after the desk locked itself is answered by `closed`."""
    return lambda view: _guarded(view, None, closed)


def opened(view: Callable[[OpenedRequest], HttpResponse]) -> Guarded[[]]:
    """Lets people through whose passphrase opened their key or their empty desk: what is the account's alone."""
    return _guarded(view, view)  # type: ignore[arg-type]  # an unlocked request is an opened one


def _guarded(
    view: Callable[Concatenate[UnlockedRequest, Arguments], HttpResponse],
    empty: Callable[[OpenedRequest], HttpResponse] | None,
    closed: Callable[Concatenate[StaffRequest, Arguments], HttpResponse] | None = None,
) -> Guarded[Arguments]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if getattr(request, "member", None) is None:
            return _elsewhere(request, resolve_url("desk:sign-in"))
        if getattr(request, "opened", None) is None:
            if closed is not None and request.method == "POST":
                return closed(request, *args, **kwargs)  # type: ignore[arg-type]  # signed in, as it names
            back = f"?{urlencode({'next': request.path})}" if request.method == "GET" else ""
            return _elsewhere(request, resolve_url("desk:unlock") + back)
        if getattr(request, "reader", None) is None:
            if empty is None:
                raise Http404
            return empty(request)  # type: ignore[arg-type]  # the middleware has set what it names
        try:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # the middleware has set what it names
        except NoGrant:
            raise PermissionDenied from None

    return guarded


def _elsewhere(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser there; a part of a page asked for by script sends the whole page there."""
    if request.headers.get("X-Part"):
        return HttpResponse(status=204, headers={"X-Elsewhere": address})
    return redirect(address)
