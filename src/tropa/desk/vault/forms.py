"""Forms about who holds a case. They check shape only; what is right is decided by the services."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tropa.desk.staff.models import Member, Role
from tropa.desk.vault.break_glass import LONGEST_REASON


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
