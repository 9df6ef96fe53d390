"""The answer form. It checks shape only: the text as typed is kept whatever is wrong with it."""

from __future__ import annotations

from enum import StrEnum

from django import forms
from django.utils.translation import gettext_lazy as _

from tropa.desk.library.in_reply import answer_choices
from tropa.desk.talk.body import LONGEST_TEXT
from tropa.desk.talk.saved_views import LONGEST_NAME
from tropa.desk.talk.setting_aside import Until


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
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    used = forms.MultipleChoiceField(required=False, choices=answer_choices)


class HeardForm(forms.Form):
    """The number of the person's last entry the page showed."""

    heard = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class SnoozeForm(HeardForm):
    """Until when a thread is put aside."""

    until = forms.TypedChoiceField(choices=[(one.value, one.value) for one in Until], coerce=Until)


class ViewForm(forms.Form):
    """The name of a view."""

    name = forms.CharField(max_length=LONGEST_NAME)
