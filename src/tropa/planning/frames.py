"""The pipe between desk and planner: frames of a four-byte length (big-endian) and a JSON document.

Kept true: a frame is whole or an error; a length beyond the cap is refused before anything is read. A request is
`{"person": PersonFacts, "on": day, "seconds": number}`, with `"only": [ids]` where not every plan is wanted; an answer
`{"answer": PlanSet}`, `{"problems": [...]}` or `{"failed": code}`; values are those of `plan_json`. Nothing of it is
ever written to a disk or a log.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tropa.planning.errors import PlannerUnavailable

LENGTH_BYTES = 4
LONGEST_FRAME = 64 * 1024 * 1024


def frame(document: dict[str, Any]) -> bytes:
    """A document as one frame."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > LONGEST_FRAME:
        raise PlannerUnavailable("a frame that is too long")
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def read_frame(read_exactly: Callable[[int], bytes]) -> dict[str, Any] | None:
    """The next document; None at a clean end. `read_exactly(n)` gives n bytes, or fewer at the end of the stream."""
    head = read_exactly(LENGTH_BYTES)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    if len(head) < LENGTH_BYTES or length > LONGEST_FRAME:
        raise PlannerUnavailable("a broken frame")
    body = read_exactly(length)
    if len(body) < length:
        raise PlannerUnavailable("a frame that ends early")
    try:
        document = json.loads(body)
    except ValueError as error:
        raise PlannerUnavailable("a frame that is no JSON") from error
    if not isinstance(document, dict):
        raise PlannerUnavailable("a frame that is no object")
    return document
