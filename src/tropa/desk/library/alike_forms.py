"""The form that answers many. It checks shape only; who may be answered is the service's to say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tropa.desk.library.alike import MOST_TOGETHER
from tropa.desk.library.batch import Recipient
from tropa.desk.library.in_reply import answer_choices
from tropa.desk.talk.body import LONGEST_TEXT

LONGEST_FIRST_LINE: Final = 200
_TO: Final = re.compile(r"([0-9a-f]{1,32}):([0-9]{1,9})")


class ToField(forms.Field):
    """Ticked threads, each with the number of its last entry that was seen."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[tuple[str, int]]:
        found = [match for one in value or [] if (match := _TO.fullmatch(str(one)))]
        if not found:
            raise forms.ValidationError(_("Nobody is ticked, so nothing was sent."))
        if len(found) > MOST_TOGETHER:
            raise forms.ValidationError(_("These are more than are answered at once, so nothing was sent."))
        return list(dict.fromkeys((match[1], int(match[2])) for match in found))


class TogetherForm(forms.Form):
    """A text for all, one for whoever wrote in English, the library answers these are made of, and that the volunteer
    has read every first line.
    """

    text = forms.CharField(
        max_length=LONGEST_TEXT - LONGEST_FIRST_LINE - 2,
        error_messages={
            "required": _("Nothing was written, so nothing was sent."),
            "max_length": _(
                "This is longer than one message may be. It stands below in full: cut it in two."
            ),
        },
    )
    text_en = forms.CharField(required=False, max_length=LONGEST_TEXT - LONGEST_FIRST_LINE - 2)
    token = forms.RegexField(r"[0-9a-f]{32}")
    used = forms.MultipleChoiceField(required=False, choices=answer_choices)
    to = ToField()
    read = forms.BooleanField(
        error_messages={"required": _("Say that you have read each line; nothing was sent.")}
    )

    def recipients(self, posted: Mapping[str, str]) -> tuple[Recipient, ...]:
        """Whom to answer, each with the line of their own."""
        return tuple(
            Recipient(thread_id, heard, posted.get(f"first-{thread_id}", "").strip()[:LONGEST_FIRST_LINE])
            for thread_id, heard in self.cleaned_data["to"]
        )
