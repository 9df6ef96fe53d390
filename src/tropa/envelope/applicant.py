"""What follows from a codename, for the length of one request.

HKDF-SHA256 of the 96 bits gives, independently, the tag the thread is looked up by (stored in clear; tells
nothing of the codename) and the seed whose X-Wing pair opens what is sealed to the applicant and whose Ed25519
pair signs what they write. The thread's id follows from both public keys together, so whoever writes to the
database can put neither another key nor other words under a thread unnoticed. The derivations never change.
"""

import hashlib
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tropa.envelope.codename import ENTROPY_BYTES, Codename
from tropa.envelope.encoding import join
from tropa.envelope.errors import BadKey
from tropa.envelope.keys import SealingPublicKey, SigningKey, SigningPublicKey
from tropa.envelope.seed import Seed

SALT = b"tropa applicant 1"
LOOK_UP_TAG_BYTES = 16
THREAD_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class ApplicantPublic:
    """The key to seal to for an applicant, and the key their words are verified with.

    Stored as 1248 bytes: the X-Wing key, then the Ed25519 key.
    """

    sealing: SealingPublicKey
    signing: SigningPublicKey

    @classmethod
    def of(cls, seed: Seed) -> Self:
        """The public keys of an applicant's seed."""
        return cls(seed.sealing().public, seed.signing().public)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """The keys again. Raises BadKey for bytes of any other length."""
        if len(raw) != SealingPublicKey.length + SigningPublicKey.length:
            raise BadKey("an applicant's public keys are 1248 bytes")
        sealing, signing = raw[: SealingPublicKey.length], raw[SealingPublicKey.length :]
        return cls(SealingPublicKey(sealing), SigningPublicKey(signing))

    @property
    def raw(self) -> bytes:
        """The bytes to store."""
        return self.sealing.raw + self.signing.raw


@dataclass(frozen=True, slots=True)
class ApplicantKeys:
    """An applicant's look-up tag (16 bytes), seed and public keys, thread id (32 hexadecimal digits), and the key they
    sign with.
    """

    look_up_tag: bytes
    seed: Seed
    public: ApplicantPublic
    thread_id: str
    signing: SigningKey


def applicant_keys(codename: Codename | bytes) -> ApplicantKeys:
    """All keys of the applicant with this codename, or its 12 bytes of entropy.

    Makes an X-Wing pair (about 0.2 ms): look the tag up first, and ask for the keys of a thread that exists.
    """
    entropy = _entropy(codename)
    seed = Seed(_derive(entropy, b"seed", Seed.length))
    return keys_of_seed(seed, look_up_tag(entropy))


def keys_of_seed(seed: Seed, tag: bytes) -> ApplicantKeys:
    """The keys that follow from a seed, found by this tag."""
    signing = seed.signing()
    public = ApplicantPublic(seed.sealing().public, signing.public)
    return ApplicantKeys(tag, seed, public, thread_id_of(public), signing)


def look_up_tag(codename: Codename | bytes) -> bytes:
    """The 16 bytes a codename's thread is found by; microseconds, without any key pair."""
    return _derive(_entropy(codename), b"look-up tag", LOOK_UP_TAG_BYTES)


def thread_id_of(public: ApplicantPublic) -> str:
    """The id of the thread of the applicant with these public keys: 32 hexadecimal digits."""
    parts = (b"tropa thread 2", public.sealing.raw, public.signing.raw)
    return hashlib.sha256(join(parts)).digest()[:THREAD_ID_BYTES].hex()


def _entropy(codename: Codename | bytes) -> bytes:
    entropy = codename.entropy if isinstance(codename, Codename) else codename
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(f"a codename has {ENTROPY_BYTES} bytes of entropy")
    return entropy


def _derive(entropy: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, SALT, join((purpose,))).derive(entropy)
