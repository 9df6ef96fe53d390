"""Forms of joining, inviting and certifying. They check shape only; what is right is decided by the services."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tropa.desk.staff.joining import TOTP_BYTES
from tropa.desk.staff.models import Gender, Role, Team

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHORTEST_PASSWORD = 12
SHORTEST_PASSPHRASE = 20


def _hidden_typing(label: StrOrPromise, help_text: StrOrPromise = "", most: int = 256) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}, render_value=False)
    return forms.CharField(label=label, max_length=most, strip=False, widget=widget, help_text=help_text)


class CodeForm(forms.Form):
    """The invitation's code."""

    invitation = forms.CharField(
        label=_("Code of your invitation"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "autofocus": True}),
    )


class JoinForm(forms.Form):
    """What a newcomer chooses. `secret` is the second factor the page has shown, in base32."""

    invitation = forms.CharField(max_length=60, widget=forms.HiddenInput)
    secret = forms.CharField(max_length=64, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("The six digits your authenticator shows now"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )
    pseudonym = forms.CharField(
        label=_("Pseudonym"),
        max_length=40,
        help_text=_("Never your name, nor one you use elsewhere."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    gender = forms.ChoiceField(
        label=_("Its grammatical gender in Russian"),
        choices=[
            (Gender.FEMININE, _("feminine")),
            (Gender.MASCULINE, _("masculine")),
            (Gender.NEUTER, _("neuter")),
        ],
        widget=forms.Select(attrs={"class": "input"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the pages"),
        choices=[("ru", "Русский"), ("en", "English")],
        widget=forms.Select(attrs={"class": "input"}),
    )
    password = _hidden_typing(_("Password"), _("To sign in. At least 12 characters."))
    password_again = _hidden_typing(_("The password once more"))
    passphrase = _hidden_typing(
        _("Passphrase"), _("It opens your key, and nobody can reset it. At least 20 characters."), 1024
    )
    passphrase_again = _hidden_typing(_("The passphrase once more"), "", 1024)

    def clean_secret(self) -> bytes:
        """The bytes of the second factor."""
        try:
            secret = base64.b32decode(self.cleaned_data["secret"])
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != TOTP_BYTES:
            raise ValidationError(_("Begin anew with your invitation."))
        return secret

    def clean_password(self) -> str:
        """Long enough."""
        return self._long_enough("password", SHORTEST_PASSWORD)

    def clean_passphrase(self) -> str:
        """Long enough."""
        return self._long_enough("passphrase", SHORTEST_PASSPHRASE)

    def clean(self) -> None:
        """Both secrets typed twice alike, and not one for the other."""
        typed = self.cleaned_data
        for name in ("password", "passphrase"):
            if name in typed and typed[name] != typed.get(f"{name}_again"):
                self.add_error(f"{name}_again", _("The two differ."))
        if "passphrase" in typed and typed["passphrase"] == typed.get("password"):
            self.add_error("passphrase", _("Password and passphrase have to differ."))

    def _long_enough(self, name: str, shortest: int) -> str:
        typed = str(self.cleaned_data[name])
        if len(typed) < shortest:
            raise ValidationError(_("At least %(number)d characters."), params={"number": shortest})
        return typed


class InviteForm(forms.Form):
    """What the newcomer will be, and where."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(Role.ADVISER, _("adviser")), (Role.RESEARCHER, _("researcher"))],
        widget=forms.Select(attrs={"class": "input"}),
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.order_by("name")
        field.label_from_instance = lambda team: team.name  # type: ignore[method-assign,assignment]  # as Django documents it


class CertifyForm(forms.Form):
    """The fingerprint the newcomer read out."""

    fingerprint = forms.CharField(
        label=_("Fingerprint, as the newcomer reads it to you"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
