"""The key pair from a seed, and the seal itself, are those of the X-Wing draft and RFC 9180.

The draft gives a seed, a ciphertext and the shared secret it carries. RFC 9180's key schedule, written out
here from its text, makes of that secret an HPKE message; `open_sealed` must open it with the key expanded
from the draft's seed.
"""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tests.envelope.world import PLACE
from tropa.envelope import CannotOpen, Seed, open_sealed
from tropa.envelope.encoding import join
from tropa.envelope.padding import pad

VECTORS = json.loads((Path(__file__).parent / "vectors" / "xwing.json").read_text())
SUITE_ID = b"HPKE" + bytes.fromhex("647a 0001 0003")  # X-Wing, HKDF-SHA256, ChaCha20-Poly1305


def labeled_extract(salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + SUITE_ID + label + key, hashlib.sha256)


def labeled_expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE_ID + label + info
    return hmac.digest(key, labeled + b"\x01", hashlib.sha256)[:length]


def hpke_message(shared_secret: bytes, encapsulation: bytes, info: bytes, plaintext: bytes) -> bytes:
    """RFC 9180 sections 5.1 and 5.2, base mode, first message, no associated data."""
    context = b"\x00" + labeled_extract(b"", b"psk_id_hash", b"") + labeled_extract(b"", b"info_hash", info)
    secret = labeled_extract(shared_secret, b"secret", b"")
    key = labeled_expand(secret, b"key", context, 32)
    nonce = labeled_expand(secret, b"base_nonce", context, 12)
    return encapsulation + ChaCha20Poly1305(key).encrypt(nonce, plaintext, b"")


@pytest.mark.parametrize("vector", VECTORS["public_keys"], ids=["first", "second"])
def test_public_keys_are_those_of_the_draft(vector: dict[str, str]) -> None:
    public = Seed(bytes.fromhex(vector["seed"])).sealing().public.raw
    assert len(public) == 1216
    assert public.hex().startswith(vector["begins"])
    assert public.hex().endswith(vector["ends"])


def blob_from_the_draft(info: bytes) -> bytes:
    return b"\x01" + hpke_message(
        bytes.fromhex(VECTORS["shared_secret"]),
        bytes.fromhex(VECTORS["ciphertext"]),
        info,
        pad(b"from the draft"),
    )


def test_a_message_made_from_the_drafts_ciphertext_opens_with_the_drafts_seed() -> None:
    key = Seed(bytes.fromhex(VECTORS["seed"])).sealing()
    blob = blob_from_the_draft(join([b"tropa seal 1"]) + PLACE.info())
    assert open_sealed(key, PLACE, blob) == b"from the draft"


def test_the_same_message_without_its_place_does_not_open() -> None:
    key = Seed(bytes.fromhex(VECTORS["seed"])).sealing()
    with pytest.raises(CannotOpen):
        open_sealed(key, PLACE, blob_from_the_draft(PLACE.info()))
