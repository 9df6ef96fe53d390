"""The id of a visit, from its cookie's token. The standard library alone: the process of streams loads it too."""

from __future__ import annotations

import hashlib


def visit_id(token: str) -> str:
    """The id of the row this token belongs to, 64 hex digits."""
    return hashlib.sha256(b"tropa visit id 1\0" + token.encode()).hexdigest()
