"""Our own style sheets, scripts and pictures, packed once in memory for browsers that can unpack them.

They are the same for everybody and hold no secret, so their size may tell what it likes. Pages are never packed: there,
what somebody chose would stand beside what they may not read.
"""

from __future__ import annotations

import gzip
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]  # it says nothing of them

PACKED = (".css", ".js", ".svg")
_packed: dict[str, bytes] = {}


class PackedFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, with files of text packed by gzip."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """The file, or that the browser has it."""
        if not request.path_info.endswith(PACKED):
            return _whole(static_file, request)
        if request.method != "GET" or not _unpacks(request):
            whole = _whole(static_file, request)
            whole["Vary"] = "Accept-Encoding"
            return whole
        told = static_file.get_response(request.method, request.META)
        headers = dict(told.headers) | {"Vary": "Accept-Encoding"}
        if told.file is None:
            return HttpResponse(status=int(told.status), headers=headers)
        with told.file:
            content = _packed_once(request.path_info, told.file)
        headers |= {"Content-Encoding": "gzip", "Content-Length": str(len(content))}
        return HttpResponse(content, headers=headers)


def _whole(static_file: Any, request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = WhiteNoiseMiddleware.serve(static_file, request)
    return answer


def _packed_once(path: str, file: Any) -> bytes:
    """The file's bytes, packed; files do not change while a process runs. Two threads may pack one at once and get the
    same.
    """
    found = _packed.get(path)
    if found is None:
        found = _packed[path] = gzip.compress(file.read(), compresslevel=9, mtime=0)
    return found


def _unpacks(request: HttpRequest) -> bool:
    """Whether the browser names gzip and does not refuse it."""
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip() == "gzip":
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
