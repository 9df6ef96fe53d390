"""Long lists in parts: where a part begins, as its address says, and where the next one does."""

from __future__ import annotations

from django.http import HttpRequest

MOST = 30
"""So many facts stand on one page."""

FEW = 6
"""So many lines of what is known around a country stand in a card; all of them when they are asked for."""


def start_of(request: HttpRequest) -> int:
    """Where the part asked for begins; the beginning for anything that is no number of a row."""
    asked = request.GET.get("from", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def following(start: int, count: int) -> int | None:
    """Where the next part begins, if there is one."""
    return start + MOST if start + MOST < count else None
