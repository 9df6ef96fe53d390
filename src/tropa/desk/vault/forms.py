"""Forms about who holds a case. They check shape only; what is right is decided by the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tropa.desk.staff.models import Member, Role
from tropa.desk.vault.break_glass import LONGEST_REASON
from tropa.desk.vault.call_in_addresses import LONGEST, Way
from tropa.desk.vault.shift_calendar import HOURS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class GrantForm(forms.Form):
    """Whom to let into a case, until when, and from when on."""

    member = forms.ModelChoiceField(
        label=_("Who"),
        queryset=Member.objects.none(),
        widget=forms.Select(attrs={"class": "input"}),
    )
    ends_day = forms.DateField(
        label=_("Until the end of this day"),
        required=False,
        help_text=_("Empty: without an end."),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
    history = forms.BooleanField(
        label=_("With everything that was written before"), required=False, initial=True
    )

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        working = Member.objects.filter(active=True).exclude(role=Role.RESEARCHER).order_by("pseudonym")
        self.fields["member"].queryset = working  # type: ignore[attr-defined]
        self.fields["member"].label_from_instance = lambda member: member.pseudonym  # type: ignore[attr-defined]


def _hour(label: StrOrPromise, hours: range, initial: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[(hour, f"{hour:02}:00") for hour in hours],
        coerce=int,
        empty_value=initial,  # type: ignore[arg-type]  # whatever it gives instead of nothing
        required=False,
        initial=initial,
        widget=forms.Select(attrs={"class": "input"}),
    )


class ShiftForm(forms.Form):
    """Who is on duty from which day to which."""

    member = forms.ModelChoiceField(
        label=_("Who is on duty"),
        queryset=Member.objects.none(),
        widget=forms.Select(attrs={"class": "input"}),
    )
    first_day = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
    from_hour = _hour(_("From, UTC"), range(HOURS), 0)
    until_hour = _hour(_("Until, UTC"), range(1, HOURS + 1), HOURS)

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **{"auto_id": "shift-%s", **named})  # type: ignore[arg-type]
        working = Member.objects.filter(active=True, on_duty=True).order_by("pseudonym")
        self.fields["member"].queryset = working  # type: ignore[attr-defined]
        self.fields["member"].label_from_instance = lambda member: member.pseudonym  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why two coordinators are to open a case."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        help_text=_("Every coordinator reads it. No names and no places."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )


WAYS = {
    Way.SIGNAL: "Signal",
    Way.TELEGRAM: "Telegram",
    Way.PHONE: _("telephone"),
    Way.MAIL: _("e-mail"),
    Way.OTHER: _("another way"),
}


class CallInForm(forms.Form):
    """Where somebody wants to be asked to come when they have no shift."""

    way = forms.ChoiceField(
        label=_("How coordinators may ask you"), widget=forms.Select(attrs={"class": "input"})
    )
    address = forms.CharField(
        label=_("Number, name or address there"),
        max_length=LONGEST,
        help_text=_("One that does not carry your name. It is not shown here again."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **{"auto_id": "call-in-%s", **named})  # type: ignore[arg-type]
        self.fields["way"].choices = [(way.value, said) for way, said in WAYS.items()]  # type: ignore[attr-defined]

    def clean_address(self) -> str:
        """One line that shows as it is: nothing that turns the direction of writing or has no width."""
        typed = str(self.cleaned_data["address"])
        if not typed.isprintable():
            raise ValidationError(_("Only letters, digits and signs that can be seen."))
        return typed
