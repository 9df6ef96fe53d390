"""Templates are written one element a line; pages carry none of that whitespace, and every space meant to be seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

from tropa.desk.compact import compact, pieces

SENTENCE = re.compile(
    r"\{%\s*blocktranslate\b.*?\{%\s*endblocktranslate\s*%\}|\{%\s*translate\b.*?%\}|content='[^']*'",
    re.DOTALL,
)
LONGEST = 150


@pytest.mark.parametrize(
    ("written", "compiled"),
    [
        ("<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>\n", "<ul><li>one</li><li>two</li></ul>"),
        ("<p>\n  two\n  words\n</p>", "<p>two words</p>"),
        ("<b>one</b> <i>two</i>", "<b>one</b> <i>two</i>"),
        ("<p>one <b>two</b> three</p>", "<p>one <b>two</b> three</p>"),
        ("{{ a }}\n{{ b }}", "{{ a }} {{ b }}"),
        ("<p>\n  {{ a }}\n</p>", "<p>{{ a }}</p>"),
        ("words\n  {{ a }}", "words {{ a }}"),
        (
            "{% if a %}\n  <b>x</b>\n{% else %}\n  y\n{% endif %}",
            "{% if a %}<b>x</b>{% else %}y{% endif %}",
        ),
        ('<a class="x"\n    href="{% url "y" %}"\n>z</a>', '<a class="x" href="{% url "y" %}">z</a>'),
        ("<pre>\n a\n  b</pre>\n<p>\n", "<pre>\n a\n  b</pre><p>"),
        ("<textarea>\n{{ a }}\n</textarea>", "<textarea>\n{{ a }}\n</textarea>"),
        (
            "{% blocktranslate %}one\n two{% endblocktranslate %}",
            "{% blocktranslate %}one\n two{% endblocktranslate %}",
        ),
        ('<p title="{{ a|default:">" }}">\n b</p>', '<p title="{{ a|default:">" }}">b</p>'),
    ],
)
def test_a_line_break_is_nothing_next_to_markup_and_a_space_between_words(
    written: str, compiled: str
) -> None:
    assert compact(written) == compiled
    assert compact(compiled) == compiled
    assert "".join(source for _kind, source in pieces(written)) == written


def templates(checkout: Path) -> list[Path]:
    """The desk's templates."""
    found = sorted((checkout / "src" / "tropa" / "desk").rglob("*.html"))
    assert len(found) > 40
    return found


def test_no_line_of_a_template_holds_a_page(checkout: Path) -> None:
    long = [
        f"{path.relative_to(checkout)}:{number}"
        for path in templates(checkout)
        for number, line in enumerate(SENTENCE.sub("", path.read_text(encoding="utf-8")).splitlines(), 1)
        if len(line.strip()) > LONGEST
    ]
    assert long == []


def test_the_desk_compiles_its_templates_compacted() -> None:
    compiled = engines["django"].get_template("desk/base.html").template.source
    assert "\n" not in compiled
    assert compiled.startswith("{% load")
