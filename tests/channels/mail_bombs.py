"""Letters that unpack to far more than they are: encrypted by hand, for no library makes them.

An RSA key and the older packet with its digest (RFC 4880, 5.1 and 5.13) are what can be written in a few lines.
"""

from __future__ import annotations

import hashlib
import secrets
import zlib

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from pysequoia import Cert, CipherSuite, Profile, Tsk
from pysequoia.packet import PacketPile, Tag

PKESK, COMPRESSED, LITERAL, SEIP = 1, 8, 11, 18
AES256, DEFLATE = 9, 1
PIECE = 1024 * 1024


def rsa_key(address: str) -> Tsk:
    """A key such letters can be made for."""
    return Tsk.generate(f"<{address}>", profile=Profile.RFC4880, cipher_suite=CipherSuite.RSA2k)


def bomb(to: Cert, megabytes: int) -> bytes:
    """An encrypted packet, a thousandth of what it unpacks to, which is so many megabytes of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    size = 6 + megabytes * PIECE
    parts = [packer.compress(bytes([0xC0 | LITERAL, 0xFF]) + size.to_bytes(4, "big") + b"b\x00" + bytes(4))]
    parts.append(packer.flush(zlib.Z_FULL_FLUSH))
    same = packer.compress(bytes(PIECE)) + packer.flush(zlib.Z_FULL_FLUSH)  # remembers nothing before it
    parts += [same] * megabytes
    return _encrypted(_packet(COMPRESSED, bytes([DEFLATE]) + b"".join(parts) + packer.flush()), to)


def _encrypted(content: bytes, to: Cert) -> bytes:
    key, begin = secrets.token_bytes(32), secrets.token_bytes(16)
    clear = begin + begin[-2:] + content + b"\xd3\x14"
    clear += hashlib.sha1(clear).digest()  # noqa: S324  what this packet is made with
    encryptor = Cipher(AES(key), CFB(bytes(16))).encryptor()
    packet = _packet(SEIP, b"\x01" + encryptor.update(clear) + encryptor.finalize())
    session = bytes([AES256]) + key + (sum(key) % 65536).to_bytes(2, "big")
    subkey = next(each for each in PacketPile.from_bytes(bytes(to)) if each.tag == Tag.PublicSubkey)
    length = int.from_bytes(subkey.body[6:8], "big") + 7 >> 3
    numbers = RSAPublicNumbers(65537, int.from_bytes(subkey.body[8 : 8 + length], "big"))
    sealed = int.from_bytes(numbers.public_key().encrypt(session, padding.PKCS1v15()), "big")
    mpi = sealed.bit_length().to_bytes(2, "big") + sealed.to_bytes(sealed.bit_length() + 7 >> 3, "big")
    return _packet(PKESK, b"\x03" + bytes(8) + b"\x01" + mpi) + packet


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4, "big") + body
