"""Pages of signing in, unlocking, locking and leaving. Each view parses, calls one service, and answers."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.desk import clock
from tropa.desk.staff import cookies, passkeys, queries, services
from tropa.desk.staff.access import OpenedRequest, StaffRequest, opened, signed_in
from tropa.desk.staff.errors import SignInBusy, SignInRefused, UnlockRefused
from tropa.desk.staff.forms import PasskeyAnswerForm, SignInForm, UnlockForm
from tropa.desk.staff.models import Visit
from tropa.desk.staff.passkey_answers import site
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.tending import tend
from tropa.desk.talk.kept_typed import LONGEST_SEALED, keep_typed


def sign_in(request: HttpRequest) -> HttpResponse:
    """Pseudonym, password and code, or a passkey; says nothing about what of it was wrong."""
    form = SignInForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            visit, token = services.sign_in(
                now=clock.now(), instead_of=getattr(request, "visit", None), **form.cleaned_data
            )
        except SignInRefused:
            refused = _("That did not match. Nothing is lost: check all three and wait for a fresh code.")
        except SignInBusy:
            refused = _("Many people are signing in just now. Your entry is safe to repeat in a few seconds.")
        else:
            return _entered(visit, token)
    return _sign_in_page(request, form, refused)


@require_POST
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """What the script brings back from the browser."""
    form = PasskeyAnswerForm(request.POST)
    if form.is_valid():
        try:
            visit, token = passkeys.sign_in(
                now=clock.now(), instead_of=getattr(request, "visit", None), **form.cleaned_data
            )
        except SignInRefused:
            pass
        else:
            return _entered(visit, token)
    refused = _(
        "This passkey did not sign you in. Try it once more on this fresh page, or use password and code."
    )
    return _sign_in_page(request, SignInForm(), refused)


def _entered(visit: Visit, token: str) -> HttpResponse:
    response = redirect("desk:unlock")
    cookies.set_visit(response, token)
    cookies.set_language(response, visit.member.language)
    return response


def _sign_in_page(request: HttpRequest, form: SignInForm, refused: str) -> HttpResponse:
    context = {"form": form, "refused": refused, "organisation": queries.organisation_exists()}
    if context["organisation"] and site() is not None:
        options, challenge = passkeys.options_for_sign_in(now=clock.now())
        context |= {"passkey_options": options, "passkey_challenge": challenge}
    return render(request, "staff/sign_in.html", context, status=403 if refused else 200)


@signed_in
def unlock(request: StaffRequest) -> HttpResponse:
    """The passphrase; on success to the page that was wanted, else to Today."""
    form = UnlockForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            found = services.unlock(
                visit=request.visit,
                token=request.visit_token,
                passphrase=form.cleaned_data["passphrase"],
                now=clock.now(),
            )
        except UnlockRefused:
            refused = _("This passphrase does not open your key. Nothing is lost: try again.")
        except SignInBusy:
            refused = _("Many people are signing in just now. Your entry is safe to repeat in a few seconds.")
        else:
            if isinstance(found, Reader):
                tend(reader=found)
                if typed := keep_typed(reader=found, sealed=request.POST.get("kept", "")):
                    return render(request, "staff/handed_back.html", {"typed": typed})
            return redirect(_wanted(request, request.GET.get("next", "")))
    kept, wanted = request.POST.get("kept", "")[:LONGEST_SEALED], request.GET.get("next", "")
    return unlock_page(request, form=form, refused=refused, kept=kept, wanted=wanted)


def unlock_page(
    request: StaffRequest,
    *,
    form: UnlockForm | None = None,
    refused: str = "",
    kept: str = "",
    wanted: str = "",
) -> HttpResponse:
    """The page that asks for the passphrase; `kept` is what was typed while the desk locked itself, sealed."""
    address = reverse("desk:unlock") + (f"?{urlencode({'next': wanted})}" if wanted else "")
    context = {"form": form or UnlockForm(), "refused": refused, "kept": kept, "address": address}
    return render(request, "staff/unlock.html", context, status=403 if refused else 200)


@require_POST
@signed_in
def lock(request: StaffRequest) -> HttpResponse:
    """Close the key at once; the person stays signed in."""
    services.lock(visit=request.visit)
    return redirect("desk:unlock")


@require_POST
@opened
def stay(request: OpenedRequest) -> HttpResponse:
    """Somebody is still there: the asking itself has put the lock off. Answers how many seconds remain."""
    remaining = services.seconds_until_locked(visit=request.visit, now=clock.now())
    return HttpResponse(str(remaining), content_type="text/plain")


@require_POST
@signed_in
def sign_out(request: StaffRequest) -> HttpResponse:
    """End the visit and clear what the browser kept."""
    services.sign_out(visit=request.visit)
    response = redirect("desk:sign-in")
    cookies.clear_visit(response)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages and come back."""
    wanted = request.POST.get("language", "")
    response: HttpResponseRedirect = redirect(_wanted(request, request.POST.get("next", "")))
    if wanted in dict(settings.LANGUAGES):
        cookies.set_language(response, wanted)
    return response


def _wanted(request: HttpRequest, address: str) -> str:
    """The address to go on to, if it is one of ours; else Today."""
    if address and url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return address
    return "desk:today"
