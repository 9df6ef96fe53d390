"""Ten thousand malformed blobs to every opener: each is refused by a named error, none by an accident."""

import hashlib
from collections.abc import Callable, Iterator

import pytest

from tests.envelope.world import DAY, PLACE, anna, boris, chain_to, repeatable, root
from tropa.envelope import (
    EnvelopeError,
    PassphraseProfile,
    SealingPublicKey,
    SigningPublicKey,
    lock_seed,
    open_sealed,
    seal,
    sign,
    unlock_seed,
    unwrap,
    verify,
    verify_certificate,
    wrap,
)

BLOBS = 10_000
SEALING, SIGNING, WRAPPING = boris.sealing(), boris.signing(), boris.subkey("records")
ANNAS_PUBLIC = anna.signing().public

OPENERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "seal": (seal(SEALING.public, PLACE, b"body"), lambda blob: open_sealed(SEALING, PLACE, blob)),
    "wrap": (
        wrap(WRAPPING, PLACE, b"body", random=repeatable("n")),
        lambda blob: unwrap(WRAPPING, PLACE, blob),
    ),
    "lock": (
        lock_seed(boris, "passphrase", PassphraseProfile.CHEAP, repeatable("n"), PLACE),
        lambda blob: unlock_seed(blob, "passphrase", PLACE),
    ),
    "signature": (
        sign(SIGNING, PLACE, b"message"),
        lambda blob: verify(SIGNING.public, PLACE, b"message", blob),
    ),
    "certificate": (
        chain_to("boris", boris)[1],
        lambda blob: verify_certificate(blob, ANNAS_PUBLIC, DAY),
    ),
    "root's certificate": (
        chain_to("boris", boris)[0],
        lambda blob: verify_certificate(blob, root.public, DAY),
    ),
}


def malformed(genuine: bytes, name: str) -> Iterator[bytes]:
    """Cut, stretched, bit-flipped, overwritten and random blobs; the same in every run."""
    for number in range(BLOBS):
        noise = hashlib.shake_256(f"{name} {number}".encode()).digest(64)
        at = int.from_bytes(noise[:4], "big") % len(genuine)
        match number % 5:
            case 0:
                yield genuine[:at]
            case 1:
                yield genuine + noise[: 1 + at % 63]
            case 2:
                yield genuine[:at] + bytes([genuine[at] ^ 1 << noise[5] % 8]) + genuine[at + 1 :]
            case 3:
                yield (genuine[:at] + noise)[: len(genuine)] + genuine[at + 64 :]
            case _:
                yield genuine[:1] + (noise * (1 + at // 64))[:at]


@pytest.mark.parametrize("name", OPENERS)
def test_each_is_refused_by_name(name: str) -> None:
    genuine, opened_by = OPENERS[name]
    refused = 0
    for blob in malformed(genuine, name):
        assert blob != genuine
        with pytest.raises(EnvelopeError):
            opened_by(blob)
        refused += 1
    assert refused == BLOBS


@pytest.mark.parametrize("kind", [SealingPublicKey, SigningPublicKey])
def test_public_keys_of_any_wrong_length_are_refused_by_name(kind: type) -> None:
    for length in range(2000):
        if length not in (32, 1216):
            with pytest.raises(EnvelopeError):
                kind(bytes(length))
