"""Signatures over JSON as Matrix defines them, and the desk's identity that signs its device.

Kept true: what is signed is the canonical form without `signatures` and `unsigned`; base64 goes unpadded, because key
ids with padding are not recognised; the three keys of an identity follow from one seed, so that an account added again
is not taken for an impostor.

Source: the Matrix specification 1.11, appendices "Signing JSON" and "Canonical JSON"; "Cross-signing".
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

USAGES = ("master", "self_signing", "user_signing")


def unpadded(content: bytes) -> str:
    """Base64 as keys and signatures are written."""
    return base64.b64encode(content).decode().rstrip("=")


def content_of(text: object, *, url_safe: bool = False) -> bytes:
    """The bytes of unpadded base64. Raises ValueError for anything else."""
    if not isinstance(text, str) or not text.isascii():
        raise ValueError("that is no base64")
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_" if url_safe else None, validate=True)
    except binascii.Error:
        raise ValueError("that is no base64") from None


def canonical(value: Mapping[str, Any]) -> bytes:
    """What a signature is over. Raises ValueError for what has no such form."""
    bare = {name: item for name, item in value.items() if name not in {"signatures", "unsigned"}}
    text = json.dumps(bare, separators=(",", ":"), sort_keys=True, ensure_ascii=False, allow_nan=False)
    return text.encode()


def is_signed(value: Mapping[str, Any], *, user: str, key_id: str, public: str) -> bool:
    """Whether `value` carries this user's signature by the Ed25519 key `public` under `key_id`."""
    signatures = value.get("signatures")
    of_user = signatures.get(user) if isinstance(signatures, Mapping) else None
    text = of_user.get(f"ed25519:{key_id}") if isinstance(of_user, Mapping) else None
    try:
        Ed25519PublicKey.from_public_bytes(content_of(public)).verify(content_of(text), canonical(value))
    except (ValueError, TypeError, InvalidSignature, RecursionError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Identity:
    """The three cross-signing keys of a user; `seed` is 32 random bytes."""

    user: str
    seed: bytes = field(repr=False)

    def public(self, usage: str) -> str:
        """The public half, in base64."""
        return unpadded(self._key(usage).public_key().public_bytes_raw())

    def published(self) -> dict[str, Any]:
        """What is uploaded once: the master key, and the others signed by it."""
        told: dict[str, Any] = {}
        for usage in USAGES:
            public = self.public(usage)
            described = {"user_id": self.user, "usage": [usage], "keys": {f"ed25519:{public}": public}}
            told[f"{usage}_key"] = described if usage == "master" else self.signed("master", described)
        return told

    def signed(self, usage: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """The value with this key's signature alone."""
        bare = {name: item for name, item in value.items() if name not in {"signatures", "unsigned"}}
        signature = unpadded(self._key(usage).sign(canonical(bare)))
        return {**bare, "signatures": {self.user: {f"ed25519:{self.public(usage)}": signature}}}

    def _key(self, usage: str) -> Ed25519PrivateKey:
        derived = HKDF(hashes.SHA256(), 32, None, f"tropa matrix identity 1 {usage}".encode()).derive(
            self.seed
        )
        return Ed25519PrivateKey.from_private_bytes(derived)
