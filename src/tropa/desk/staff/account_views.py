"""Pages of one's own account. Each view parses, calls one service, and answers.

Recovery codes are shown on the page that answers the form, and on no other.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.desk import clock
from tropa.desk.frame import notices_said
from tropa.desk.push.views import push_context
from tropa.desk.staff import account, passkeys, queries
from tropa.desk.staff.abilities import Abilities, abilities_of
from tropa.desk.staff.abilities import say_abilities as keep_abilities
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, opened, unlocked
from tropa.desk.staff.account_forms import (
    AbilitiesForm,
    NewPasswordForm,
    PasskeyForm,
    PassphrasesForm,
    PasswordForm,
)
from tropa.desk.staff.alarms import put_aside
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.staff.errors import (
    PasskeyRefused,
    SignInBusy,
    TooManyPasskeys,
    WrongPassphraseTyped,
    WrongPassword,
)
from tropa.desk.staff.models import Member
from tropa.desk.staff.passkey_answers import site
from tropa.desk.staff.recovery_codes import kept_codes
from tropa.desk.vault.call_in_views import call_in_context
from tropa.desk.words import lane_choices


@opened
def show(request: OpenedRequest) -> HttpResponse:
    """The whole page."""
    return _page(request)


@require_POST
@opened
def change_password(request: OpenedRequest) -> HttpResponse:
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
@opened
def change_passphrases(request: OpenedRequest) -> HttpResponse:
    """Both slots anew; the other visits end."""
    form = PassphrasesForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            account.change_passphrases(
                visit=request.visit,
                passphrase=typed["passphrase"],
                new=typed["new"],
                duress=typed["duress"],
                opened=request.opened,
            )
        except (WrongPassphraseTyped, SignInBusy) as refused:
            form.add_error("passphrase", _why(refused))
        else:
            return redirect(f"{reverse('desk:account')}?said=passphrases-changed")
    return _page(request, passphrases_form=form, status=403)


@require_POST
@opened
def make_codes(request: OpenedRequest) -> HttpResponse:
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
@opened
def say_abilities(request: OpenedRequest) -> HttpResponse:
    """What one can take on: colleagues are proposed threads by it."""
    form = AbilitiesForm(request.POST, lanes=lane_choices())
    if not form.is_valid():
        return _page(request, abilities_form=form, status=400)
    told = form.cleaned_data
    abilities = Abilities(frozenset(told["lanes"]), told["languages"], told["most_cases"] or 0, told["zone"])
    keep_abilities(member=request.member, abilities=abilities)
    return redirect(f"{reverse('desk:account')}?said=abilities-said")


@require_POST
@opened
def end_others(request: OpenedRequest) -> HttpResponse:
    """End every other visit of this person."""
    account.end_other_visits(visit=request.visit, now=clock.now())
    return redirect(f"{reverse('desk:account')}?said=visits-ended")


@require_POST
@unlocked
def put_alarm_aside(request: UnlockedRequest, sequence: int) -> HttpResponse:
    """Show a coordinator this alarm no more."""
    if not coordinates(request.reader):
        raise PermissionDenied
    put_aside(reader=request.reader, sequence=sequence)
    return redirect("desk:today")


@require_POST
@opened
def add_passkey(request: OpenedRequest) -> HttpResponse:
    """Keep a passkey the browser has just made."""
    form = PasskeyForm(request.POST, auto_id="passkey_%s")
    if form.is_valid():
        typed = form.cleaned_data
        try:
            account.check_password(member=request.member, password=typed["password"])
            passkeys.add(
                visit=request.visit,
                answer=typed["answer"],
                challenge=typed["challenge"],
                name=typed["name"],
                now=clock.now(),
            )
        except (WrongPassword, SignInBusy) as refused:
            form.add_error("password", _why(refused))
        except (PasskeyRefused, TooManyPasskeys) as refused:
            form.add_error(None, _why(refused))
        else:
            return redirect(f"{reverse('desk:account')}?said=passkey-added")
    return _page(request, passkey_form=form, status=403)


@require_POST
@opened
def remove_passkey(request: OpenedRequest) -> HttpResponse:
    """Forget one of one's own passkeys."""
    if not passkeys.remove(visit=request.visit, passkey_id=request.POST.get("passkey", ""), now=clock.now()):
        raise Http404
    return redirect(f"{reverse('desk:account')}?said=passkey-removed")


def _passkey_context(request: OpenedRequest) -> dict[str, object]:
    """What is asked of the browser to make one; nothing where the desk's address allows none."""
    kept = passkeys.passkeys_of(request.member)
    if site() is None:
        return {"passkeys": kept}
    options, challenge = passkeys.options_for_adding(visit=request.visit, now=clock.now())
    return {"passkeys": kept, "passkey_options": options, "passkey_challenge": challenge}


def _page(request: OpenedRequest, *, status: int = 200, **forms: Form) -> HttpResponse:
    context = (
        push_context(request.member)
        | call_in_context(request.member)
        | {
            "section": "account",
            "codes": kept_codes(request.member),
            "visits": queries.visits_of(request.member),
            "password_form": NewPasswordForm(),
            "passphrases_form": PassphrasesForm(),
            "codes_form": PasswordForm(prefix="codes"),
            "passkey_form": PasskeyForm(auto_id="passkey_%s"),
            "abilities_form": _abilities_form(request.member),
            "notices": [
                *notices_said(request),
                *account.account_notices(member=request.member, on=clock.now().date()),
            ],
        }
    )
    return render(request, "staff/account.html", context | _passkey_context(request) | forms, status=status)


def _abilities_form(member: Member) -> AbilitiesForm:
    said = abilities_of([member.pk]).get(member.pk, Abilities())
    initial = {
        "lanes": sorted(said.lanes),
        "languages": " ".join(sorted(said.languages)),
        "most_cases": said.most_cases or None,
        "zone": "" if said.zone is None else said.zone,
    }
    return AbilitiesForm(initial=initial, lanes=lane_choices())


def _why(refused: Exception) -> str:
    if isinstance(refused, SignInBusy):
        return _("Many people are signing in just now. Your entry is safe to repeat in a few seconds.")
    if isinstance(refused, TooManyPasskeys):
        return _("You have as many passkeys as one may have. Remove one first.")
    if isinstance(refused, PasskeyRefused):
        return _(
            "The browser's answer did not fit, or this page lay open too long. Nothing was kept; try once more."
        )
    if isinstance(refused, WrongPassphraseTyped):
        return _("This passphrase does not open your key. Nothing was changed.")
    return _("This is not your password. Nothing was changed.")
