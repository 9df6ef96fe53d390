"""The answer form. It checks shape only: the text as typed is kept whatever is wrong with it."""

from __future__ import annotations

from enum import StrEnum

from django import forms
from django.utils.translation import gettext_lazy as _

from tropa.desk.library.in_reply import answer_choices
from tropa.desk.talk.body import LONGEST_TEXT


class Act(StrEnum):
    """What the buttons under the answer do with the text."""

    REPLY = "reply"
    DRAFT = "draft"
    NOTE = "note"


class AnswerForm(forms.Form):
    """A text, what to do with it, the library answers it is made of, and the form's token: posted twice it is one
    entry.
    """

    text = forms.CharField(
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Nothing was written, so nothing was sent."),
            "max_length": _(
                "This is longer than one message may be. It stands below in full: cut it in two."
            ),
        },
    )
    act = forms.ChoiceField(choices=[(act.value, act.value) for act in Act])
    token = forms.RegexField(r"[0-9a-f]{32}")
    used = forms.MultipleChoiceField(required=False, choices=answer_choices)
