"""Forms of one's own account. They check shape only; what is right is decided by the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tropa.desk.staff.people_forms import SHORTEST_PASSWORD

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _typed_secret(label: StrOrPromise, name: str, *, help_text: StrOrPromise = "") -> forms.CharField:
    """A field nobody reads over a shoulder; `name` is what password keepers call it."""
    widget = forms.PasswordInput(attrs={"class": "input", "autocomplete": name}, render_value=False)
    return forms.CharField(label=label, max_length=256, strip=False, widget=widget, help_text=help_text)


class PasswordForm(forms.Form):
    """The password of now, for what must not be done by whoever finds a desk open."""

    password = _typed_secret(_("Your password"), "current-password")


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
