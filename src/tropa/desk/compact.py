"""Templates are written to be read, one element a line, and lose that whitespace once, when they are compiled.

The rule for writers: a line break, with the spaces around it, is nothing next to a tag or a `{% %}`, and one space
between words or `{{ }}`. A space that is to be seen next to a tag stands within a line. What is inside
`<pre>`, `<textarea>`, `<script>` and `{% blocktranslate %}` is left alone: there, every character counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.template.base import Origin
from django.template.loaders import app_directories

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


class Loader(app_directories.Loader):
    """The apps' templates, compacted; to be wrapped by Django's cached loader, so that it happens once."""

    def get_contents(self, origin: Origin) -> str:
        """The template as Django compiles it."""
        return compact(super().get_contents(origin))
