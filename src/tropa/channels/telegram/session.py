"""How the adapter speaks HTTP: to the one configured server, without following anybody elsewhere.

aiogram's own session follows redirects and reads answers of any length; a server that answered with a redirect could
have messages repeated to somebody else's. Refused here: redirects, answers over 16 MB, proxies from the environment.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramNetworkError
from aiohttp import ClientError, ClientResponse, ClientTimeout

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.methods import TelegramMethod

LARGEST_ANSWER = 16 * 1024 * 1024
CONNECT_WITHIN = 15.0


class OneServerSession(AiohttpSession):
    """aiogram's session, held to one server."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """One call. Raises TelegramNetworkError, its cause the reason."""
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot=bot, method=method)
        limit = ClientTimeout(total=timeout or self.timeout, connect=CONNECT_WITHIN)
        try:
            async with session.post(url, data=form, timeout=limit, allow_redirects=False) as answer:
                content = await _whole(answer)
        except TimeoutError as late:
            raise TelegramNetworkError(method=method, message="no answer in time") from late
        except ClientError as failed:
            raise TelegramNetworkError(method=method, message=type(failed).__name__) from failed
        response = self.check_response(bot=bot, method=method, status_code=answer.status, content=content)
        return response.result

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """A file's bytes in pieces; `timeout` bounds each silence, not the whole. Raises ClientError."""
        session = await self.create_session()
        limit = ClientTimeout(total=None, connect=CONNECT_WITHIN, sock_read=timeout)
        async with session.get(url, timeout=limit, headers=headers, allow_redirects=False) as answer:
            if raise_for_status and answer.status != 200:
                raise ClientError(f"status {answer.status}")
            async for piece in answer.content.iter_chunked(chunk_size):
                yield piece


async def _whole(answer: ClientResponse) -> str:
    content = bytearray()
    async for piece in answer.content.iter_chunked(65536):
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise ClientError("an answer past every length")
    return content.decode("utf-8", "replace")
