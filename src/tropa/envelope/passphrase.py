"""A seed locked under a passphrase.

Argon2id (RFC 9106) over the passphrase as RFC 8265 (OpaqueString) writes it, then ChaCha20-Poly1305 with the
header and context as associated data. The blob names its own cost, so the cost can rise later; a blob that
names less than the caller allows is refused before any work, and so is one that names more than a server can
bear: whoever can write to the database must neither make guessing cheap nor fill the memory.

Format 1: byte 0x01; memory in KiB and passes (four bytes each, big-endian), lanes (one byte); salt 16 bytes;
nonce 12 bytes; ciphertext with tag, 48 bytes. Salt, nonce and ciphertext look random, so a dummy slot looks
like any other.
"""

import unicodedata
from dataclasses import dataclass
from enum import Enum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tropa.envelope.context import Context
from tropa.envelope.encoding import join
from tropa.envelope.errors import CannotOpen, WeakLock, WrongPassphrase
from tropa.envelope.secret import Random, draw
from tropa.envelope.seed import Seed

FORMAT = b"\x01"
SALT_BYTES = 16
NONCE_BYTES = 12
SEALED_SEED_BYTES = Seed.length + 16
HEADER_BYTES = 10
LOCKED_SEED_BYTES = HEADER_BYTES + SALT_BYTES + NONCE_BYTES + SEALED_SEED_BYTES
MOST_MEMORY_KIB = 512 * 1024
MOST_PASSES = 10
MOST_LANES = 4
_LABEL = b"tropa locked seed 1"


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one guess costs: memory in KiB, passes over it, lanes."""

    memory_kib: int
    passes: int
    lanes: int

    def header(self) -> bytes:
        """Format byte and parameters, 10 bytes."""
        return (
            FORMAT
            + self.memory_kib.to_bytes(4, "big")
            + self.passes.to_bytes(4, "big")
            + bytes((self.lanes,))
        )

    def reaches(self, floor: "Argon2Cost") -> bool:
        """Whether no parameter that makes guessing dear lies below `floor`'s."""
        return self.memory_kib >= floor.memory_kib and self.passes >= floor.passes

    def is_bearable(self) -> bool:
        """Whether Argon2 is defined for it and a server can do it."""
        return (
            1 <= self.passes <= MOST_PASSES
            and 1 <= self.lanes <= MOST_LANES
            and 8 * self.lanes <= self.memory_kib <= MOST_MEMORY_KIB
        )


class PassphraseProfile(Enum):
    """How dear a guess is made."""

    PRODUCTION = Argon2Cost(memory_kib=128 * 1024, passes=3, lanes=1)
    CHEAP = Argon2Cost(memory_kib=64, passes=1, lanes=1)
    """For tests and the example world alone; `unlock_seed` refuses it unless told otherwise."""


def lock_seed(
    seed: Seed, passphrase: str, profile: PassphraseProfile, random: Random, context: Context
) -> bytes:
    """`seed` locked under `passphrase`, 86 bytes. ValueError if the passphrase is empty."""
    header = profile.value.header()
    salt = draw(random, SALT_BYTES)
    nonce = draw(random, NONCE_BYTES)
    cipher = _cipher(passphrase, profile.value, salt)
    return header + salt + nonce + cipher.encrypt(nonce, seed.raw, _associated(header, context))


def unlock_seed(
    blob: bytes,
    passphrase: str,
    context: Context,
    *,
    weakest: PassphraseProfile = PassphraseProfile.PRODUCTION,
) -> Seed:
    """The seed in `blob`. Takes the memory and time the blob names: the caller bounds how many run at once.

    CannotOpen if `blob` is no locked seed; WeakLock if its cost is below `weakest` or beyond bearing;
    WrongPassphrase if it does not open: a wrong passphrase, another context and a damaged ciphertext cannot
    be told apart.
    """
    if blob[:1] != FORMAT or len(blob) != LOCKED_SEED_BYTES:
        raise CannotOpen
    cost = _cost_in(blob)
    if not cost.is_bearable() or not cost.reaches(weakest.value):
        raise WeakLock("the cost this locked key names is not allowed here")
    salt_end = HEADER_BYTES + SALT_BYTES
    nonce_end = salt_end + NONCE_BYTES
    if not passphrase:
        raise WrongPassphrase
    cipher = _cipher(passphrase, cost, blob[HEADER_BYTES:salt_end])
    try:
        raw = cipher.decrypt(blob[salt_end:nonce_end], blob[nonce_end:], _associated(cost.header(), context))
    except InvalidTag:
        raise WrongPassphrase from None
    return Seed(raw)


def dummy_lock(profile: PassphraseProfile, random: Random) -> bytes:
    """A slot that no passphrase opens and that looks like one some passphrase does."""
    return profile.value.header() + draw(random, LOCKED_SEED_BYTES - HEADER_BYTES)


def _cost_in(blob: bytes) -> Argon2Cost:
    return Argon2Cost(
        memory_kib=int.from_bytes(blob[1:5], "big"), passes=int.from_bytes(blob[5:9], "big"), lanes=blob[9]
    )


def _associated(header: bytes, context: Context) -> bytes:
    return join((_LABEL, header, context.info()))


def _cipher(passphrase: str, cost: Argon2Cost, salt: bytes) -> ChaCha20Poly1305:
    key = Argon2id(
        salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(_prepared(passphrase))
    return ChaCha20Poly1305(key)


def _prepared(passphrase: str) -> bytes:
    """RFC 8265 section 4.2: other spaces become plain ones, then normal form C; nothing else is changed."""
    if not passphrase:
        raise ValueError("a passphrase is not empty")
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in passphrase)
    return unicodedata.normalize("NFC", spaced).encode(errors="surrogatepass")
