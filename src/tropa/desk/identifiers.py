"""Row identifiers: 128 random bits as 32 hex digits, so that neither order nor number of rows shows in an id."""

from __future__ import annotations

import secrets


def new_id() -> str:
    """A fresh random identifier, 32 lower-case hex digits."""
    return secrets.token_hex(16)
