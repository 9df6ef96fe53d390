"""The one secret everything of a person, case, epoch or service is derived from.

From 32 bytes come an X-Wing pair (the bytes are the draft's decapsulation key), an Ed25519 pair and any
number of labelled symmetric keys (HKDF-SHA256, RFC 5869). The derivations never change: what they once gave
must be given again.
"""

from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tropa.envelope.encoding import join
from tropa.envelope.keys import SealingKey, SigningKey, SymmetricKey
from tropa.envelope.secret import Random, Secret, draw

SALT = b"tropa seed 1"


class Seed(Secret):
    """32 secret bytes and the keys that follow from them."""

    __slots__ = ()
    length = 32

    @classmethod
    def generate(cls, random: Random) -> Self:
        """A new one from `random`."""
        return cls(draw(random, cls.length))

    def sealing(self) -> SealingKey:
        """The X-Wing pair. Costs about 0.2 ms; keep it for a request rather than asking twice."""
        return SealingKey(self.raw)

    def signing(self) -> SigningKey:
        """The Ed25519 pair."""
        return SigningKey(self._derive((b"signing key",)))

    def subkey(self, label: str) -> SymmetricKey:
        """The symmetric key called `label`; other labels give independent keys."""
        if not label:
            raise ValueError("a subkey has a label")
        return SymmetricKey(self._derive((b"symmetric key", label.encode())))

    def _derive(self, purpose: tuple[bytes, ...]) -> bytes:
        return HKDF(SHA256(), 32, SALT, join(purpose)).derive(self.raw)
