"""Key pairs and public keys.

X-Wing (draft-connolly-cfrg-xwing-kem): a 32-byte seed expands with SHAKE256 to 96 bytes, 64 for ML-KEM-768
(d, z) and 32 for X25519; the public key is ML-KEM's 1184 bytes, then X25519's 32. Ed25519 as in RFC 8032.
Private keys hide themselves like every secret; public keys are compared and stored as their raw bytes. There
is one suite and no knob.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, NoReturn, Self, SupportsIndex

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tropa.envelope.errors import BadKey
from tropa.envelope.secret import Random, Secret, draw

ML_KEM_SEED_BYTES = 64
ML_KEM_PUBLIC_BYTES = 1184
X25519_BYTES = 32
WRAP_SALT = b"tropa wrap 1"


class SymmetricKey(Secret):
    """32 bytes for `wrap` and `unwrap`; keeps the ciphers of the columns it was used for while it lives."""

    __slots__ = ("_ciphers",)
    length = 32
    _ciphers: dict[bytes, ChaCha20Poly1305]

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw)
        object.__setattr__(self, "_ciphers", {})

    @classmethod
    def generate(cls, random: Random) -> Self:
        """A new one from `random`."""
        return cls(draw(random, cls.length))

    def cipher(self, family: bytes) -> ChaCha20Poly1305:
        """The cipher under the HKDF-SHA256 subkey for `family`, an encoded `Context.family`."""
        cipher = self._ciphers.get(family)
        if cipher is None:
            cipher = ChaCha20Poly1305(HKDF(SHA256(), 32, WRAP_SALT, family).derive(self.raw))
            self._ciphers[family] = cipher
        return cipher


@lru_cache(maxsize=64)
def _loaded_sealing_public(raw: bytes) -> MLKEM768X25519PublicKey:
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(raw[:ML_KEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(raw[ML_KEM_PUBLIC_BYTES:]),
        )
    except ValueError:
        raise BadKey("not an X-Wing public key") from None


@lru_cache(maxsize=64)
def _loaded_signing_public(raw: bytes) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise BadKey("not an Ed25519 public key") from None


@dataclass(frozen=True, slots=True)
class SealingPublicKey:
    """An X-Wing public key, 1216 bytes. Bytes that are no key show at first use, or at `check`."""

    raw: bytes
    length: ClassVar[int] = ML_KEM_PUBLIC_BYTES + X25519_BYTES

    def __post_init__(self) -> None:
        if not isinstance(self.raw, bytes) or len(self.raw) != self.length:
            raise BadKey(f"an X-Wing public key is {self.length} bytes")

    def check(self) -> None:
        """Raise BadKey unless ML-KEM and X25519 accept the bytes."""
        _loaded_sealing_public(self.raw)

    def loaded(self) -> MLKEM768X25519PublicKey:
        """The library's key; BadKey if there is none in these bytes."""
        return _loaded_sealing_public(self.raw)

    def __repr__(self) -> str:
        return f"<SealingPublicKey {hashlib.sha256(self.raw).hexdigest()[:8]}>"


@dataclass(frozen=True, slots=True)
class SigningPublicKey:
    """An Ed25519 public key, 32 bytes."""

    raw: bytes
    length: ClassVar[int] = 32

    def __post_init__(self) -> None:
        if not isinstance(self.raw, bytes) or len(self.raw) != self.length:
            raise BadKey(f"an Ed25519 public key is {self.length} bytes")

    def loaded(self) -> Ed25519PublicKey:
        """The library's key; BadKey if there is none in these bytes."""
        return _loaded_signing_public(self.raw)

    def __repr__(self) -> str:
        return f"<SigningPublicKey {self.raw.hex()[:8]}>"


class _PrivateKey:
    """What private keys share: they do not show, copy or pickle themselves."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is neither pickled nor copied")

    def __getstate__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is neither pickled nor copied")


class SealingKey(_PrivateKey):
    """An X-Wing key pair, expanded from the 32 bytes the draft calls the decapsulation key."""

    __slots__ = ("private", "public")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError("an X-Wing key expands from 32 bytes")
        expanded = hashlib.shake_256(seed).digest(ML_KEM_SEED_BYTES + X25519_BYTES)
        ml_kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:ML_KEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[ML_KEM_SEED_BYTES:])
        self.private = MLKEM768X25519PrivateKey(ml_kem, x25519)
        self.public = SealingPublicKey(
            ml_kem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )


class SigningKey(_PrivateKey):
    """An Ed25519 key pair from its 32-byte private key."""

    __slots__ = ("private", "public")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError("an Ed25519 key is made from 32 bytes")
        self.private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = SigningPublicKey(self.private.public_key().public_bytes_raw())
