"""Keyed tags: how rows are found without naming what they are found by.

128 bits of HMAC-SHA256 under a key of the account and the purpose. A phone number or numeric id hashed without a key
would be found by trying them all. Equal things on two accounts have tags that tell nothing of it.
"""

from __future__ import annotations

import hmac

from tropa.envelope import SymmetricKey

TAG_BYTES = 16


class Tags:
    """The tags of one account."""

    def __init__(self, index: SymmetricKey, account: str) -> None:
        self._keys = {
            purpose: _mac(index.raw, _joined(b"tropa tags 1", account.encode(), purpose.encode()))
            for purpose in ("handle", "dedupe", "state", "automatic")
        }

    def handle(self, handle: str) -> bytes:
        """What a person's thread is found by."""
        return self._tag("handle", handle)

    def dedupe(self, key: str) -> str:
        """What a message is known again by."""
        return self._tag("dedupe", key).hex()

    def state(self, name: str) -> str:
        """What a value of the channel's state is found by."""
        return self._tag("state", name).hex()

    def automatic(self, cause: str) -> str:
        """The key of an automatic message with this cause: one cause makes one message."""
        return self._tag("automatic", cause).hex()

    def _tag(self, purpose: str, value: str) -> bytes:
        return _mac(self._keys[purpose], value.encode("utf-8", "surrogatepass"))[:TAG_BYTES]


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _joined(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
