"""The form of an answer: both languages, the facts it rests on, when to look again, and why. It checks shape only; what
a text may say is the service's affair.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tropa.atlas.basics import Text
from tropa.counsel.library import Answer, Length, Topic
from tropa.counsel.library.answer import Asked, Deed, Event, Lawyer
from tropa.counsel.library.loading import LONGEST
from tropa.counsel.library.saying import said_by
from tropa.desk.atlas.in_force import in_force
from tropa.desk.library.in_force import library
from tropa.desk.library.words import LENGTHS, TOPICS
from tropa.desk.pages.field_words import owner_words

LONGEST_REASON = 1_000
LONGEST_ASKED = 2_000
MOST_FACTS = 40
REVIEW_AFTER = timedelta(days=30)
LONGEST_REVIEW = timedelta(days=366)
_BETWEEN = re.compile(r"[\s,;]+")


def _text(label: Any, *, rows: int, most: int, lang: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "input", "rows": rows, "lang": lang})
    return forms.CharField(label=label, max_length=most, widget=widget)


def _line(label: Any, lang: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "input", "lang": lang})
    return forms.CharField(label=label, max_length=200, widget=widget)


def _choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, widget=forms.Select(attrs={"class": "input"}))


class AnswerForm(forms.Form):
    """An answer as somebody writes it."""

    title_ru = _line(_("Title in Russian"), "ru")
    text_ru = _text(_("Text in Russian"), rows=12, most=LONGEST[Length.GUIDE], lang="ru")
    asked_ru = _text(_("How people ask in Russian, one way a line"), rows=3, most=LONGEST_ASKED, lang="ru")
    title_en = _line(_("Title in English"), "en")
    text_en = _text(_("Text in English"), rows=12, most=LONGEST[Length.GUIDE], lang="en")
    asked_en = _text(_("How people ask in English, one way a line"), rows=3, most=LONGEST_ASKED, lang="en")
    facts = forms.Field(label=_("The facts it rests on"), widget=forms.SelectMultiple, required=False)
    topic = _choice(_("Topic"))
    kind = _choice(_("Length"))
    owner = _choice(_("Team that keeps it"))
    review_by = forms.DateField(
        label=_("To be checked again by"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"}),
    )
    lawyer = forms.BooleanField(label=_("A lawyer has read this text as it stands here"), required=False)
    why = _text(_("Why, in a sentence"), rows=2, most=LONGEST_REASON, lang="")
    read = forms.BooleanField(
        label=_("I have read both texts beside every fact named"),
        error_messages={"required": _("Read both texts beside the facts first, and say so.")},
    )

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self._today = today
        owners = sorted({answer.owner for answer in library().answers.values()})
        self.choose("topic", [(one.value, TOPICS[one]) for one in Topic])
        self.choose("kind", [(one.value, LENGTHS[one]) for one in Length])
        self.choose("owner", [(one, owner_words(one)) for one in owners])

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """What a field may be."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_facts(self) -> tuple[str, ...]:
        """Ids that the atlas holds, each once."""
        wanted = _ids(self.cleaned_data["facts"])
        known = in_force().atlas.facts
        unknown = [one for one in wanted if one not in known]
        if not wanted:
            raise forms.ValidationError(_("Choose the facts this rests on: look for them by their words."))
        if unknown:
            raise forms.ValidationError(_("The atlas has no fact %(ids)s.") % {"ids": ", ".join(unknown[:5])})
        if len(wanted) > MOST_FACTS:
            raise forms.ValidationError(_("At most %(most)d facts.") % {"most": MOST_FACTS})
        return wanted

    def clean_review_by(self) -> date:
        """A day ahead, at most a year."""
        day: date = self.cleaned_data["review_by"]
        if not self._today < day <= self._today + LONGEST_REVIEW:
            raise forms.ValidationError(_("A day ahead, at most a year."))
        return day

    def answer(self, before: Answer | None) -> Answer:
        """The answer the valid form stands for; `before`: the one it is written over."""
        told = self.cleaned_data
        known = in_force().atlas.facts
        topic = Topic(told["topic"])
        answer = Answer(
            id=before.id if before else f"{topic.value.replace('_', '-')}-{secrets.token_hex(4)}",
            topic=topic,
            length=Length(told["kind"]),
            title=Text(en=told["title_en"], ru=told["title_ru"]),
            asked=Asked(ru=_lines(told["asked_ru"]), en=_lines(told["asked_en"])),
            text=Text(en=_unix(told["text_en"]), ru=_unix(told["text_ru"])),
            facts=told["facts"],
            says={one: said_by(known[one]) for one in told["facts"]},
            owner=told["owner"],
            as_of=self._today,
            review_by=told["review_by"],
            lawyer=Lawyer.REVIEWED if told["lawyer"] else Lawyer.NEEDED,
            history=(Event(self._today, Deed.WRITTEN, None),),
        )
        return _after(before, answer, self._today) if before else answer


def as_posted(posted: QueryDict) -> dict[str, object]:
    """What somebody wrote so far, for a form that is drawn again before it is judged. That both texts were read beside
    the facts is asked anew: the facts may be others.
    """
    kept = [name for name in AnswerForm.base_fields if name in posted and name != "read"]
    told: dict[str, object] = {name: posted[name] for name in kept}
    return told | {"facts": list(_ids(posted.getlist("facts")))}


def filled(answer: Answer, today: date) -> dict[str, object]:
    """What the form shows of an answer that stands."""
    return {
        "title_ru": answer.title.ru,
        "title_en": answer.title.en,
        "text_ru": answer.text.ru,
        "text_en": answer.text.en,
        "asked_ru": "\n".join(answer.asked.ru),
        "asked_en": "\n".join(answer.asked.en),
        "facts": list(answer.facts),
        "topic": answer.topic.value,
        "kind": answer.length.value,
        "owner": answer.owner,
        "review_by": max(answer.review_by, today + REVIEW_AFTER),
        "lawyer": answer.lawyer is Lawyer.REVIEWED,
    }


def _after(before: Answer, answer: Answer, today: date) -> Answer:
    """The answer with the history of the one it follows; whether its words changed makes it changed or reviewed."""
    same = (before.title, before.text) == (answer.title, answer.text)
    event = Event(max(today, before.history[-1].on), Deed.REVIEWED if same else Deed.CHANGED, None)
    return replace(answer, history=(*before.history, event))


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    """Each once, also where several stand in one value."""
    return tuple(dict.fromkeys(one for value in values for one in _BETWEEN.split(value) if one))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
