"""The icons, read once from `static/desk/icons.svg` and drawn inline, so that a page needs no request for them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_SOURCE = Path(__file__).resolve().parent.parent / "static" / "desk" / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="i-([a-z]+)" viewBox="([^"]+)">(.*?)</symbol>', re.DOTALL)


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    return {name: (box, body) for name, box, body in _SYMBOL.findall(_SOURCE.read_text(encoding="utf-8"))}


@cache
def drawn_icon(name: str, label: str = "") -> SafeString:
    """The icon as inline SVG. With a label it is an image with a name; without, it stands beside its word.

    Raises KeyError for a name that is not in the sheet: a missing icon is a mistake of ours.
    """
    box, body = _symbols()[name]
    # The sheet is our own file, so its paths may go into the page as they are.
    drawing = mark_safe(body)  # noqa: S308
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}" viewBox="{}">{}</svg>', label, box, drawing
        )
    return format_html('<svg class="icon" aria-hidden="true" viewBox="{}">{}</svg>', box, drawing)


def icon_sheet(names: str) -> SafeString:
    """Icons a page shows many times, kept out of sight once; `names` with spaces between. Raises KeyError."""
    symbols = "".join(
        f'<symbol id=i-{name} viewBox="{box}">{body}</symbol>'
        for name, (box, body) in ((name, _symbols()[name]) for name in names.split())
    )
    return mark_safe(f"<div hidden><svg>{symbols}</svg></div>")  # noqa: S308  # our own file


@cache
def used_icon(name: str) -> SafeString:
    """An icon of the page's `icon_sheet`."""
    return mark_safe(f"<svg class=icon aria-hidden=true><use href=#i-{name} /></svg>")  # noqa: S308  # our own word
