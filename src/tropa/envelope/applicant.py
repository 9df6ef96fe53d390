"""What follows from a codename, for the length of one request.

HKDF-SHA256 of the 96 bits gives, independently, the tag the thread is looked up by (stored in clear; tells
nothing of the codename) and the seed whose X-Wing pair opens what is sealed to the applicant. The thread's id
follows from the applicant's public key, so whoever writes to the database cannot put another key under a
thread unnoticed. The derivations never change.
"""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tropa.envelope.codename import ENTROPY_BYTES, Codename
from tropa.envelope.encoding import join
from tropa.envelope.keys import SealingPublicKey
from tropa.envelope.seed import Seed

SALT = b"tropa applicant 1"
LOOK_UP_TAG_BYTES = 16
THREAD_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class ApplicantKeys:
    """An applicant's look-up tag (16 bytes), seed and public key, and thread id (32 hexadecimal digits)."""

    look_up_tag: bytes
    seed: Seed
    public: SealingPublicKey
    thread_id: str


def applicant_keys(codename: Codename | bytes) -> ApplicantKeys:
    """All keys of the applicant with this codename, or its 12 bytes of entropy.

    Makes an X-Wing pair (about 0.2 ms): look the tag up first, and ask for the keys of a thread that exists.
    """
    entropy = _entropy(codename)
    seed = Seed(_derive(entropy, b"seed", Seed.length))
    public = seed.sealing().public
    return ApplicantKeys(
        look_up_tag=look_up_tag(entropy), seed=seed, public=public, thread_id=thread_id_of(public)
    )


def look_up_tag(codename: Codename | bytes) -> bytes:
    """The 16 bytes a codename's thread is found by; microseconds, without any key pair."""
    return _derive(_entropy(codename), b"look-up tag", LOOK_UP_TAG_BYTES)


def thread_id_of(public: SealingPublicKey) -> str:
    """The id of the thread of the applicant with this public key: 32 hexadecimal digits."""
    return hashlib.sha256(join((b"tropa thread 1", public.raw))).digest()[:THREAD_ID_BYTES].hex()


def _entropy(codename: Codename | bytes) -> bytes:
    entropy = codename.entropy if isinstance(codename, Codename) else codename
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(f"a codename has {ENTROPY_BYTES} bytes of entropy")
    return entropy


def _derive(entropy: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, SALT, join((purpose,))).derive(entropy)
