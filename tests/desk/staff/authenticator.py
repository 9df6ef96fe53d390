"""An authenticator in software, which can also answer wrongly: what a browser brings back, made with P-256."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass(slots=True)
class Authenticator:
    """One passkey on one device. `counts` False: a counter that stays at nought, as many phones keep it."""

    origin: str
    site: str
    counts: bool = True
    count: int = 0
    flags: int = PRESENT | VERIFIED
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""

    def make(self, options: str) -> str:
        """The answer to what the page asks when a passkey is added."""
        asked = json.loads(options)
        self.handle = base64url_to_bytes(asked["user"]["id"])
        head = self._head(ATTESTED)
        data = head + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._public()
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("webauthn.create", asked["challenge"], attestationObject=attested)

    def enter(self, options: str) -> str:
        """The answer to what the page asks when somebody signs in."""
        challenge = json.loads(options)["challenge"]
        self.count += self.counts
        head, client = self._head(0), self._client("webauthn.get", challenge)
        signature = self.key.sign(head + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            "webauthn.get",
            challenge,
            authenticatorData=head,
            signature=signature,
            userHandle=self.handle,
        )

    def _head(self, more: int) -> bytes:
        flags = bytes((self.flags | more,))
        return hashlib.sha256(self.site.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, kind: str, challenge: str, **response: bytes) -> str:
        parts = {"clientDataJSON": self._client(kind, challenge), **response}
        return json.dumps(
            {
                "id": bytes_to_base64url(self.id),
                "rawId": bytes_to_base64url(self.id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {name: bytes_to_base64url(part) for name, part in parts.items()},
            }
        )
