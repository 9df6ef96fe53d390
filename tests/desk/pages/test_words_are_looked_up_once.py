"""Literals of templates are looked up once in each language, and still said in the language of each page."""

import pytest
from django import forms
from django.template import Context, Engine, TemplateSyntaxError, engines
from django.utils.translation import override

from tropa.desk.compact import settle
from tropa.desk.plans.templatetags.plans import unsaid
from tropa.desk.templatetags.once import MOST_REMEMBERED


def drawn(source: str, language: str, **values: object) -> str:
    with override(language):
        return kept(source).render(Context(values))


TEMPLATES: dict[str, object] = {}


def kept(source: str):  # type: ignore[no-untyped-def]
    """A template compiled once, as the desk's loader keeps it."""
    engine: Engine = engines["django"].engine
    return TEMPLATES.setdefault(source, engine.from_string(settle(source)))


def test_a_literal_is_said_in_the_language_of_each_page() -> None:
    source = '{% load i18n %}<b>{% translate "Undo" %}</b>'
    assert [drawn(source, language) for language in ("ru", "en", "ru")] == [
        "<b>Отменить</b>",
        "<b>Undo</b>",
        "<b>Отменить</b>",
    ]


def test_a_value_is_never_kept() -> None:
    for source in (
        "{% load i18n %}{% translate word %}",
        '{% load i18n %}{% translate "Undo" as word %}{{ word }}',
        '{% load i18n %}{% translate "may" context "wish" %}',
    ):
        assert settle(source) == source
    values = ("один", "два")
    assert [drawn("{% load i18n %}{% translate word %}", "ru", word=one) for one in values] == list(values)


def test_what_is_the_same_for_everybody_holds_no_value() -> None:
    assert drawn('{% load i18n %}{% same %}<i>{% translate "Undo" %}</i>{% endsame %}', "en") == "<i>Undo</i>"
    with pytest.raises(TemplateSyntaxError):
        drawn("{% same %}{{ name }}{% endsame %}", "en", name="Борис")


def test_what_is_remembered_follows_from_its_values_and_the_language() -> None:
    words = '{% translate "Undo" %} {{ name }} {{ state }}{{ other }}'
    source = f"{{% load i18n %}}{{% remembered name state %}}{words}{{% endremembered %}}"
    told = {"name": "KZ", "state": "pin"}
    assert drawn(source, "en", other="", **told) == "Undo KZ pin"
    assert drawn(source, "en", other="!", **told) == "Undo KZ pin"
    assert drawn(source, "ru", other="", **told) == "Отменить KZ pin"
    assert drawn(source, "en", other="", name="KZ", state="never") == "Undo KZ never"


def test_a_value_that_is_none_is_never_remembered() -> None:
    source = "{% remembered key %}{{ word }}{% endremembered %}"
    assert [drawn(source, "ru", key=None, word=one) for one in ("один", "два")] == ["один", "два"]
    with pytest.raises(TemplateSyntaxError):
        drawn("{% remembered %}x{% endremembered %}", "en")


def test_little_is_remembered_and_the_oldest_goes_first() -> None:
    source = "{% remembered key %}{{ word }}{% endremembered %}"
    assert drawn(source, "en", key="a", word="first") == "first"
    assert drawn(source, "en", key="a", word="second") == "first"
    for number in range(MOST_REMEMBERED):
        drawn(source, "en", key=number, word=number)
    assert drawn(source, "en", key="a", word="third") == "third"


def test_a_fact_somebody_has_said_is_never_remembered() -> None:
    class Form(forms.Form):
        known = forms.CharField(required=False)

    said = [Form(initial={"known": "да"}), Form({"known": ""}), Form()]
    assert [unsaid(form["known"]) for form in said] == [None, None, "known Known"]
