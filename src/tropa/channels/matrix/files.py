"""Files as Matrix keeps them: encrypted before they leave, opened piece by piece as they come.

Kept true: at no time does more than a piece of an incoming file stand readable in memory; a file whose bytes are not
those that were announced is refused at its end, before anything of it is stored.

Source: the Matrix specification 1.11, "Sending encrypted attachments".
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from tropa.channels.errors import FileLost, FileOverCap, FileUnavailable
from tropa.channels.matrix.reading import Media
from tropa.channels.matrix.server import NoAnswer, NotSent, Refused, Server
from tropa.channels.matrix.signing import unpadded


async def fetch(server: Server, media: Media, size: int | None, cap: int) -> AsyncIterator[bytes]:
    """Its bytes. Raises FileOverCap, FileLost, FileUnavailable."""
    if size is not None and size > cap:
        raise FileOverCap("file_too_large")
    opener = Cipher(AES(media.key), CTR(media.begins)).decryptor() if media.key else None
    digest, seen = hashlib.sha256(), 0
    try:
        async for piece in server.pieces(media.server, media.name):
            seen += len(piece)
            if seen > cap:
                raise FileOverCap("file_too_large")
            digest.update(piece)
            yield opener.update(piece) if opener else piece
    except Refused as refused:
        passing = refused.status == 429 or refused.status >= 500
        raise (FileUnavailable("file_not_fetched") if passing else FileLost("file_gone")) from None
    except (NotSent, NoAnswer):
        raise FileUnavailable("file_not_fetched") from None
    if media.key and not hmac.compare_digest(digest.digest(), media.digest):
        raise FileLost("file_changed")


def encrypted(content: bytes) -> tuple[bytes, dict[str, Any]]:
    """What is uploaded, and what opens it, without its place."""
    key, begins = secrets.token_bytes(32), secrets.token_bytes(8) + bytes(8)
    sealed = Cipher(AES(key), CTR(begins)).encryptor().update(content)
    k = unpadded(key).replace("+", "-").replace("/", "_")
    opened_by = {"kty": "oct", "key_ops": ["encrypt", "decrypt"], "alg": "A256CTR", "k": k, "ext": True}
    hashes = {"sha256": unpadded(hashlib.sha256(sealed).digest())}
    return sealed, {"v": "v2", "key": opened_by, "iv": unpadded(begins), "hashes": hashes}
