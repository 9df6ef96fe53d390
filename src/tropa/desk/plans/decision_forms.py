"""What a second reader and a releaser send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class DecisionForm(forms.Form):
    """A return: reasons and words, of which one must be there."""

    REASONS = ("no_fallback", "doubtful_fact", "danger_to_companion", "unclear_text", "other")

    reasons = forms.MultipleChoiceField(choices=[(code, code) for code in REASONS], required=False)
    words = forms.CharField(max_length=4000, required=False, strip=True)

    def clean(self) -> dict[str, Any]:
        """Refuse a return that says nothing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("reasons") and not cleaned.get("words"):
            raise forms.ValidationError(_("Say what is missing: tick a reason or write a sentence."))
        return cleaned


class ReleaseForm(forms.Form):
    """Sending a step: until when the person should say how it went, and whether to send it out of turn."""

    check_in = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    out_of_turn = forms.BooleanField(required=False)
