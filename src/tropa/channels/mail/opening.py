"""The gateway's side of the opening process: letters go in piece by piece, what they say comes out.

Kept true: a letter that ends the process or outlasts its time is tried once more in a new one, then it does not open;
the gateway holds one piece of it at a time. Every method but `stop` blocks, and is called from one thread at a time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tropa.channels.errors import Unreachable
from tropa.channels.mail.worker import ANSWER, HEAD, SENDER, WHOLE

WITHIN = 120.0
MEMORY = 1024 * 1024 * 1024
PIECE = 64 * 1024
TRIES = 2
HEAD_OF_LETTER = 64 * 1024

Pieces = Callable[[int], Iterable[bytes]]
"""So many bytes of a letter from its beginning, as often as asked."""


class Broken(Exception):
    """The process ended in the midst of a letter."""


class Opener:
    """One process at a time, begun when it is needed."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        told = {name: settings[name] for name in ("key", "partners")} | {"memory": str(MEMORY)}
        self._told = json.dumps(told).encode()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def read(self, size: int, pieces: Pieces) -> Mapping[str, Any]:
        """What a letter says; nothing but its sender when it does not open, or ends whoever opens it. Raises
        Unreachable when this is stopped, and what `pieces` raises.
        """
        return self._say(((WHOLE, size),) * TRIES + ((SENDER, min(size, HEAD_OF_LETTER)),), pieces)

    def read_sender(self, pieces: Pieces) -> Mapping[str, Any]:
        """Whose a letter that is longer than anything is read says it is. Raises as `read` does."""
        return self._say(((SENDER, HEAD_OF_LETTER),) * TRIES, pieces)

    def _say(self, tries: Iterable[tuple[int, int]], pieces: Pieces) -> Mapping[str, Any]:
        for which, most in tries:
            try:
                said = json.loads(b"".join(self._ask(which, most, pieces(most))))
            except Broken:
                if self._stopped:  # whatever was under way says nothing about the letter
                    raise Unreachable("unreachable") from None
                continue
            assert isinstance(said, dict)
            return said
        return {}

    def file(self, which: int, size: int, pieces: Pieces) -> Iterator[bytes]:
        """One file of a letter, by its place. Raises Broken, and what `pieces` raises."""
        return self._ask(which, size, pieces(size))

    def stop(self) -> None:
        """What is under way comes to nothing, and nothing begins any more; from any thread."""
        self._stopped = True
        self._kill()

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def end(self) -> None:
        """The process ends now, whatever it does."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not written yet is for nobody any more
                    pipe.close()

    def _ask(self, which: int, size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The answer in pieces. Whatever goes wrong ends the process: half a letter must not stand before the next."""
        ended = False
        late = threading.Timer(WITHIN, self._kill)
        late.daemon = True
        late.start()
        try:
            process = self._process or self._begin()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(HEAD.pack(which, size))
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.flush()
            (left,) = ANSWER.unpack(_some(process.stdout.read(ANSWER.size), ANSWER.size))
            while left:
                piece = _some(process.stdout.read(min(PIECE, left)), 1)
                left -= len(piece)
                yield piece
            ended = True
        except (OSError, ValueError):
            raise Broken from None
        finally:
            late.cancel()
            if not ended:
                self.end()

    def _begin(self) -> subprocess.Popen[bytes]:
        if self._stopped:
            raise Broken
        import tropa  # noqa: PLC0415  where this very program lies

        told = {"PYTHONPATH": str(Path(tropa.__path__[0]).parent), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", "tropa.channels.mail.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=told,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(HEAD.pack(WHOLE, len(self._told)) + self._told)
        return self._process


def _some(found: bytes, least: int) -> bytes:
    if len(found) < least:
        raise Broken
    return found
