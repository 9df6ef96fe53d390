"""Forms of sign-in and unlock. They check shape only; what is right is decided by the services."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tropa.desk.staff.passkey_answers import LONGEST_ANSWER


class SignInForm(forms.Form):
    """Pseudonym, password and the six digits of the moment."""

    pseudonym = forms.CharField(
        label=_("Pseudonym"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Six digits from your authenticator"),
        help_text=_("Authenticator or passkey lost? One of your recovery codes, 24 digits, does it once."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )


class PasskeyAnswerForm(forms.Form):
    """What a browser answered, and to which challenge."""

    answer = forms.CharField(max_length=LONGEST_ANSWER)
    challenge = forms.CharField(max_length=120)


class UnlockForm(forms.Form):
    """The passphrase that opens one's own key."""

    passphrase = forms.CharField(
        label=_("Passphrase"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "off", "autofocus": True}),
    )
