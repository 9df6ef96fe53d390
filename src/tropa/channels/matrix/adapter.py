"""A Matrix account on its homeserver, spoken to by long polling.

Kept true: the place in the server's stream, the keys that opened messages and what waits for its key become durable
with the messages, in one transaction; keys that people are handed are uploaded only once they are stored; what was not
acknowledged comes again. Nothing connects to anything but the configured homeserver.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from tropa.channels.errors import AccountRefused, ChannelError, NotConfigured, Unreachable
from tropa.channels.matrix.about import ABOUT
from tropa.channels.matrix.files import fetch
from tropa.channels.matrix.held import HELD, SAID_AFTER, HeldEvent, read_held, stored_held
from tropa.channels.matrix.listening import Heard, Listener, Turn
from tropa.channels.matrix.machine import ACCOUNT, Machine, Own
from tropa.channels.matrix.people import People
from tropa.channels.matrix.reading import EVENT, Media, read_route
from tropa.channels.matrix.server import CALL_WITHIN, NoAnswer, NotSent, Refused, Server
from tropa.channels.matrix.sync import FILTER, Sync, read_sync
from tropa.channels.matrix.writing import Writer
from tropa.channels.notes import Notes
from tropa.channels.protocol import Journal, StateStore
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
    Retry,
    SendResult,
    Standing,
)

CURSOR = "cursor"


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of what one answer came to; the last part moves the place in the stream."""

    heard: tuple[Heard, ...]
    cursor: str | None = None
    held: tuple[HeldEvent, ...] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Given:
    """What acknowledging a batch means."""

    part: _Part | None
    notes: Mapping[str, bytes | None] = field(repr=False)
    read: Mapping[str, bytes] = field(repr=False)


def open_channel(settings: Mapping[str, str], _journal: Journal) -> MatrixChannel:
    """The channel of this account."""
    return MatrixChannel(settings)


