"""One-time codes for sign-in (RFC 6238: HMAC-SHA-1, six digits), for the phone apps people already have.

The clock is an argument. A code is good once: the caller stores the step a code matched and refuses that step
and earlier ones from then on.
"""

import hashlib
import hmac
from datetime import datetime

from cryptography.hazmat.primitives.constant_time import bytes_eq

DIGITS = 6
STEP_SECONDS = 30


def totp(secret: bytes, at: datetime, step: int = STEP_SECONDS) -> str:
    """The six digits `secret` gives at `at` (aware)."""
    return _code(secret, _step_of(at, step))


def totp_matches(secret: bytes, code: str, at: datetime, window: int = 1) -> int | None:
    """The step `code` belongs to, at most `window` steps of 30 s from `at`, the latest if several; None if it
    is wrong.

    Every step in the window is computed and compared in constant time, match or not.
    """
    typed = "".join(code.split()).encode(errors="replace")
    now = _step_of(at, STEP_SECONDS)
    matched = None
    for number in range(max(now - window, 0), now + window + 1):
        if bytes_eq(_code(secret, number).encode(), typed):
            matched = number
    return matched


def _step_of(at: datetime, step: int) -> int:
    if at.tzinfo is None:
        raise ValueError("a moment is aware")
    return int(at.timestamp()) // step


def _code(secret: bytes, number: int) -> str:
    digest = hmac.digest(secret, number.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    value = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(value % 10**DIGITS).zfill(DIGITS)
