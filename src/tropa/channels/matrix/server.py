"""How the adapter speaks HTTP: to the one configured homeserver, without following anybody elsewhere.

Refused here: redirects, answers over 64 MB, compressed answers (a small one could unfold to any length), proxies from
the environment, cookies. A call that surely did not leave, one that was refused and one without an answer end
differently; nothing is repeated here.
"""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
)

LARGEST_ANSWER = 64 * 1024 * 1024
CONNECT_WITHIN = 15.0
CALL_WITHIN = 60.0
FILE_CALL_WITHIN = 300.0
PIECE = 64 * 1024
LONGEST_WAIT = 24 * 3600.0


class Refused(Exception):
    """The server's own word: HTTP status, Matrix's error code, and seconds to wait when it named them."""

    def __init__(
        self, status: int, code: str, after: float = 0.0, *, answer: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(status, code)
        self.status, self.code, self.after = status, code, after
        self.answer: Mapping[str, Any] = answer or {}


class NotSent(Exception):
    """There was no connection, so nothing left."""


class NoAnswer(Exception):
    """The request may have been heard; no answer came that reads."""


def path_of(*parts: str) -> str:
    """A path of these parts, none of which can leave its place."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


class Server:
    """One homeserver, as one account."""

    def __init__(self, address: str, token: str = "") -> None:
        self._address = address.rstrip("/")
        self._token = token
        self._session: ClientSession | None = None

    async def call(
        self,
        method: str,
        *path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        within: float = CALL_WITHIN,
    ) -> Mapping[str, Any]:
        """The answer, an object. Raises Refused, NotSent, NoAnswer."""
        content = json.dumps(body).encode() if body is not None else None
        return await self._ask(
            method, path_of("_matrix", "client", "v3", *path), content, "application/json", query, within
        )

    async def upload(self, content: bytes) -> str:
        """Where the server put these bytes, which have no name and no type there. Raises as `call`, ValueError."""
        path = path_of("_matrix", "media", "v3", "upload")
        answer = await self._ask("POST", path, content, "application/octet-stream", None, FILE_CALL_WITHIN)
        where = answer.get("content_uri")
        if not isinstance(where, str):
            raise NoAnswer("no place")
        return where

    async def pieces(self, server: str, name: str) -> AsyncIterator[bytes]:
        """A file as it lies on the server. Raises as `call`."""
        path = path_of("_matrix", "client", "v1", "media", "download", server, name)
        limit = ClientTimeout(total=None, connect=CONNECT_WITHIN, sock_read=CALL_WITHIN)
        try:
            async with self._opened().get(
                self._address + path, headers=self._headers(), timeout=limit, allow_redirects=False
            ) as answer:
                if answer.status != 200:
                    raise _refusal(answer.status, await _whole(answer))
                async for piece in answer.content.iter_chunked(PIECE):
                    yield piece
        except ClientConnectorError:
            raise NotSent("no connection") from None
        except (ClientError, TimeoutError):
            raise NoAnswer("no answer") from None

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(
        self,
        method: str,
        path: str,
        content: bytes | None,
        media_type: str,
        query: Mapping[str, str] | None,
        within: float,
    ) -> Mapping[str, Any]:
        limit = ClientTimeout(total=within, connect=CONNECT_WITHIN)
        headers = self._headers() | ({"Content-Type": media_type} if content is not None else {})
        try:
            async with self._opened().request(
                method,
                self._address + path,
                data=content,
                params=query,
                headers=headers,
                timeout=limit,
                allow_redirects=False,
            ) as answer:
                said, status = await _whole(answer), answer.status
        except ClientConnectorError:
            raise NotSent("no connection") from None
        except (ClientError, TimeoutError):
            raise NoAnswer("no answer") from None
        if status != 200:
            raise _refusal(status, said)
        return said

    def _headers(self) -> dict[str, str]:
        bearer = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return {"Accept-Encoding": "identity", "User-Agent": "matrix client"} | bearer

    def _opened(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(cookie_jar=DummyCookieJar(), auto_decompress=False, trust_env=False)
        return self._session


async def _whole(answer: ClientResponse) -> Mapping[str, Any]:
    """The object an answer consists of; empty for a refusal that is none. Raises ClientError."""
    content = bytearray()
    async for piece in answer.content.iter_chunked(PIECE):
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise ClientError("an answer past every length")
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict):
        return said
    if answer.status == 200:
        raise ClientError("an answer that does not read")
    return {}


def _refusal(status: int, said: Mapping[str, Any]) -> Refused:
    code, wait = said.get("errcode"), said.get("retry_after_ms")
    after = 0.0
    if isinstance(wait, int | float) and not isinstance(wait, bool) and math.isfinite(wait) and wait > 0:
        after = min(wait / 1000, LONGEST_WAIT)
    return Refused(status, code if isinstance(code, str) else "", after, answer=said)