class MatrixChannel:
    """One account, by one device."""

    name: ChannelName = ABOUT.name
    caps: Caps = ABOUT.caps

    def __init__(self, settings: Mapping[str, str], *, said_after: float = SAID_AFTER) -> None:
        self._own = Own(settings["user"], settings["device"], settings["keys"])
        self._enrolled, self._said_after = int(settings["since"]), said_after
        self._server = Server(settings["server"], settings["token"])
        self._parts: deque[_Part] = deque()
        self._held: tuple[HeldEvent, ...] = ()
        self._since: str | None = None
        self._polling: asyncio.Task[Sync] | None = None
        self._health = Health(Standing.DOWN, "not_started")

    async def start(self, state: StateStore) -> None:
        """Take up what is stored, and ask who we are. Raises NotConfigured, AccountRefused, Unreachable."""
        self._notes = notes = Notes(state)
        try:
            self._machine = machine = await Machine.load(self._own, notes)
        except ValueError:
            raise NotConfigured("keys_damaged") from None
        stored = await notes.get(CURSOR)
        self._since = stored.decode() if stored else None
        self._held = read_held(await notes.get(HELD))
        people = People(self._server)
        self._listener = Listener(
            self._own.user,
            self._enrolled,
            self._server,
            machine,
            notes,
            people,
            self._opener,
            self._said_after,
        )
        self._writer = Writer(self._own.user, self._server, machine, notes, people)
        with self._trouble():
            me = await self._server.call("GET", "account", "whoami")
        if (me.get("user_id"), me.get("device_id")) != (self._own.user, self._own.device):
            raise self._ill(Standing.NEEDS_PERSON, AccountRefused("relink"))
        self._health = Health(Standing.OK)

    async def next_batch(self, wait: float) -> Batch | None:
        """What came next, the same again until it is acknowledged; without a message when only keys moved."""
        until = asyncio.get_running_loop().time() + wait
        while True:
            if self._notes.wanted.is_set():
                return self._batch_of_keys()
            if self._parts:
                return await self._batch(self._parts[0])
            late = self._listener.say_late(self._held, time.time())
            if late.heard:
                self._divide(late, self._since)
                continue
            sync = await self._poll(max(0.0, until - asyncio.get_running_loop().time()))
            if sync is None:
                continue  # somebody waits for keys to be stored
            with self._trouble():
                turn = await self._listener.take(sync, self._since, self._held, time.time())
            if turn.heard or turn.held != self._held or self._notes.new:
                self._divide(turn, sync.following)
                continue
            self._since = sync.following
            if asyncio.get_running_loop().time() >= until:
                return None

    async def ack(self, batch: Batch) -> None:
        """It is stored. Keys to be handed out go to the server."""
        given = batch.ack_token
        assert isinstance(given, _Given)
        self._notes.stored(given.notes)
        self._notes.replaced(given.read)
        self._machine.forget(given.read)
        part = given.part
        if part is not None and self._parts and self._parts[0] is part:
            self._parts.popleft()
            self._since = part.cursor or self._since
            self._held = self._held if part.held is None else part.held
        with contextlib.suppress(ChannelError):
            await self._upload_keys()

    async def send(self, out: Outgoing) -> SendResult:
        """One attempt, made once and for all by its key."""
        outcome = await self._writer.send(out)
        match outcome:
            case Retry(code="rate_limited"):
                self._health = Health(Standing.DEGRADED, "rate_limited")
            case Retry(code="account_refused"):
                self._health = Health(Standing.NEEDS_PERSON, "account_refused")
            case Failed() | _:
                pass
        return outcome

    async def invite(self) -> Invite:
        """The account's address: the same for everybody."""
        return Invite(f"https://matrix.to/#/{quote(self._own.user, safe='@:')}", qr=True, single_use=False)

    async def erase(self, target: EraseTarget) -> EraseReport:
        """Take messages of ours back: the server forgets what they said, other devices are asked to."""
        try:
            room, _person = read_route(target.reply_route)
        except ValueError:
            return EraseReport(library=Erased.GONE, server=Erased.FAILED, device=Erased.IMPOSSIBLE)
        names = [name for each in target.remote_ids for name in each.split() if EVENT.fullmatch(name)]
        done = [await self._writer.redact(room, name) for name in names]
        asked = Erased.ASKED if any(done) else Erased.IMPOSSIBLE
        return EraseReport(library=Erased.GONE, server=Erased.NOT_OURS, device=asked)

    async def health(self) -> Health:
        """As of the last call."""
        return self._health

    async def stop(self) -> None:
        """Close the connections."""
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        await self._server.close()

    # -- listening ---------------------------------------------------------------------------------------------

    async def _poll(self, wait: float) -> Sync | None:
        """The next answer; None when somebody waits for keys to be stored first."""
        if self._polling is None:
            self._polling = asyncio.create_task(self._ask(wait))
        wanted = asyncio.create_task(self._notes.wanted.wait())
        try:
            await asyncio.wait({self._polling, wanted}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            wanted.cancel()
        if not self._polling.done():
            return None
        polled, self._polling = self._polling, None
        with self._trouble():
            sync = polled.result()
        self._health = Health(Standing.OK)
        return sync

    async def _ask(self, wait: float) -> Sync:
        query = {"timeout": str(int(wait * 1000)), "filter": FILTER, "set_presence": "offline"}
        if self._since is not None:
            query["since"] = self._since
        sync = read_sync(await self._server.call("GET", "sync", query=query, within=wait + CALL_WITHIN))
        if sync is None:
            raise NoAnswer("no place to go on from")
        return sync

    def _divide(self, turn: Turn, cursor: str | None) -> None:
        heard = list(turn.heard)
        while len(heard) > MOST_IN_BATCH:
            self._parts.append(_Part(tuple(heard[:MOST_IN_BATCH])))
            del heard[:MOST_IN_BATCH]
        self._parts.append(_Part(tuple(heard), cursor, turn.held))

    async def _batch(self, part: _Part) -> Batch:
        notes = self._notes.new
        read = await self._machine.after_reading(each.read for each in part.heard if each.read is not None)
        state: dict[str, bytes | None] = {**notes, **read}
        if part.cursor is not None:
            state[CURSOR] = part.cursor.encode()
        if part.held is not None:
            state[HELD] = stored_held(part.held)
        return Batch(tuple(each.item for each in part.heard), state, _Given(part, notes, read))

    def _batch_of_keys(self) -> Batch:
        notes = self._notes.new
        return Batch((), notes, _Given(None, notes, {}))

    async def _upload_keys(self) -> None:
        """Hand the server keys for whoever writes first; only such as a restart would find again."""
        keys = self._machine.unpublished()
        if not keys or ACCOUNT in self._notes.new:
            return
        try:
            with self._trouble():
                await self._server.call("POST", "keys", "upload", body={"one_time_keys": keys})
        except Unreachable:
            return  # they wait
        self._machine.published()

    def _opener(self, media: Media, size: int | None) -> Callable[[], AsyncIterator[bytes]]:
        return lambda: fetch(self._server, media, size, self.caps.attachment_in_max)

    # -- trouble -----------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        """Turns what a call raises into a channel's error, and remembers it as health."""
        try:
            yield
        except Refused as refused:
            if refused.status == 401:
                raise self._ill(Standing.NEEDS_PERSON, AccountRefused("account_refused")) from None
            if refused.status == 429:
                wait = Unreachable("rate_limited", after=refused.after)
                raise self._ill(Standing.DEGRADED, wait) from None
            raise self._ill(Standing.DOWN, Unreachable("refused")) from None
        except (NotSent, NoAnswer):
            raise self._ill(Standing.DOWN, Unreachable("unreachable")) from None

    def _ill(self, standing: Standing, error: AccountRefused | Unreachable) -> AccountRefused | Unreachable:
        self._health = Health(standing, error.code)
        return error
