"""The rows of the inbox as markup.

Drawn here and not in the template: fifty rows of a dozen values each were most of the page's cost. Every value is
escaped once, by what Django's own escaping calls, without its wrapper for lazy texts; nothing a person wrote is ever
marked as safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from tropa.desk.templatetags.icons import drawn_icon

ROW = (
    '<li class="{classes}"><span class="wait">{wait}</span><a class="who" href="{address}">{who}</a>'
    '<span class="first">{words}</span><span class="lane"><span class="tag">{lane}</span></span>'
    '<span class="lang-c">{language}</span><span class="channel{open}">{lock}<span>{channel} '
    '<small>{secrecy}</small></span></span><span class="hand">{pen}{hand}</span></li>'
)


# only for words of our own, of which there is a handful: nothing of a person is kept in memory
@cache
def _escaped(word: str) -> str:
    return escape(str(word))


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the template prints it."""

    address: str
    classes: str
    wait: str
    who: str
    words: str = field(repr=False)
    unread: bool
    lane: str
    language: str
    channel: str
    secrecy: str
    open: bool  # the messenger can read it
    busy: bool
    hand: str


def rows_markup(lines: Sequence[Line]) -> SafeString:
    """The list items of these rows, in their order."""
    return mark_safe("".join(_row(line) for line in lines))  # noqa: S308  # every value is escaped below


def _row(line: Line) -> str:
    words = escape(line.words)
    return ROW.format(
        classes=line.classes,
        wait=_escaped(line.wait),
        address=line.address,
        who=escape(line.who),
        words=f"<b>{words}</b>" if line.unread else words,
        lane=_escaped(line.lane),
        language=escape(line.language),
        open=" open" if line.open else "",
        lock=drawn_icon("info" if line.open else "lock"),
        channel=escape(line.channel),
        secrecy=_escaped(line.secrecy),
        pen=drawn_icon("pen") if line.busy else "",
        hand=escape(line.hand),
    )
