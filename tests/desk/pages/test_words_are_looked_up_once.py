"""Literals of templates are looked up once in each language, and still said in the language of each page."""

import pytest
from django.template import Context, Engine, TemplateSyntaxError, engines
from django.utils.translation import override

from tropa.desk.compact import settle


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
