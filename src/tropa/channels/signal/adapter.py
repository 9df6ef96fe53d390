"""A Signal account, spoken to through a signal-cli daemon that delivers each message to us at most once.

Kept true: what came is in the journal until `ack`, and comes again after a crash; the files the daemon keeps for it are
erased when it is stored; a call whose answer was lost is unknown, and only what surely did not go out is tried again.
Groups are left: whatever is said there everybody hears. Nothing connects to anything but the configured socket.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from tropa.channels.errors import AccountRefused, FileLost, FileOverCap, Unreachable
from tropa.channels.protocol import Journal, StateStore
from tropa.channels.signal.about import ABOUT
from tropa.channels.signal.daemon import Daemon, NoAnswer, Refused, results_in
from tropa.channels.signal.reading import ACCOUNT_ID, FILE_ID, Line, read_line
from tropa.channels.values import (
    MOST_IN_BATCH,
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
    OutgoingFile,
    Retry,
    SendResult,
    Sent,
    Standing,
    Unknown,
)

CALL_WITHIN = 60.0
FILE_CALL_WITHIN = 300.0
STOP_WITHIN = 5.0
REFUSED_FOR = 300.0
KEPT_AT_MOST = 24 * 3600.0
PIECE = 64 * 1024
OLDEST = (0, 14, 6)
"""Older clients are turned away by Signal after some months."""


@dataclass(frozen=True, slots=True)
class _After:
    """What acknowledging means: so many lines are done with, these files are erased and these groups left."""

    lines: int
    files: tuple[str, ...]
    groups: frozenset[str]


def open_channel(settings: Mapping[str, str], journal: Journal) -> SignalChannel:
    """The channel of this account."""
    return SignalChannel(settings, journal)


class SignalChannel:
    """One account."""

    name: ChannelName = ABOUT.name
    caps: Caps = ABOUT.caps

    def __init__(self, settings: Mapping[str, str], journal: Journal) -> None:
        self._account, self._link = settings["account"], settings["link"]
        self._socket = Path(settings["socket"])
        self._files = Path(settings["directory"]) / "attachments"
        self._journal = journal
        self._pending: deque[Line] = deque()
        self._came = asyncio.Event()
        self._daemon = self._new_daemon()
        self._subscription: object = None
        self._timers: dict[str, int] = {}
        self._health = Health(Standing.DOWN, "not_started")
        self._lasting: Health | None = None

    async def start(self, state: StateStore) -> None:
        """Take up what the journal kept, and ask who we are. Raises AccountRefused, Unreachable."""
        del state  # what has to last is the journal's
        if not self._pending:
            kept = await asyncio.to_thread(list, self._journal.kept())
            if None in kept:
                self._lasting = Health(Standing.NEEDS_PERSON, "journal_damaged")
            self._pending.extend(self._line(each) for each in kept if each is not None)
        accounts = await self._connected()
        if len(accounts) == 1:  # another account's files are not ours to erase
            await asyncio.to_thread(self._erase_files_of_nobody)

    async def next_batch(self, wait: float) -> Batch | None:
        """What the daemon gave, the same again until it is acknowledged. Raises AccountRefused, Unreachable."""
        if not self._pending:
            await self._subscribe()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._came.wait()
        if not self._pending:
            if not self._daemon.connected:
                raise self._ill(Standing.DOWN, Unreachable("unreachable"))
            return None
        lines = list(islice(self._pending, MOST_IN_BATCH))
        files = tuple(file for line in lines for file in line.files)
        groups = frozenset(line.group for line in lines if line.group)
        items = tuple(line.item for line in lines if line.item is not None)
        return Batch(items, {}, _After(len(lines), files, groups))

    async def ack(self, batch: Batch) -> None:
        """The journal forgets these, and the daemon's files go."""
        done = batch.ack_token
        assert isinstance(done, _After)
        await asyncio.to_thread(self._forget, done)
        for _line in range(done.lines):
            self._pending.popleft()
        if not self._pending:
            self._came.clear()
        for group in done.groups:
            with contextlib.suppress(Refused, NoAnswer, OSError):
                await self._call("quitGroup", groupId=group)

    async def send(self, out: Outgoing) -> SendResult:
        """One attempt; text and files are one message."""
        person = out.reply_route.decode("ascii", "replace")
        if not ACCOUNT_ID.fullmatch(person):
            return Failed("no_such_person")
        if (refusal := await self._set_timer(person, out.expires_after)) is not None:
            return refusal
        within = FILE_CALL_WITHIN if out.attachments else CALL_WITHIN
        files = [_as_uri(file) for file in out.attachments]
        try:
            answer = await self._call(
                "send", within=within, recipient=[person], message=out.text, attachments=files
            )
        except Refused as refused:
            return self._refused(refused)
        except NoAnswer:
            return Unknown("no_answer")
        except OSError:
            return Retry(5.0, "unreachable")  # there was no connection, so nothing left
        return _outcome(answer)

    async def invite(self) -> Invite:
        """The account's link; with the number in it unless the operator gave one without."""
        return Invite(self._link or f"https://signal.me/#p/{self._account}", qr=True, single_use=False)

    async def erase(self, target: EraseTarget) -> EraseReport:
        """Ask the person's device to delete messages of ours."""
        device = Erased.IMPOSSIBLE
        person = target.reply_route.decode("ascii", "replace")
        for remote in target.remote_ids:
            with contextlib.suppress(Refused, NoAnswer, OSError, ValueError):
                await self._call("remoteDelete", recipient=[person], targetTimestamp=int(remote))
                device = Erased.ASKED
        return EraseReport(library=Erased.GONE, server=Erased.NOT_OURS, device=device)

    async def health(self) -> Health:
        """As of the last call; a damaged journal and an old client are said until the process ends."""
        if self._daemon.overlong and self._lasting is None:
            self._lasting = Health(Standing.DEGRADED, "overlong_line")
        return self._lasting if self._lasting and self._health.standing is Standing.OK else self._health

    async def stop(self) -> None:
        """Let the connection go; what the daemon gave before it heard of it is in the journal."""
        if self._subscription is not None and self._daemon.connected:
            with contextlib.suppress(Refused, NoAnswer, OSError):
                await self._daemon.call(
                    "unsubscribeReceive",
                    within=STOP_WITHIN,
                    account=self._account,
                    subscription=self._subscription,
                )
        await self._daemon.close()

    # -- connection --------------------------------------------------------------------------------------------

    def _new_daemon(self) -> Daemon:
        return Daemon(keep=self._journal.add, came=self._take, ended=self._came.set)

    async def _connected(self) -> Sequence[Any]:
        """A connection to a daemon that has our account; the accounts it has. Raises AccountRefused, Unreachable."""
        await self._daemon.close()
        self._daemon, self._subscription = self._new_daemon(), None
        try:
            await self._daemon.connect(self._socket)
            version = await self._daemon.call("version", within=CALL_WITHIN)
            accounts = await self._daemon.call("listAccounts", within=CALL_WITHIN)
        except (OSError, NoAnswer, Refused):
            raise self._ill(Standing.DOWN, Unreachable("unreachable")) from None
        accounts = accounts if isinstance(accounts, list) else []
        if not any(isinstance(each, Mapping) and each.get("number") == self._account for each in accounts):
            raise self._ill(Standing.NEEDS_PERSON, AccountRefused("relink"))
        if _number_of(version) < OLDEST and self._lasting is None:
            self._lasting = Health(Standing.NEEDS_PERSON, "version_too_old")
        self._health = Health(Standing.OK)
        return accounts

    async def _subscribe(self) -> None:
        if not self._daemon.connected:
            self._came.clear()
            await self._connected()
        if self._subscription is not None:
            return
        try:
            answer = await self._call("subscribeReceive")
        except Refused:
            raise self._ill(Standing.NEEDS_PERSON, AccountRefused("relink")) from None
        except (NoAnswer, OSError):
            raise self._ill(Standing.DOWN, Unreachable("unreachable")) from None
        self._subscription = answer if isinstance(answer, int) else 0

    async def _call(self, method: str, *, within: float = CALL_WITHIN, **values: object) -> Any:
        return await self._daemon.call(method, within=within, account=self._account, **values)

    def _ill(self, standing: Standing, error: AccountRefused | Unreachable) -> AccountRefused | Unreachable:
        self._health = Health(standing, error.code)
        return error

    # -- what came ---------------------------------------------------------------------------------------------

    def _take(self, lines: Iterable[bytes]) -> None:
        self._pending.extend(self._line(each) for each in lines)
        self._came.set()

    def _line(self, line: bytes) -> Line:
        return read_line(line, self._account, self._opener)

    def _forget(self, done: _After) -> None:
        self._journal.forget(done.lines)
        for file in done.files:
            (self._files / file).unlink(missing_ok=True)

    def _erase_files_of_nobody(self) -> None:
        """Files of a day ago that no message in the journal names: the daemon keeps them for ever otherwise."""
        awaited = {file for line in self._pending for file in line.files}
        with contextlib.suppress(OSError):
            for path in self._files.iterdir():
                old = time.time() - path.stat().st_mtime > KEPT_AT_MOST
                if old and path.name not in awaited and FILE_ID.fullmatch(path.name) and path.is_file():
                    path.unlink(missing_ok=True)

    def _opener(self, file_id: str, size: int | None) -> Callable[[], AsyncIterator[bytes]]:
        return lambda: self._read_file(file_id, size)

    async def _read_file(self, file_id: str, size: int | None) -> AsyncIterator[bytes]:
        if size is not None and size > self.caps.attachment_in_max:
            raise FileOverCap("file_too_large")
        try:
            with (self._files / file_id).open("rb") as file:
                while piece := await asyncio.to_thread(file.read, PIECE):
                    yield piece
        except OSError:
            raise FileLost("file_gone") from None

    # -- what goes out -----------------------------------------------------------------------------------------

    async def _set_timer(self, person: str, seconds: int | None) -> SendResult | None:
        """The conversation's disappearing time, before anything is said in it; a result when it could not be set."""
        if seconds is None or self._timers.get(person) == seconds:
            return None
        try:
            await self._call("updateContact", recipient=person, expiration=seconds)
        except Refused as refused:
            return self._refused(refused)
        except (NoAnswer, OSError):
            return Retry(5.0, "unreachable")  # the message itself has not left
        self._timers[person] = seconds
        return None

    def _refused(self, refused: Refused) -> SendResult:
        match refused.code:
            case -3:
                return Unknown("input_output")
            case -4:
                return Failed("untrusted_key")
            case -5:
                self._health = Health(Standing.DEGRADED, "rate_limited")
                return Retry(refused.after or 60.0, "rate_limited")
            case -6:
                self._health = Health(Standing.NEEDS_PERSON, "captcha")
                return Retry(REFUSED_FOR, "captcha")
            case -1 | -32600 | -32601 | -32700:
                return Failed("refused")
            case -32602:
                self._health = Health(Standing.NEEDS_PERSON, "relink")
                return Retry(REFUSED_FOR, "relink")
            case _:
                return Unknown("unexpected")


def _outcome(answer: object) -> SendResult:
    """What the daemon says became of a message to one person."""
    kinds = {str(result.get("type")) for result in results_in(answer)}
    if kinds & {"UNREGISTERED_FAILURE"}:
        return Failed("no_such_person")
    if kinds & {"IDENTITY_FAILURE"}:
        return Failed("untrusted_key")
    stamp = answer.get("timestamp") if isinstance(answer, Mapping) else None
    if kinds != {"SUCCESS"} or not isinstance(stamp, int):
        return Unknown("unexpected")
    return Sent(str(stamp))


def _as_uri(file: OutgoingFile) -> str:
    name = "".join(each if each.isalnum() or each in "._-" else "_" for each in file.name)[:100] or "file"
    media = file.media_type if file.media_type.isascii() and ";" not in file.media_type else ""
    content = base64.b64encode(file.content).decode()
    return f"data:{media or 'application/octet-stream'};filename={name};base64,{content}"


def _number_of(version: object) -> tuple[int, ...]:
    said = version.get("version") if isinstance(version, Mapping) else None
    parts = said.split("-")[0].split(".") if isinstance(said, str) else []
    return tuple(int(part) for part in parts if part.isdecimal())
