"""The handbook of `docs/use` as the desk shows it: the same files, without their pictures, which the repository shows.

Only the few marks the chapters use are known (headings, paragraphs, lists, tables, bold, slanted, code, links); a test
holds that no chapter uses others. Everything is escaped first, so a chapter can put nothing into a page but words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).resolve().parents[4] / "docs" / "use"
CHAPTERS = (
    "first-sign-in", "today", "inbox", "thread", "triage", "workbench", "review", "find", "surge", "shift-end",
    "trouble", "never-written",
)  # fmt: skip
_OTHER_LANGUAGE = ("По-русски:", "In English:")
_ITEM = re.compile(r"(?:- |\d+\. )(?P<words>.*)")
_LINK = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<target>[^)]+)\)")
_MARKS = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<b>\1</b>"),
    (re.compile(r"\*([^*]+)\*"), r"<i>\1</i>"),
)


class NoChapter(Exception):
    """There is no such chapter, or the files of the handbook are not beside the program."""


def chapters(language: str) -> list[tuple[str, str]]:
    """Names and titles in their order; none where the handbook is not beside the program."""
    there = [name for name in CHAPTERS if _path(name, language).exists()]
    return [(name, _blocks(name, language)[0].removeprefix("# ")) for name in there]


@cache
def chapter(name: str, language: str) -> tuple[str, SafeString]:
    """The title and the rest as HTML. Raises NoChapter."""
    if name not in CHAPTERS or not _path(name, language).exists():
        raise NoChapter(name)
    title, *blocks = _blocks(name, language)
    drawn = "".join(_drawn(block) for block in blocks)
    return title.removeprefix("# "), mark_safe(drawn)  # noqa: S308  # escaped in `_inline`, marks of our own


def _path(name: str, language: str) -> Path:
    return FOLDER / f"{name}.{'en' if language.startswith('en') else 'ru'}.md"


def _blocks(name: str, language: str) -> list[str]:
    """What stands between empty lines, without pictures and the link to the other language."""
    found = _path(name, language).read_text(encoding="utf-8").strip().split("\n\n")
    return [block for block in found if not block.startswith(("![", *_OTHER_LANGUAGE))]


def _drawn(block: str) -> str:
    if block.startswith("## "):
        return f"<h2>{_inline(block.removeprefix('## '))}</h2>"
    if block.startswith("|"):
        return _table(block.splitlines())
    if _ITEM.match(block):
        kind = "ul" if block.startswith("- ") else "ol"
        items = "".join(f"<li>{_inline(item)}</li>" for item in _items(block))
        return f'<{kind} class="bullets">{items}</{kind}>'
    return f"<p>{_inline(' '.join(block.splitlines()))}</p>"


def _items(block: str) -> Iterator[str]:
    """The items of a list, each with the lines that go on with it."""
    words: list[str] = []
    for line in block.splitlines():
        found = _ITEM.match(line)
        if found and words:
            yield " ".join(words)
            words = []
        words.append(found["words"] if found else line.strip())
    yield " ".join(words)


def _table(lines: list[str]) -> str:
    head, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    drawn = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    table = f'<table class="table"><thead><tr>{drawn}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="scroll">{table}</div>'


def _inline(text: str) -> str:
    said = escape(text, quote=False)
    for mark, drawn in _MARKS:
        said = mark.sub(drawn, said)
    return _LINK.sub(_link, said)


def _link(found: re.Match[str]) -> str:
    """A link to another chapter; what the desk does not hold stays words."""
    name = found["target"].partition(".")[0]
    if name not in CHAPTERS:
        return found["words"]
    return f'<a href="{reverse("desk:chapter", args=[name])}">{found["words"]}</a>'
