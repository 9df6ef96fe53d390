"""The page of the contact points, for coordinators: the list in force, the one that waits, a new one, one's own key.

The view parses, calls one service, and answers. Everything on it is public; only who may sign is not for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tropa.desk.contacts import publishing, services
from tropa.desk.contacts.errors import NoPublishingKey, NotWaiting, OwnList, WrongList
from tropa.desk.contacts.forms import ListForm
from tropa.desk.contacts.in_force import genuine
from tropa.desk.contacts.queries import own_key, waiting_list
from tropa.desk.contacts.words import list_card
from tropa.desk.frame import notices_said
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.staff.coordinating import coordinates
from tropa.envelope import BadContactList

Done = str
Refused = tuple[str, ListForm | None]


@require_http_methods(["GET", "POST"])
@unlocked
def contact_points(request: UnlockedRequest) -> HttpResponse:
    """The page; posted, one act."""
    if not coordinates(request.reader):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, form=None, refused="")
    acts: dict[str, Callable[[UnlockedRequest], Done | Refused]] = {
        "propose": _propose,
        "sign": _sign,
        "withdraw": _withdraw,
        "ask": _ask,
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        return _page(request, form=None, refused="", status=400)
    done = act(request)
    if isinstance(done, str):
        return redirect(f"{reverse('desk:contact-points')}?said={done}")
    refused, form = done
    return _page(request, form=form, refused=refused, status=409)


def _propose(request: UnlockedRequest) -> Done | Refused:
    form, today = ListForm(request.POST), request.reader.now.date()
    if not form.is_valid():
        return _("Something in the list is not right; see below. Nothing was signed."), form
    last = today + timedelta(days=form.cleaned_data["days"])
    try:
        services.propose(reader=request.reader, points=form.points(today), last=last)
    except NoPublishingKey:
        return _no_key(), form
    except (WrongList, BadContactList):
        refused = _(
            "This cannot be signed. Each line needs a channel and an address of Latin letters and signs without "
            "blanks, once; days lie in the past; and the list may not outlast your publishing key."
        )
        return refused, form
    return "list-proposed"


def _sign(request: UnlockedRequest) -> Done | Refused:
    number = request.POST.get("number", "")
    try:
        services.sign_as_second(
            reader=request.reader,
            list_id=request.POST.get("list", "")[:32],
            number=int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0,
        )
    except NoPublishingKey:
        return _no_key(), None
    except OwnList:
        return _("You wrote this list. Somebody else has to sign it."), None
    except NotWaiting:
        return _("That list no longer waits, or it is not what its author signed. Nothing was signed."), None
    return "list-published"


def _withdraw(request: UnlockedRequest) -> Done | Refused:
    if request.POST.get("sure") != "on":
        return _("Tick that you mean it. Nothing was changed."), None
    services.withdraw(reader=request.reader)
    return "list-withdrawn"


def _ask(request: UnlockedRequest) -> Done | Refused:
    publishing.ask_key(reader=request.reader)
    return "publishing-asked"


def _no_key() -> str:
    return _("You have no publishing key that is valid today. Ask for one below; trustees certify it.")


def _page(
    request: UnlockedRequest, *, form: ListForm | None, refused: str, status: int = 200
) -> HttpResponse:
    reader = request.reader
    found, language = genuine(now=reader.now), get_language() or "ru"
    waiting = waiting_list(reader=reader)
    context = {
        "section": "people",
        "in_force": list_card(found.contacts, language) if found else None,
        "fingerprint": found.fingerprint if found else "",
        "waiting": waiting,
        "waiting_card": list_card(waiting.contacts, language) if waiting else None,
        "key": own_key(reader=reader),
        "form": form or ListForm(points=found.contacts.points if found else ()),
        "refused": refused,
        "notices": notices_said(request),
    }
    return render(request, "contacts/contact_points.html", context, status=status)
