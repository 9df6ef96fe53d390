"""Files as OMEMO's people send them: AES-GCM, on an HTTP server, opened by a link that only the message holds.

Kept true: nothing is fetched from, or put to, a host that is not configured, and nobody is followed elsewhere; at no
time does more than a piece of an incoming file stand readable in memory; a file that was changed is refused at its end,
before anything of it is stored; what lies on a server has no name of ours.

Source: XEP-0454 (aesgcm links), XEP-0363 (upload).
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    ThreadedResolver,
)
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from tropa.channels.errors import FileLost, FileOverCap, FileUnavailable
from tropa.channels.xmpp.stream import tls

LINK = re.compile(r"aesgcm://([^\s#/@]{1,260})(/[^\s#]{0,2000})#([0-9a-fA-F]{88}|[0-9a-fA-F]{96})")
TAG = 16
PIECE = 64 * 1024
CONNECT_WITHIN, READ_WITHIN, PUT_WITHIN = 15.0, 60.0, 50.0


class NotPut(Exception):
    """The file did not get to a server of ours."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a file lies, and what opens it."""

    host: str
    path: str = field(repr=False)
    begins: bytes = field(repr=False)
    key: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """What the sender calls it; never a path."""
        last = unquote(self.path.partition("?")[0].rpartition("/")[2], errors="replace")
        return last[:200].encode("utf-8", "replace").decode() or "file"


def read_link(text: str) -> Link | None:
    """The link a message consists of; a small picture may follow on further lines and is left out."""
    first = text.strip().partition("\n")[0].strip()
    found = LINK.fullmatch(first)
    if found is None:
        return None
    secret = bytes.fromhex(found[3])
    return Link(found[1].lower(), found[2], secret[:-32], secret[-32:])


async def fetch(link: Link, allowed: Collection[str], cap: int) -> AsyncIterator[bytes]:
    """Its bytes. Raises FileOverCap, FileLost, FileUnavailable."""
    if link.host not in allowed:
        raise FileLost("host_not_configured")
    opener, seen, held = Cipher(AES(link.key), GCM(link.begins)).decryptor(), 0, b""
    limit = ClientTimeout(total=None, connect=CONNECT_WITHIN, sock_read=READ_WITHIN)
    try:
        async with (
            _session(link.host) as http,
            http.get(f"https://{link.host}{link.path}", timeout=limit, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                passing = answer.status == 429 or answer.status >= 500
                raise FileUnavailable("file_not_fetched") if passing else FileLost("file_gone")
            async for piece in answer.content.iter_chunked(PIECE):
                seen += len(piece)
                if seen > cap + TAG:
                    raise FileOverCap("file_too_large")
                whole = held + piece
                held = whole[-TAG:]
                yield opener.update(whole[:-TAG])
    except (ClientError, TimeoutError, ValueError):
        raise FileUnavailable("file_not_fetched") from None
    try:
        opener.finalize_with_tag(held)
    except (InvalidTag, ValueError):
        raise FileLost("file_changed") from None


def sealed(content: bytes) -> tuple[bytes, str]:
    """What is put on the server, and the end of the link that opens it."""
    key, begins = secrets.token_bytes(32), secrets.token_bytes(12)
    return AESGCM(key).encrypt(begins, content, None), (begins + key).hex()


async def put(where: str, headers: dict[str, str], content: bytes, allowed: Collection[str]) -> None:
    """One file to the place the server named. Raises NotPut."""
    place = urlsplit(where)
    if place.scheme != "https" or place.netloc.lower() not in allowed:
        raise NotPut
    limit = ClientTimeout(total=PUT_WITHIN, connect=CONNECT_WITHIN)
    try:
        async with (
            _session(place.netloc) as http,
            http.put(
                where, data=io.BytesIO(content), headers=headers, timeout=limit, allow_redirects=False
            ) as answer,
        ):
            if answer.status not in (200, 201):
                raise NotPut
    except (ClientError, TimeoutError, ValueError):
        raise NotPut from None


def _session(host: str) -> ClientSession:
    connector = TCPConnector(ssl=tls(host.partition(":")[0]), resolver=ThreadedResolver())
    return ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity", "User-Agent": "client"},
    )
