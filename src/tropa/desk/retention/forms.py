"""Forms about keeping. They check shape only; what may be done is decided by the services."""

from __future__ import annotations

from enum import StrEnum

from django import forms
from django.utils.translation import gettext_lazy as _

from tropa.desk.retention.reasons import LONGEST_REASON


class KeepingAct(StrEnum):
    """The button that was pressed."""

    CLOSE = "close"
    REOPEN = "reopen"
    HOLD = "hold"
    LIFT = "lift"
    ASKED = "asked"
    EVIDENCE = "evidence"
    DECIDED = "decided"
    EXHIBIT = "exhibit"


def _reason(label: object) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # a lazy text
        max_length=LONGEST_REASON,
        help_text=_("Sealed to the case: only its holders read it."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )


class ClosingForm(forms.Form):
    """How it ended, and why it is closed."""

    outcome = forms.ChoiceField(
        label=_("How it ended"),
        choices=[("safe", _("They are safe")), ("closed", _("The help ended otherwise"))],
        widget=forms.RadioSelect,
    )
    reason = _reason(_("Why it is closed"))


class HoldForm(forms.Form):
    """Until when nothing goes, and why."""

    last_day = forms.DateField(
        label=_("Keep until the end of this day"),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
    reason = _reason(_("Why it is held"))

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **{"auto_id": "hold-%s", **named})  # type: ignore[arg-type]
