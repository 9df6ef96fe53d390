"""Forms of one's own account. They check shape only; what is right is decided by the services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tropa.desk.staff.abilities import LANGUAGE, MOST_LANGUAGES, ZONES
from tropa.desk.staff.passkey_answers import LONGEST_ANSWER
from tropa.desk.staff.people_forms import SHORTEST_PASSPHRASE, SHORTEST_PASSWORD

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


LONGEST_PASSPHRASE = 1024
HALVES = frozenset({-210, 210, 270, 330, 345, 390, 570, 630, 765})
"""Zones of half and quarter hours there are."""


def said_zone(minutes: int) -> str:
    """`UTC+05:30`."""
    sign = "\N{MINUS SIGN}" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _typed_secret(
    label: StrOrPromise, name: str, *, help_text: StrOrPromise = "", most: int = 256, required: bool = True
) -> forms.CharField:
    """A field nobody reads over a shoulder; `name` is what password keepers call it."""
    widget = forms.PasswordInput(attrs={"class": "input", "autocomplete": name}, render_value=False)
    return forms.CharField(
        label=label, max_length=most, strip=False, widget=widget, help_text=help_text, required=required
    )


def _passphrase(
    label: StrOrPromise, help_text: StrOrPromise = "", *, required: bool = True
) -> forms.CharField:
    return _typed_secret(label, "off", help_text=help_text, most=LONGEST_PASSPHRASE, required=required)


class PasswordForm(forms.Form):
    """The password of now, for what must not be done by whoever finds a desk open."""

    password = _typed_secret(_("Your password"), "current-password")


class PasskeyForm(PasswordForm):
    """What a passkey is called; `answer` and `challenge` are the browser's and the page's."""

    name = forms.CharField(
        label=_("What to call it"),
        max_length=40,
        help_text=_("For you alone: “blue key”, “work laptop”."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    answer = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput)
    challenge = forms.CharField(max_length=120, widget=forms.HiddenInput)


class NewPasswordForm(PasswordForm):
    """Another password, typed twice."""

    new_password = _typed_secret(_("New password"), "new-password", help_text=_("At least 12 characters."))
    new_password_again = _typed_secret(_("The new password once more"), "new-password")

    def clean_new_password(self) -> str:
        """Long enough."""
        typed = str(self.cleaned_data["new_password"])
        if len(typed) < SHORTEST_PASSWORD:
            raise ValidationError(_("At least %(number)d characters."), params={"number": SHORTEST_PASSWORD})
        return typed

    def clean(self) -> None:
        """Typed twice alike."""
        typed = self.cleaned_data
        if "new_password" in typed and typed["new_password"] != typed.get("new_password_again"):
            self.add_error("new_password_again", _("The two differ."))


class PassphrasesForm(forms.Form):
    """The passphrase of now, another, and one for a moment of force. Both are always put anew."""

    passphrase = _passphrase(_("Your passphrase"))
    new = _passphrase(
        _("New passphrase"), _("At least 20 characters. Empty: the one you have stays."), required=False
    )
    new_again = _passphrase(_("The new passphrase once more"), required=False)
    duress = _passphrase(
        _("Passphrase under duress"),
        _("At least 20 characters, unlike the other. Empty: from now on you have none."),
        required=False,
    )
    duress_again = _passphrase(_("The passphrase under duress once more"), required=False)

    def clean(self) -> None:
        """Long enough, typed twice alike, and never one for both."""
        typed = self.cleaned_data
        for name in ("new", "duress"):
            chosen = typed.get(name, "")
            if chosen and len(chosen) < SHORTEST_PASSPHRASE:
                error = ValidationError(
                    _("At least %(number)d characters."), params={"number": SHORTEST_PASSPHRASE}
                )
                self.add_error(name, error)
            if chosen != typed.get(f"{name}_again", ""):
                self.add_error(f"{name}_again", _("The two differ."))
        typed["new"] = typed.get("new") or typed.get("passphrase", "")
        if typed.get("duress") and typed["duress"] in {typed["new"], typed.get("passphrase")}:
            self.add_error("duress", _("The two passphrases have to differ."))


class AbilitiesForm(forms.Form):
    """What somebody can take on."""

    lanes = forms.MultipleChoiceField(
        label=_("What you know about"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    languages = forms.CharField(
        label=_("Languages you write in"),
        required=False,
        max_length=40,
        help_text=_("Codes: ru en de."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    most_cases = forms.IntegerField(
        label=_("How many cases you can lead at once"),
        required=False,
        min_value=0,
        max_value=999,
        help_text=_("Empty: no limit. Beyond it you are proposed last."),
        widget=forms.NumberInput(attrs={"class": "input"}),
    )

    zone = forms.TypedChoiceField(
        label=_("How late it is where you are"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("not said")),
            *((one, said_zone(one)) for one in ZONES if one % 60 == 0 or one in HALVES),
        ],
        help_text=_(
            "Coordinators see it beside your shifts. It narrows down where you live: leave it if you like."
        ),
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, *arguments: object, lanes: Sequence[tuple[str, str]] = (), **named: object) -> None:
        super().__init__(*arguments, **{"auto_id": "ability_%s", **named})  # type: ignore[arg-type]
        self.fields["lanes"].choices = list(lanes)  # type: ignore[attr-defined]

    def clean_languages(self) -> frozenset[str]:
        """The codes, without what is none."""
        codes = self.cleaned_data["languages"].lower().replace(",", " ").split()
        return (
            frozenset(code for code in codes if LANGUAGE.fullmatch(code))
            if len(codes) <= MOST_LANGUAGES
            else frozenset()
        )
