"""Has a copy made by the drawing process, one at a time, and believes nothing it says.

What comes back is held to be one of two kinds of picture or a document by its first bytes, of bounded length; anything
else, a crash and a long wait among it, is a refusal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tropa.cleaning.errors import Busy, CannotClean, Why

WAIT_SECONDS = 40.0
TURN_SECONDS = 20.0
LONGEST_COPY = 60 * 1024 * 1024
BEGINS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "application/pdf": b"%PDF-"}
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_turn = threading.BoundedSemaphore(1)
"""A copy may take a gigabyte: a process makes one at a time."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A copy made of pixels."""

    type: str
    pages: int
    content: bytes = field(repr=False)

    @property
    def ending(self) -> str:
        """How a file of it is called."""
        return ENDINGS[self.type]


def clean(pieces: Iterable[bytes], *, within: float = WAIT_SECONDS) -> Cleaned:
    """A copy of what these bytes show. Raises CannotClean, Busy, and whatever `pieces` raises."""
    if not _turn.acquire(timeout=TURN_SECONDS):
        raise Busy
    try:
        return _believed(_drawn(b"".join(pieces), within))
    finally:
        _turn.release()


def _drawn(content: bytes, within: float) -> bytes:
    import tropa  # noqa: PLC0415  # where this very program lies

    told = {"PYTHONPATH": str(Path(tropa.__path__[0]).parent), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-B", "-m", "tropa.cleaning.worker"],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=told,
            timeout=within,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotClean(Why.TOO_LONG) from None
    if ended.returncode != 0:  # killed for time or memory, or broken by what it looked at
        raise CannotClean(Why.TOO_LONG if ended.returncode in {-9, -24} else Why.BROKEN)
    return ended.stdout


def _believed(answer: bytes) -> Cleaned:
    line, _newline, content = answer.partition(b"\n")
    try:
        told = json.loads(line)
        if "why" in told:
            raise CannotClean(Why(told["why"]))
        media_type, pages = str(told["type"]), int(told["pages"])
    except (ValueError, KeyError, TypeError):
        raise CannotClean(Why.BROKEN) from None
    begins = BEGINS.get(media_type)
    if begins is None or not content.startswith(begins) or not 0 < len(content) <= LONGEST_COPY:
        raise CannotClean(Why.BROKEN)
    return Cleaned(type=media_type, pages=pages, content=content)
