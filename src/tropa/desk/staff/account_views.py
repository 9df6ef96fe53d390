"""Pages of one's own account. Each view parses, calls one service, and answers.

Recovery codes are shown on the page that answers the form, and on no other.
"""

from __future__ import annotations

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.desk import clock
from tropa.desk.frame import notices_said
from tropa.desk.staff import account, queries
from tropa.desk.staff.access import StaffRequest, UnlockedRequest, unlocked
from tropa.desk.staff.account_forms import NewPasswordForm, PasswordForm
from tropa.desk.staff.errors import SignInBusy, WrongPassword
from tropa.desk.staff.recovery_codes import kept_codes


@unlocked
def show(request: UnlockedRequest) -> HttpResponse:
    """The whole page."""
    return _page(request)


@require_POST
@unlocked
def change_password(request: UnlockedRequest) -> HttpResponse:
    """Another password; the other visits end."""
    form = NewPasswordForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            account.change_password(
                visit=request.visit,
                password=typed["password"],
                new_password=typed["new_password"],
                now=clock.now(),
            )
        except (WrongPassword, SignInBusy) as refused:
            form.add_error("password", _why(refused))
        else:
            return redirect(f"{reverse('desk:account')}?said=password-changed")
    return _page(request, password_form=form, status=403)


@require_POST
@unlocked
def make_codes(request: UnlockedRequest) -> HttpResponse:
    """New recovery codes, shown this once."""
    form = PasswordForm(request.POST, prefix="codes")
    if form.is_valid():
        try:
            codes = account.make_codes(
                visit=request.visit, password=form.cleaned_data["password"], now=clock.now()
            )
        except (WrongPassword, SignInBusy) as refused:
            form.add_error("password", _why(refused))
        else:
            return render(request, "staff/codes.html", {"section": "account", "codes": codes})
    return _page(request, codes_form=form, status=403)


@require_POST
@unlocked
def end_others(request: UnlockedRequest) -> HttpResponse:
    """End every other visit of this person."""
    account.end_other_visits(visit=request.visit, now=clock.now())
    return redirect(f"{reverse('desk:account')}?said=visits-ended")


def _page(request: StaffRequest, *, status: int = 200, **forms: Form) -> HttpResponse:
    context = {
        "section": "account",
        "codes": kept_codes(request.member),
        "visits": queries.visits_of(request.member),
        "password_form": NewPasswordForm(),
        "codes_form": PasswordForm(prefix="codes"),
        "notices": [
            *notices_said(request),
            *account.account_notices(member=request.member, on=clock.now().date()),
        ],
    }
    return render(request, "staff/account.html", context | forms, status=status)


def _why(refused: Exception) -> str:
    if isinstance(refused, SignInBusy):
        return _("Many people are signing in just now. Your entry is safe to repeat in a few seconds.")
    return _("This is not your password. Nothing was changed.")
