"""Parts of a page that a browser has already, and that are not sent to it again.

A template marks them with `{% part %}`: one element each, which may hold others. Whoever writes the page puts `Parts`
into its context as `parts`. Each marked element then carries a short digest of what it holds; a script sends the
digests of all it has with its next question, and in the answer an empty element of the same name stands where one of
those belongs. A part that changed is sent with what is still the same inside left out. Without `parts` in the context
the elements are written as they are.

A digest says nothing the browser has not got: it travels only to who was sent the element.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

HAVE = "X-Have"
"""The header by which a script tells the digests of what it has, separated by spaces."""
MOST_HAD = 400
"""Digests looked at; a page has far fewer."""
_DIGEST_BYTES = 5
_DIGEST = re.compile(r"[0-9a-f]{10}")
_ELEMENT = re.compile(r"<([a-z]+)(?=[\s>])")
_PLACE = re.compile(r"<part ([0-9a-f]{10})>")  # escaped text cannot say this


@dataclass(slots=True)
class Parts:
    """The parts of one answer, as they are drawn; `had`: digests of what the browser said it has."""

    had: frozenset[str] = frozenset()
    _drawn: dict[str, str] = field(default_factory=dict)
    _depth: int = 0

    def enter(self) -> None:
        """A part begins."""
        self._depth += 1

    def leave(self, drawn: str) -> str:
        """A part has been drawn: what stands for it where it belongs. Raises ValueError when it is not an element."""
        self._depth -= 1
        if not _ELEMENT.match(drawn):
            raise ValueError("a part is one element")
        digest = blake2b(drawn.encode(), digest_size=_DIGEST_BYTES).hexdigest()
        self._drawn[digest] = drawn
        # those inside another wait for its digest, which is the same whatever the browser has
        return f"<part {digest}>" if self._depth else self._written(digest)

    def _written(self, digest: str) -> str:
        drawn = self._drawn[digest]
        found = _ELEMENT.match(drawn)
        assert found is not None  # `leave` has seen to it
        if digest in self.had:
            return f"<{found[1]} data-s={digest}></{found[1]}>"
        inner = _PLACE.sub(lambda place: self._written(place[1]), drawn[found.end() :])
        return f"<{found[1]} data-h={digest}{inner}"


def parts_had(headers: Mapping[str, str]) -> Parts:
    """The parts of an answer to a browser that has said what it has; to one that has not, all of it."""
    return Parts(frozenset(_DIGEST.findall(headers.get(HAVE, ""))[:MOST_HAD]))
