"""What is the same on every page is drawn when a template is compiled, as Django would draw it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, engines
from django.urls import NoReverseMatch

from tropa.desk.compact import settle

TAG = re.compile(r"\{%\s*(?:icon|static|url)\b.*?%\}", re.DOTALL)


def test_what_is_drawn_is_what_django_would_draw(checkout: Path) -> None:
    found = {
        tag
        for path in (checkout / "src" / "tropa" / "desk").rglob("*.html")
        for tag in TAG.findall(path.read_text(encoding="utf-8"))
    }
    settled = {tag for tag in found if settle(tag) != tag}
    assert {tag.split()[1] for tag in settled} == {"icon", "static", "url"}
    assert len(settled) > 40
    engine = engines["django"].engine  # type: ignore[attr-defined]  # the only engine there is
    for tag in settled:
        drawn = engine.from_string(f"{{% load static desk %}}{tag}").render(Context())
        assert settle(tag) == drawn, tag


@pytest.mark.parametrize(
    "tag",
    [
        "{% icon name %}",
        '{% icon "lock" "Locked" %}',
        "{% url 'desk:thread' thread.pk %}",
        "{% url 'desk:today' as start %}",
        "{% static name %}",
    ],
)
def test_what_hangs_on_a_page_is_left_to_it(tag: str) -> None:
    assert settle(tag) == tag


def test_a_name_there_is_nothing_of_is_refused_when_the_template_is_compiled() -> None:
    with pytest.raises(KeyError):
        settle('{% icon "unicorn" %}')
    with pytest.raises(NoReverseMatch):
        settle("{% url 'desk:nowhere' %}")
