"""A Telegram bot, spoken to by long polling through aiogram.

Kept true: an update is acknowledged only by asking for those after it, which happens after `ack`; one update that does
not read never holds up the others; a call whose answer was lost is unknown, and only what surely did not go out is
tried again. Groups are left at once: whatever is said there everybody hears.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile
from aiogram.utils.token import TokenValidationError
from aiohttp import ClientConnectorError, ClientError

from tropa.channels.errors import (
    AccountRefused,
    FileLost,
    FileOverCap,
    FileUnavailable,
    NotConfigured,
    Unreachable,
)
from tropa.channels.protocol import Journal, StateStore
from tropa.channels.telegram.about import ABOUT
from tropa.channels.telegram.reading import group_to_leave, read_update, update_number
from tropa.channels.telegram.session import OneServerSession
from tropa.channels.values import (
    Batch,
    Caps,
    ChannelName,
    Erased,
    EraseReport,
    EraseTarget,
    Failed,
    Health,
    Invite,
    Outgoing,
    Retry,
    SendResult,
    Sent,
    Standing,
    Unknown,
)

OFFSET = "offset"
AT_ONCE = 100
CALL_WITHIN = 60
FILE_CALL_WITHIN = 300
REFUSED_FOR = 300.0
NUMBER = re.compile(r'"update_id"\s*:\s*([0-9]{1,15})')
WANTED = ["message", "edited_message", "my_chat_member"]

logging.getLogger("aiogram").setLevel(
    logging.ERROR
)  # it logs updates and tokens when it is asked to say more


class RawUpdates(TelegramMethod[list[Any]]):
    """`getUpdates` whose answer is read by hand: aiogram's types refuse a whole batch for one strange update."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = AT_ONCE
    timeout: int = 0
    allowed_updates: list[str] = WANTED


@dataclass(frozen=True, slots=True)
class _After:
    """What acknowledging a batch means: where to go on, and which groups to leave."""

    offset: int | None
    groups: frozenset[int]


def open_channel(settings: Mapping[str, str], _journal: Journal) -> TelegramChannel:
    """The channel of this account. Raises NotConfigured."""
    api = TelegramAPIServer.from_base(settings["server"].rstrip("/"))
    try:
        return TelegramChannel(Bot(settings["token"], session=OneServerSession(api=api, timeout=CALL_WITHIN)))
    except TokenValidationError:
        raise NotConfigured("token_malformed") from None


