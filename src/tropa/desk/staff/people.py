"""Pages of joining, certifying and leaving. Each view parses, calls one service, and answers.

Everybody signed in sees who works here under which pseudonym; only coordinators invite, certify and let go.
A code or a second factor is shown on the page that answers the form, and on no other.
"""

from __future__ import annotations

import base64
import secrets
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.desk import clock
from tropa.desk.conf import conf
from tropa.desk.frame import notices_said
from tropa.desk.staff import certifying, invitations, leaving, queries
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, unlocked, unlocked_or_empty
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.staff.errors import (
    InvitationExpired,
    InvitationUsed,
    NotOneself,
    NotWaiting,
    OtherKeys,
    PseudonymTaken,
    SignInBusy,
    UnknownInvitation,
)
from tropa.desk.staff.invitations import Applicant
from tropa.desk.staff.joining import TOTP_BYTES, Secrets
from tropa.desk.staff.models import Gender, Invitation, Role
from tropa.desk.staff.people_forms import CertifyForm, CodeForm, InviteForm, JoinForm
from tropa.desk.talk.pseudonyms import names_of_cases
from tropa.desk.vault.services import told_acts
from tropa.desk.vault.standby import on_standby
from tropa.envelope import totp_matches


def join(request: HttpRequest) -> HttpResponse:
    """A newcomer's page: first the code, then second factor, pseudonym and secrets, then the fingerprint."""
    posted = request.POST or None
    code = CodeForm(posted)
    if posted is None or not code.is_valid():
        return render(request, "staff/join.html", {"code": code}, status=200 if posted is None else 403)
    try:
        invitation = invitations.good_invitation(code=code.cleaned_data["invitation"], now=clock.now())
    except (UnknownInvitation, InvitationExpired, InvitationUsed) as refused:
        context = {"code": code, "refused": _why_refused(refused)}
        return render(request, "staff/join.html", context, status=403)
    return _joining(request, invitation, code.cleaned_data["invitation"])


def _joining(request: HttpRequest, invitation: Invitation, code: str) -> HttpResponse:
    if "secret" not in request.POST:
        secret = base64.b32encode(secrets.token_bytes(TOTP_BYTES)).decode()
        form = JoinForm(initial={"invitation": code, "secret": secret, "language": get_language() or "ru"})
        return _join_page(request, invitation, form, secret)
    form = JoinForm(request.POST)
    if (
        form.is_valid()
        and totp_matches(form.cleaned_data["secret"], form.cleaned_data["code"], clock.now()) is None
    ):
        form.add_error(
            "code", _("These are not the digits of the moment. Check the key and the phone's clock.")
        )
    if form.is_valid():
        try:
            member = invitations.join(code=code, applicant=_applicant(form), now=clock.now())
        except PseudonymTaken:
            form.add_error(
                "pseudonym", _("Somebody here is called so. Choose another; your invitation stays good.")
            )
        except SignInBusy:
            form.add_error(
                None, _("Many people are signing in just now. Your entry is safe to repeat in a few seconds.")
            )
        except (UnknownInvitation, InvitationExpired, InvitationUsed) as refused:
            return render(
                request, "staff/join.html", {"code": CodeForm(), "refused": _why_refused(refused)}, status=403
            )
        else:
            context = {"fingerprint": invitations.key_fingerprint(member), "pseudonym": member.pseudonym}
            return render(request, "staff/joined.html", context)
    return _join_page(request, invitation, form, request.POST["secret"], status=403)


def _join_page(
    request: HttpRequest, invitation: Invitation, form: JoinForm, secret: str, *, status: int = 200
) -> HttpResponse:
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {
        "form": form,
        "invitation": invitation,
        "secret": grouped,
        "link": f"otpauth://totp/Tropa?secret={quote(secret)}&issuer=Tropa",
    }
    return render(request, "staff/join.html", context, status=status)


def _applicant(form: JoinForm) -> Applicant:
    typed = form.cleaned_data
    kept = Secrets(password=typed["password"], passphrase=typed["passphrase"], totp=typed["secret"])
    return Applicant(typed["pseudonym"], Gender(typed["gender"]), typed["language"], kept)


