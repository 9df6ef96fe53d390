"""Reading a posted form without leaving anything of it behind, and noticing when it broke off on the way.

A form with files is parsed here and not by `request.POST`, so no other upload handler is ever in play; one without
files, as most are, is read in one go (`plain_form`). A body
whose end is missing (a lost connection, a phone that gave up) counts as broken: what can still be read is
shown back, and nothing of it is stored as if it were whole. A body that the server cut off, for want of room or
because it was too large, is whole up to its files: they come after everything that was typed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from tropa.drop.came import BODY_CAME, Came
from tropa.drop.plain_form import plain_fields
from tropa.drop.uploads import ArrivedFile, SealingUploadHandler

log = logging.getLogger("tropa.drop")

TAIL = 256
SMALL = 128 * 1024  # bytes; more than the longest text


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form, the files that arrived, how many were refused, whether all of it came, and whether there
    was no room for the files.
    """

    fields: QueryDict
    files: tuple[ArrivedFile, ...] = ()
    refused: int = 0
    whole: bool = True
    no_room: bool = False


@contextmanager
def posted(request: HttpRequest) -> Iterator[Posted]:
    """The form in `request`; its files are gone when the block ends."""
    if request.content_type != "multipart/form-data":
        yield _plain(request)
        return
    boundary = (request.content_params or {}).get("boundary", "")
    source = _Source(request)
    fields = plain_fields(source.small(), boundary) if how_it_came(request) is Came.WHOLE else None
    if fields is not None:
        yield Posted(fields)
        return
    handler = SealingUploadHandler()
    try:
        yield _with_files(request, source, handler, boundary)
    finally:
        handler.close()


def _plain(request: HttpRequest) -> Posted:
    try:
        return Posted(request.POST, whole=how_it_came(request) is Came.WHOLE)
    except (BadRequest, SuspiciousOperation, OSError):
        return Posted(QueryDict(), whole=False)


def _with_files(
    request: HttpRequest, source: _Source, handler: SealingUploadHandler, boundary: str
) -> Posted:
    tail = Tail(source)
    parser = None
    try:
        parser = MultiPartParser(request.META, cast("HttpRequest", tail), [handler], "utf-8")
        fields, _ = parser.parse()
    except (MultiPartParserError, SuspiciousOperation, BadRequest, OSError) as error:
        log.warning(f"a form could not be read: {type(error).__qualname__}")  # noqa: G004  arguments are not formatted
        # what the parser had read when it gave up: its only trace is this attribute
        return Posted(getattr(parser, "_post", None) or QueryDict(), whole=False)
    cut = how_it_came(request) is Came.CUT and handler.begun > 0
    return Posted(
        fields,
        tuple(handler.arrived),
        refused=handler.begun - len(handler.arrived),
        whole=cut or tail.ends_with(b"--" + boundary.encode("ascii", "replace") + b"--"),
        no_room=cut or handler.no_room,
    )


def how_it_came(request: HttpRequest) -> Came:
    """What the server said about the body."""
    return Came(request.META.get(BODY_CAME, Came.WHOLE))


class _Source:
    """A request body of which a small one may be looked at before it is read."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._seen = b""

    def small(self) -> bytes:
        """All of it, still to be read; nothing if it is large or cannot be read."""
        length = self._request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit() and int(length) <= SMALL):
            return b""
        try:
            self._seen = self._request.read()
        except OSError:
            return b""
        return self._seen

    def read(self, size: int) -> bytes:
        """As of a file."""
        if not self._seen:
            return self._request.read(size)
        first, self._seen = self._seen[:size], self._seen[size:]
        return first


class Tail:
    """A request body that remembers its last bytes."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._last = b""

    def read(self, size: int) -> bytes:
        """As of a file."""
        data = self._source.read(size)
        self._last = (self._last + data)[-TAIL:] if len(data) < TAIL else data[-TAIL:]
        return data

    def ends_with(self, closing: bytes) -> bool:
        """Whether the body's last line was `closing`."""
        self.read(TAIL)
        return self._last.rstrip(b"\r\n").endswith(closing)
