"""The one style sheet: small, squeezed once at the start, and like the pages in no cache."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse

SHEET = Path(__file__).resolve().parent.parent / "static" / "style.css"


@cache
def sheet() -> bytes:
    """The style sheet without comments and indentation."""
    text = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip().encode()


@cache
def squeezed() -> bytes:
    """The same, compressed; it holds no secret, so its size may tell what it likes."""
    return gzip.compress(sheet(), compresslevel=9, mtime=0)


def style(request: HttpRequest) -> HttpResponse:
    """GET /style.css"""
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(squeezed(), content_type="text/css", headers={"Content-Encoding": "gzip"})
    return HttpResponse(sheet(), content_type="text/css")