def _why_refused(refused: Exception) -> str:
    match refused:
        case InvitationExpired():
            return _("This invitation has run out. Ask for a new one; nothing was made with it.")
        case InvitationUsed():
            return _(
                "Somebody has made keys with this invitation. If it was not you, tell your coordinator at once: "
                "they must not certify those keys."
            )
        case _other:
            return _("No invitation has this code. Check it letter by letter.")


def empty_people(request: OpenedRequest) -> HttpResponse:
    """Oneself, and no colleague."""
    return render(request, "staff/people.html", {"section": "people", "members": [request.member]})


@unlocked_or_empty(empty_people)
def people(request: UnlockedRequest) -> HttpResponse:
    """Who works here; for coordinators also who waits, and which cases wait for a new key."""
    return _people_page(request)


def _people_page(
    request: UnlockedRequest, *, refused: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    coordinator = coordinates(request.reader)
    rotations = list(leaving.queued_rotations()) if coordinator else []
    told = told_acts(reader=request.reader) if coordinator else []
    names = names_of_cases([*(one.case_id for one in rotations), *(one.act.case_id for one in told)])
    held = leaving.held_by_somebody([one.case_id for one in rotations], request.reader.now.date())
    context = {
        "section": "people",
        "coordinator": coordinator,
        "members": queries.active_members(),
        "waiting": certifying.waiting_newcomers() if coordinator else (),
        "invite_form": InviteForm() if coordinator else None,
        "certify_form": CertifyForm(),
        "rotations": [(names.get(one.case_id, ""), one, one.case_id in held) for one in rotations],
        "standby": on_standby([one.case_id for one in rotations]),
        "together": [(names.get(one.act.case_id, ""), one) for one in told],
        "refused": refused,
        "wrong": wrong,
        "notices": notices_said(request),
    }
    return render(request, "staff/people.html", context, status=status)


@unlocked
def invite(request: UnlockedRequest) -> HttpResponse:
    """Make an invitation and show its code, this once."""
    _coordinators_only(request)
    form = InviteForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return redirect("desk:people")
    typed = form.cleaned_data
    code = invitations.invite(reader=request.reader, role=Role(typed["role"]), team=typed["team"])
    context = {
        "section": "people",
        "code": code,
        "address": conf.desk_url + reverse("desk:join"),
        "hours": invitations.INVITATION_HOURS,
    }
    return render(request, "staff/invited.html", context)


@require_POST
@unlocked
def certify(request: UnlockedRequest, member_id: str) -> HttpResponse:
    """Certify a newcomer whose fingerprint was typed, or throw their keys away."""
    _coordinators_only(request)
    form = CertifyForm(request.POST)
    try:
        if request.POST.get("act") == "refuse":
            certifying.refuse_newcomer(reader=request.reader, member_id=member_id)
            return redirect(f"{reverse('desk:people')}?said=newcomer-refused")
        typed = form.cleaned_data["fingerprint"] if form.is_valid() else ""
        certifying.certify_newcomer(reader=request.reader, member_id=member_id, fingerprint=typed)
    except NotWaiting:
        raise Http404 from None
    except OtherKeys:
        refused = _(
            "This is not the fingerprint of the keys that lie here. Have it read once more; if it stays so, somebody "
            "else made these keys or changed them: refuse them and invite anew."
        )
        return _people_page(request, refused=refused, wrong=member_id, status=403)
    return redirect(f"{reverse('desk:people')}?said=certified")


@unlocked
def leave(request: UnlockedRequest, member_id: str) -> HttpResponse:
    """Say what ends and what cannot be called back; on the button, end it."""
    _coordinators_only(request)
    member = queries.active_member(member_id)
    if member is None:
        raise Http404
    if request.method != "POST":
        return render(request, "staff/leave.html", {"section": "people", "leaver": member})
    try:
        leaving.leave(reader=request.reader, member=member)
    except NotOneself:
        raise PermissionDenied from None
    return redirect(f"{reverse('desk:people')}?said=left")


def _coordinators_only(request: UnlockedRequest) -> None:
    if not coordinates(request.reader):
        raise PermissionDenied
