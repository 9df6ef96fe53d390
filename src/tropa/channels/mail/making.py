"""A key of our own, which asks those who write not to compress.

The library makes sure of no signature under compression, and GnuPG compresses for every key that does not ask for the
contrary; the library itself makes no key that asks. So the signature over the key's name is made anew with one wish
more (RFC 9580, 5.2.3.17). Kept true: nothing else of the key changes, and the library reads and uses what comes out.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pysequoia import Profile, Tsk
from pysequoia.packet import PacketPile, Tag

SIGNATURE = 2
NOTHING_COMPRESSED = b"\x02\x16\x00"
PUBLIC = 51
"""Bytes of the public part of a version 4 key on Ed25519: version, time, algorithm, curve, point."""
NAMED_BY = b"\x04\x13\x16\x0a"
"""A version 4 signature over a name, by EdDSA with SHA-512."""


def new_key(address: str) -> Tsk:
    """Of the older form: what partners run today (GnuPG) does not read the newer one."""
    made = list(PacketPile.from_bytes(bytes(Tsk.generate(f"<{address}>", profile=Profile.RFC4880))))
    name = next(number for number, packet in enumerate(made) if packet.tag == Tag.UserID)
    signature = _signed_anew(made[0].body, made[name].body, made[name + 1].body)
    packets = [bytes(packet) for packet in made]
    packets[name + 1] = bytes([0xC0 | SIGNATURE, 0xFF]) + len(signature).to_bytes(4, "big") + signature
    return Tsk.from_bytes(b"".join(packets))


def _signed_anew(key: bytes, name: bytes, signature: bytes) -> bytes:
    if not signature.startswith(NAMED_BY) or key[PUBLIC] != 0:
        raise ValueError("the library makes keys of another form")
    length = int.from_bytes(signature[4:6], "big")
    said = signature[6 : 6 + length] + NOTHING_COMPRESSED
    head = NAMED_BY + len(said).to_bytes(2, "big") + said
    public = key[:PUBLIC]
    under = b"\x99" + len(public).to_bytes(2, "big") + public + b"\xb4" + len(name).to_bytes(4, "big") + name
    digest = hashlib.sha512(under + head + b"\x04\xff" + len(head).to_bytes(4, "big")).digest()
    bits = int.from_bytes(key[PUBLIC + 1 : PUBLIC + 3], "big")
    secret = key[PUBLIC + 3 : PUBLIC + 3 + (bits + 7) // 8].rjust(32, b"\x00")
    both = Ed25519PrivateKey.from_private_bytes(secret).sign(digest)
    return head + b"\x00\x00" + digest[:2] + _number(both[:32]) + _number(both[32:])


def _number(content: bytes) -> bytes:
    value = int.from_bytes(content, "big")
    return value.bit_length().to_bytes(2, "big") + value.to_bytes((value.bit_length() + 7) // 8, "big")
