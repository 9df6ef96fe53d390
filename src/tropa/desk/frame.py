"""What every page's frame is told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tropa.desk.conf import conf


def frame(_request: HttpRequest) -> dict[str, Any]:
    """`facts_day` is set when facts are judged as of a pinned day; a banner says so on every page."""
    return {"facts_day": conf.as_of, "example": conf.example}
