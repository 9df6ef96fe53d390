"""Letters of strange shape, for a desk that has the partner's key: inside their seal and outside of it."""

from __future__ import annotations

import random
import zlib

from pysequoia import Cert, PySigner

from tests.channels.deltachat_strange import BODIES, HEADS
from tests.channels.mail_people import headed, sealed, signed_only, wrapped

MORE: tuple[bytes, ...] = (
    b"Content-Type: multipart/signed; boundary=s",
    b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"',
    b"Content-Type: multipart/digest; boundary=b",
    b"Content-Type: message/rfc822",
    b"Content-Type: message/partial; id=1; number=1; total=99",
    b"Content-Disposition: attachment; filename*=utf-8''%00%FF..%2F..%2Fetc",
    b"Content-Type: text/plain; charset=utf-7",
    b"Content-Type: application/pgp-encrypted",
    b"Content-Transfer-Encoding: uuencode",
)


def nested(depth: int) -> bytes:
    """Parts within parts within parts."""
    begin = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(depth)
    )
    return begin + b"Content-Type: text/plain\r\n\r\nword\r\n"


def wide(parts: int) -> bytes:
    """More parts than anybody writes."""
    return b"Content-Type: multipart/mixed; boundary=w\r\n\r\n" + b"--w\r\n\r\nx\r\n" * parts + b"--w--\r\n"


def many_readers(count: int, to: Cert, signer: PySigner) -> bytes:
    """Sealed to a list of so many: what names a reader stands in it that often."""
    from pysequoia.packet import PacketPile, Tag

    pile = list(PacketPile.from_bytes(sealed(b"Content-Type: text/plain\r\n\r\nall\r\n", to, signer)))
    names = b"".join(bytes(each) for each in pile if each.tag == Tag.PKESK)
    rest = b"".join(bytes(each) for each in pile if each.tag != Tag.PKESK)
    return names * count + rest


def strange_inside(chance: random.Random) -> bytes:
    """What a seal is put around."""
    if chance.random() < 0.04:
        return chance.choice((nested(600), wide(600), b"", b"\xff" * 100))
    heads = chance.sample(HEADS + MORE, chance.randint(0, 4))
    return b"\r\n".join([*heads, b"", chance.choice(BODIES), b""])


def letter(chance: random.Random, sender: str, desk: str, to: Cert, signer: PySigner) -> bytes:
    """One: strange within a good seal, a seal that is damaged, or no seal at all."""
    inside = strange_inside(chance)
    match chance.randrange(5):
        case 0 | 1:
            return headed(sender, desk, wrapped(sealed(inside, to, signer)))
        case 2:
            blob = bytearray(sealed(inside, to, signer))
            for _change in range(chance.randint(1, 3)):
                blob[chance.randrange(len(blob))] ^= 1 << chance.randrange(7)
            return headed(sender, desk, wrapped(bytes(blob)))
        case 3:
            whole = signed_only(inside, signer)
            return headed(
                sender, desk, whole[: chance.randrange(len(whole))] if chance.random() < 0.5 else whole
            )
        case _:
            return headed(sender, desk, inside)


def compressed(content: bytes) -> bytes:
    """A packet of OpenPGP that holds a compressed text, as a letter is before it is encrypted."""
    literal = b"b\x00" + b"\x00" * 4 + content
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"\x01" + packed.compress(b"\xcb\xff" + len(literal).to_bytes(4, "big") + literal) + packed.flush()
    return b"\xc8\xff" + len(data).to_bytes(4, "big") + data
