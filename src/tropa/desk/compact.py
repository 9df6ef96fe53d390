"""Templates are written to be read, one element a line, and lose that whitespace once, when they are compiled.

The rule for writers: a line break, with the spaces around it, is nothing next to a tag or a `{% %}`, and one space
between words or `{{ }}`. A space that is to be seen next to a tag stands within a line. What is inside
`<pre>`, `<textarea>`, `<script>` and `{% blocktranslate %}` is left alone: there, every character counts.

What is the same on every page for as long as the process runs is drawn here too: icons without a label, and
addresses of static files and of pages that take no value. Words of our own are looked up once in each language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.template.base import Origin
from django.template.loaders import app_directories
from django.templatetags.static import static
from django.urls import reverse

from tropa.desk.templatetags.icons import drawn_icon

_STATEMENT = r"\{%.*?%\}"
_VALUE = r"\{\{.*?\}\}"
_MARKUP = re.compile(
    rf"""
    (?P<verbatim>
        \{{%\s*blocktrans(?:late)?\b.*?%\}}.*?\{{%\s*endblocktrans(?:late)?\s*%\}}
      | <(?P<name>pre|textarea|script|style)\b.*?</(?P=name)\s*>
    )
  | (?P<statement>{_STATEMENT}|\{{\#.*?\#\}})
  | (?P<value>{_VALUE})
  | (?P<tag><[/!]?[a-zA-Z](?:
        {_STATEMENT} | {_VALUE} | "(?:{_STATEMENT}|{_VALUE}|[^"])*" | '(?:{_STATEMENT}|{_VALUE}|[^'])*' | [^"'>]
    )*>)
    """,
    re.DOTALL | re.VERBOSE,
)
_BREAK = re.compile(r"\s*\n\s*")
_SETTLED = re.compile(
    r"""\{%\s*(?P<tag>icon|static|url)\s+(?P<quote>["'])(?P<name>[\w./:-]+)(?P=quote)\s*%\}"""
)
_LITERAL = re.compile(r"""\{%\s*translate(?=\s+("[^"{}|]*"|'[^'{}|]*')\s*%\})""")

Piece = tuple[str, str]
"""What a piece of a template is (`text` or a group of the pattern), and its source."""


def pieces(source: str) -> Iterator[Piece]:
    """A template taken apart; joined again, the sources give the template."""
    at = 0
    for found in _MARKUP.finditer(source):
        if found.start() > at:
            yield "text", source[at : found.start()]
        kind = next(kind for kind in ("verbatim", "statement", "value", "tag") if found[kind] is not None)
        yield kind, found[0]
        at = found.end()
    if at < len(source):
        yield "text", source[at:]


def compact(source: str) -> str:
    """The template without the whitespace that is there for its readers."""
    parts = [("edge", ""), *pieces(source), ("edge", "")]
    written: list[str] = []
    for (before, _b), (kind, piece), (after, _a) in zip(parts, parts[1:], parts[2:], strict=False):
        match kind:
            case "tag":
                written.append(_BREAK.sub(" ", re.sub(r"\s*\n\s*(?=/?>$)", "", piece)))
            case "text":
                written.append(_words(piece, after_markup=before != "value", before_markup=after != "value"))
            case _:
                written.append(piece)
    return "".join(written)


def _words(text: str, *, after_markup: bool, before_markup: bool) -> str:
    """Words between two pieces of markup or values."""
    if (after_markup or before_markup) and _BREAK.fullmatch(text):
        return ""
    if after_markup:
        text = re.sub(r"^\s*\n\s*", "", text)
    if before_markup:
        text = re.sub(r"\s*\n\s*$", "", text)
    return _BREAK.sub(" ", text)


def settle(source: str) -> str:
    """The template with every icon and address drawn that is the same on each page, and literals said once.

    Raises KeyError for an icon, NoReverseMatch for a page there is none of.
    """
    return _LITERAL.sub("{% said_once", _SETTLED.sub(_drawn, source))


def _drawn(found: re.Match[str]) -> str:
    draw: dict[str, Callable[[str], str]] = {"icon": drawn_icon, "static": static, "url": reverse}
    return draw[found["tag"]](found["name"])


class Loader(app_directories.Loader):
    """The apps' templates, compacted and settled; to be wrapped by Django's cached loader, so that it happens once."""

    def get_contents(self, origin: Origin) -> str:
        """The template as Django compiles it."""
        return settle(compact(super().get_contents(origin)))
