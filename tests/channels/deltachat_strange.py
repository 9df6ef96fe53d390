"""Mails of strange shape: broken heads, broken parts, nothing where something is expected, far too much of it."""

from __future__ import annotations

import random

HEADS: tuple[bytes, ...] = (
    b"Subject: \xff\xfe\x00",
    b"Subject: =?utf-8?b?////?=",
    b"Subject: \xe2\x80\xae" + b"x" * 5000,
    b"Chat-Version: 1.0",
    b"Chat-Group-ID: " + b"a" * 3000,
    b"Chat-Edit: <nobody@chat.test>",
    b"Chat-Delete: <nobody@chat.test>",
    b"Chat-Content: ephemeral-timer-changed",
    b"Ephemeral-Timer: 99999999999999999999",
    b"Secure-Join: vc-request-with-auth",
    b"Secure-Join-Auth: nothing",
    b"Autocrypt: addr=x@chat.test; keydata=////",
    b"In-Reply-To: " + b"<a@b> " * 2000,
    b"Cc: " + b", ".join(b"m%d@chat.test" % number for number in range(1_000)),
    b"Content-Type: multipart/mixed; boundary=",
    b"Content-Type: multipart/encrypted; boundary=b",
    b"Content-Type: text/plain; charset=no-such-charset",
    b"Content-Type: text/html",
    b"Content-Type: application/zip; name=../../../etc/passwd",
    b"Content-Transfer-Encoding: base64",
    b"Date: yesterday",
    b"Message-ID: <one@chat.test>",
    b"MIME-Version: 17",
)
BODIES: tuple[bytes, ...] = (
    b"",
    b"\x00\x01\x02",
    b"\xff" * 1000,
    "\u202eтекст наоборот\u202c\u200b".encode(),
    b"-----BEGIN PGP MESSAGE-----\r\n\r\n////\r\n-----END PGP MESSAGE-----",
    b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 100,
    b"<script>alert(1)</script><img src=https://example.org/a>",
    b"word " * 40_000,
    b"UEsDBBQAAAAI" * 1000,
)


def mails(chance: random.Random, *, sender: str, to: str, number: int) -> list[bytes]:
    """So many; every other with a name that no other has."""
    crowd = b", ".join(b"m%d@chat.test" % each for each in range(10_000))
    made = [
        b"From: <%s>\r\nCc: %s\r\nMessage-ID: <crowd@chat.test>\r\n\r\nword\r\n" % (sender.encode(), crowd)
    ]
    for each in range(1, number):
        heads = [f"From: <{sender}>".encode(), f"To: <{to}>".encode()]
        if each % 2:
            heads.append(b"Message-ID: <strange%d@chat.test>" % each)
        heads += chance.sample(HEADS, chance.randint(0, 4))
        made.append(b"\r\n".join([*heads, b"", chance.choice(BODIES), b""]))
    return made
