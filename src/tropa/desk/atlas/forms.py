"""Forms of the atlas: a sentence why, and where from. They check shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tropa.atlas import Source
from tropa.desk.atlas.content import own_source

LONGEST_REASON = 1000


class ReasonForm(forms.Form):
    """Why, in a sentence."""

    reason = forms.CharField(
        label=_("Why, in a sentence"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
        error_messages={"required": _("Without a sentence nobody can follow you later.")},
    )


class SourceForm(ReasonForm):
    """Why, and what it rests on: a source the atlas knows, or a new one."""

    source = forms.CharField(required=False, max_length=80)
    title = forms.CharField(
        label=_("New source: title"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    url = forms.CharField(
        label=_("Its address"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    dated = forms.CharField(
        label=_("Its date: 2026, 2026-11 or 2026-11-22"),
        required=False,
        max_length=21,
        widget=forms.TextInput(attrs={"class": "input"}),
    )

    def clean(self) -> dict[str, Any]:
        """A new source needs a title; what cannot be read is said beside its field."""
        told: dict[str, Any] = super().clean() or {}
        told["new_source"] = None
        if told.get("title"):
            told["new_source"] = self._new_source(told)
        elif told.get("url") or told.get("dated"):
            self.add_error("title", _("A new source needs a title."))
        return told

    def _new_source(self, told: dict[str, Any]) -> Source | None:
        url, dated = told.get("url", ""), told.get("dated", "")
        try:
            own_source(title=told["title"], url=url, dated="")
        except ValueError:
            self.add_error("url", _("An address begins with https:// or http://."))
        try:
            return own_source(title=told["title"], url="", dated=dated) and own_source(
                title=told["title"], url=url, dated=dated
            )
        except ValueError:
            if "url" not in self.errors:
                self.add_error("dated", _("A date is 2026, 2026-11 or 2026-11-22."))
            return None
