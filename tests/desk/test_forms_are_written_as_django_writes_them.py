"""Widgets written by our functions are those of Django's templates, and escape what came from outside."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from tropa.desk.form_markup import Renderer

WRONG = """<b>"'&amp;"""
CHOICES = [("", "—"), (WRONG, WRONG), ("1", 1)]
GROUPS = [(WRONG, [("a", "A"), ("b", WRONG)]), ("c", "C")]
ATTRIBUTES = {"id": "x", "class": "wide", "required": True, "disabled": False, "data-said": WRONG}
WIDGETS = [
    (forms.TextInput(), WRONG),
    (forms.TextInput(), None),
    (forms.NumberInput(), 12_000),
    (forms.EmailInput(), "a@b"),
    (forms.PasswordInput(), "x"),
    (forms.HiddenInput(), 0),
    (forms.DateInput(), "2026-11-22"),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.CheckboxInput(), "yes"),
    (forms.Textarea(), f"\nfirst\n{WRONG}"),
    (forms.Textarea(), None),
    (forms.Select(choices=CHOICES), WRONG),
    (forms.Select(choices=GROUPS), "b"),
    (forms.SelectMultiple(choices=GROUPS), ["a", "c"]),
    (forms.RadioSelect(choices=CHOICES), "1"),
    (forms.CheckboxSelectMultiple(choices=GROUPS), ["a", "b"]),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_widget_reads_as_in_djangos_template(widget: forms.Widget, value: object) -> None:
    ours = widget.render(WRONG, value, ATTRIBUTES, renderer=Renderer())
    theirs = widget.render(WRONG, value, ATTRIBUTES, renderer=DjangoTemplates())
    assert parse_html(ours) == parse_html(theirs)
    assert WRONG not in ours


def test_what_somebody_typed_keeps_its_first_line_break() -> None:
    drawn = forms.Textarea().render("text", "\nfirst", {}, renderer=Renderer())
    assert "\n\nfirst</textarea>" in drawn