class TelegramChannel:
    """One bot."""

    name: ChannelName = ABOUT.name
    caps: Caps = ABOUT.caps

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._offset: int | None = None
        self._username = ""
        self._health = Health(Standing.DOWN, "not_started")

    async def start(self, state: StateStore) -> None:
        """Find where we were, and ask who we are. Raises AccountRefused, Unreachable."""
        stored = await state.get(OFFSET)
        self._offset = int(stored) if stored else None
        with self._trouble():
            me = await self._bot.get_me(request_timeout=CALL_WITHIN)
        self._username = me.username or ""
        self._health = Health(Standing.OK)

    async def next_batch(self, wait: float) -> Batch | None:
        """The updates after the last acknowledged one."""
        seconds = max(0, int(wait))
        with self._trouble():
            try:
                updates = await self._updates(seconds, AT_ONCE)
            except ClientDecodeError:  # one that no reader can take apart must not hold up the others
                updates = await self._past_what_does_not_read()
        self._health = Health(Standing.OK)
        return self._batch(updates) if updates else None

    async def _updates(self, seconds: int, limit: int) -> list[Any]:
        ask = RawUpdates(offset=self._offset, limit=limit, timeout=seconds)
        return cast("list[Any]", await self._bot(ask, request_timeout=seconds + CALL_WITHIN))

    async def _past_what_does_not_read(self) -> list[Any]:
        """The next update alone; of one that does not read only its number. Raises ClientDecodeError without one."""
        try:
            return await self._updates(0, 1)
        except ClientDecodeError as broken:
            number = NUMBER.search(broken.data) if isinstance(broken.data, str) else None
            if number is None:
                raise
            logging.getLogger(__name__).warning("an update that does not read was passed over")
            return [{"update_id": int(number[1])}]

    def _batch(self, updates: list[Any]) -> Batch:
        items = [item for each in updates if (item := read_update(each, self._opener)) is not None]
        numbers = [number for each in updates if (number := update_number(each)) is not None]
        following = max(numbers) + 1 if numbers else self._offset
        state = {} if following is None else {OFFSET: str(following).encode()}
        groups = {group for each in updates if (group := group_to_leave(each)) is not None}
        return Batch(tuple(items), state, _After(following, frozenset(groups)))

    async def ack(self, batch: Batch) -> None:
        """From the next call on the service forgets these."""
        assert isinstance(batch.ack_token, _After)
        self._offset = batch.ack_token.offset
        for group in batch.ack_token.groups:
            with contextlib.suppress(AiogramError):
                await self._bot.leave_chat(group, request_timeout=CALL_WITHIN)

    async def send(self, out: Outgoing) -> SendResult:
        """One attempt; a text, and each file as a message of its own after it."""
        try:
            chat = int(out.reply_route)
        except ValueError:
            return Failed("no_such_person")
        sent = ""
        try:
            if out.text:
                message = await self._bot.send_message(chat, out.text, request_timeout=CALL_WITHIN)
                sent = str(message.message_id)
            for file in out.attachments:
                content = BufferedInputFile(file.content, file.name)
                message = await self._bot.send_document(chat, content, request_timeout=FILE_CALL_WITHIN)
                sent = f"{sent} {message.message_id}".strip()
        except Exception as problem:  # noqa: BLE001  whatever happened in the call, it may have gone out
            outcome = outcome_of(problem)
            return Unknown("partly_sent") if sent and not isinstance(outcome, Unknown) else outcome
        return Sent(sent)

    async def invite(self) -> Invite:
        """The bot's public address: the same for everybody."""
        if not self._username:
            raise Unreachable("not_started")
        return Invite(f"https://t.me/{self._username}", qr=True, single_use=False)

    async def erase(self, target: EraseTarget) -> EraseReport:
        """Ask Telegram to delete messages of ours; it does so for about two days after they were sent."""
        device = Erased.IMPOSSIBLE
        for remote in " ".join(target.remote_ids).split():
            with contextlib.suppress(AiogramError, ValueError, TimeoutError):
                chat, number = int(target.reply_route), int(remote)
                if await self._bot.delete_message(chat, number, request_timeout=CALL_WITHIN):
                    device = Erased.ASKED
        return EraseReport(library=Erased.GONE, server=Erased.NOT_OURS, device=device)

    async def health(self) -> Health:
        """As of the last call."""
        return self._health

    async def stop(self) -> None:
        """Close the connections."""
        await self._bot.session.close()

    def _opener(self, file_id: str, size: int | None) -> Callable[[], AsyncIterator[bytes]]:
        return lambda: self._download(file_id, size)

    async def _download(self, file_id: str, size: int | None) -> AsyncIterator[bytes]:
        if size is not None and size > self.caps.attachment_in_max:
            raise FileOverCap("file_too_large")
        try:
            file = await self._bot.get_file(file_id, request_timeout=CALL_WITHIN)
            if not file.file_path or ".." in file.file_path.split("/"):
                raise FileLost("file_has_no_place")
            url = self._bot.session.api.file_url(self._bot.token, file.file_path)
            async for piece in self._bot.session.stream_content(url, timeout=CALL_WITHIN):
                yield piece
        except TelegramBadRequest as refused:
            too_big = "too big" in refused.message.lower()
            raise (FileOverCap("file_too_large") if too_big else FileLost("file_gone")) from None
        except (AiogramError, ClientError, TimeoutError):
            raise FileUnavailable("file_not_fetched") from None

    @contextlib.contextmanager
    def _trouble(self) -> Any:
        """Turns what aiogram raises into a channel's error, and remembers it as health."""
        try:
            yield
        except TelegramUnauthorizedError:
            raise self._ill(Standing.NEEDS_PERSON, AccountRefused("account_refused")) from None
        except TelegramNotFound:  # the token's form is right and the bot is gone
            raise self._ill(Standing.NEEDS_PERSON, AccountRefused("account_refused")) from None
        except TelegramConflictError:
            raise self._ill(Standing.NEEDS_PERSON, Unreachable("polled_elsewhere", after=30.0)) from None
        except TelegramRetryAfter as limit:
            wait = Unreachable("rate_limited", after=float(limit.retry_after))
            raise self._ill(Standing.DEGRADED, wait) from None
        except (AiogramError, ClientError, TimeoutError, ValueError) as problem:
            code = "unreadable_answer" if isinstance(problem, ClientDecodeError) else "unreachable"
            raise self._ill(Standing.DOWN, Unreachable(code)) from None

    def _ill(self, standing: Standing, error: AccountRefused | Unreachable) -> AccountRefused | Unreachable:
        self._health = Health(standing, error.code)
        return error


def outcome_of(problem: Exception) -> SendResult:
    """What a failed call means for the message. Anything that is not known to have been refused may have gone out."""
    match problem:
        case TelegramRetryAfter():
            return Retry(float(problem.retry_after), "rate_limited")
        case TelegramForbiddenError():
            return Failed("blocked")
        case TelegramMigrateToChat() | TelegramEntityTooLarge():
            return Failed("too_long" if isinstance(problem, TelegramEntityTooLarge) else "no_such_person")
        case TelegramBadRequest():
            said = problem.message.lower()
            if "too long" in said:
                return Failed("too_long")
            return Failed("no_such_person" if "chat not found" in said else "refused")
        case TelegramUnauthorizedError() | TelegramNotFound():
            return Retry(REFUSED_FOR, "account_refused")
        case RestartingTelegram():
            return Unknown("service_restarting")
        case TelegramNetworkError() if isinstance(problem.__cause__, ClientConnectorError):
            return Retry(5.0, "unreachable")  # no connection was made, so nothing left
        case TelegramNetworkError() | TelegramAPIError() | ClientDecodeError() | asyncio.TimeoutError():
            return Unknown("no_answer")
        case _:
            return Unknown("unexpected")
