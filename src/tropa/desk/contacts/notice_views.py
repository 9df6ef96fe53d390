"""The page of the notice, for coordinators: what goes out and how far it is, what waits for a second signature, a new
one, and the button that stops it.
"""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tropa.desk.contacts import notice_services as services
from tropa.desk.contacts.errors import ForeignWords, NoList, NoPublishingKey, NotWaiting, OwnList, WrongNotice
from tropa.desk.contacts.in_force import genuine
from tropa.desk.contacts.notice_in_force import notice_in_force
from tropa.desk.contacts.notice_progress import PER_MINUTE, progress_of
from tropa.desk.frame import notices_said
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.staff.coordinating import coordinates

Done = str
MOST_DIGITS = 10


class Refused(Exception):
    """Nothing was done; the sentence says why."""


class NoticeForm(forms.Form):
    """The text in both languages; what may stand in it is decided by the service."""

    russian = forms.CharField(
        label=gettext_lazy("In Russian"),
        max_length=1000,
        min_length=20,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )
    english = forms.CharField(
        label=gettext_lazy("In English"),
        max_length=1000,
        min_length=20,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )


@require_http_methods(["GET", "POST"])
@unlocked
def contact_notice(request: UnlockedRequest) -> HttpResponse:
    """The page; posted, one act."""
    if not coordinates(request.reader):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, NoticeForm(), refused="")
    acts: dict[str, Callable[[UnlockedRequest], Done]] = {"propose": _propose, "sign": _sign, "stop": _stop}
    act = acts.get(request.POST.get("act", ""))
    form = NoticeForm(request.POST if act is _propose else None)
    if act is None:
        return _page(request, form, refused="", status=400)
    try:
        done = act(request)
    except NoPublishingKey:
        refused = _("You have no publishing key that is valid today. Ask for one at Contact points.")
    except NoList:
        refused = _("No list of contact points is in force. A notice is about a list: sign one first.")
    except Refused as why:
        refused = str(why)
    else:
        return redirect(f"{reverse('desk:contact-notice')}?said={done}")
    return _page(request, form, refused=refused, status=409)


def _propose(request: UnlockedRequest) -> Done:
    form = NoticeForm(request.POST)
    wrong = _("Nothing was signed. Each text has 20 to 1000 characters.")
    if not form.is_valid():
        raise Refused(wrong)
    try:
        typed = form.cleaned_data
        services.propose_notice(reader=request.reader, russian=typed["russian"], english=typed["english"])
    except ForeignWords as found:
        words = ", ".join(found.words[:10])
        refused = _(
            "Nothing was signed. This is neither an ordinary word nor an address of the list in force: %s"
        )
        raise Refused(refused % words) from None
    except WrongNotice:
        raise Refused(wrong) from None
    return "notice-proposed"


def _sign(request: UnlockedRequest) -> Done:
    number = request.POST.get("number", "")
    known = number.isascii() and number.isdigit() and len(number) < MOST_DIGITS
    try:
        services.sign_notice_as_second(
            reader=request.reader,
            notice_id=request.POST.get("notice", "")[:32],
            number=int(number) if known else 0,
        )
    except OwnList:
        raise Refused(_("You wrote this notice. Somebody else has to sign it.")) from None
    except NotWaiting:
        refused = _("That notice no longer waits, or it is not what its author signed. Nothing was signed.")
        raise Refused(refused) from None
    return "notice-published"


def _stop(request: UnlockedRequest) -> Done:
    services.stop_notice(reader=request.reader)
    return "notice-stopped"


def _page(request: UnlockedRequest, form: NoticeForm, *, refused: str, status: int = 200) -> HttpResponse:
    reader = request.reader
    found = notice_in_force(now=reader.now)
    context = {
        "section": "people",
        "list_in_force": genuine(now=reader.now) is not None,
        "in_force": found.notice if found else None,
        "progress": progress_of(found.id) if found else [],
        "rate": PER_MINUTE,
        "waiting": services.waiting_notice(reader=reader),
        "form": form,
        "refused": refused,
        "notices": notices_said(request),
    }
    return render(request, "contacts/contact_notice.html", context, status=status)
