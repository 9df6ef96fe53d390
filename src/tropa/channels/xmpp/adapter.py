"""An XMPP account, read from its server's archive by one device of the desk's own.

Kept true: what arrives live is a knock alone, and the archive is read from the place that was stored; place, keys and
messages become durable in one transaction; what was not acknowledged comes again, and opens again. An answer is
encrypted once, its keys are stored, and only then it leaves, once. Nothing connects to anything but the hosts that are
configured.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from slixmpp.exceptions import XMPPError

from tropa.channels.errors import AccountRefused, ChannelError, Unreachable
from tropa.channels.notes import Notes
from tropa.channels.protocol import Journal, StateStore
from tropa.channels.texts import gettext_noop as _
from tropa.channels.texts import in_language
from tropa.channels.values import (
    Attachment,
    Batch,
    Caps,
    ChannelName,
    Erased,
    EraseReport,
    EraseTarget,
    Health,
    Incoming,
    Invite,
    Outgoing,
    SendResult,
    Standing,
)
from tropa.channels.xmpp.about import ABOUT
from tropa.channels.xmpp.files import Link, fetch
from tropa.channels.xmpp.keys import Keys, Opened, Shut, first_keys
from tropa.channels.xmpp.reading import Letter, Step, look_at, loose_key, read_opened, read_plain, unreadable
from tropa.channels.xmpp.sending import Live, in_clear, send
from tropa.channels.xmpp.stream import Stream

QUIET_FOR = 60.0
SETTLE_AFTER, SETTLE_EVERY = 600.0, 3600.0
SAY_AGAIN_AFTER = 3600.0
ONLY_ENCRYPTED = _(
    "We answer only encrypted messages. Please turn on OMEMO for this chat in your app, write to us alone, and write "
    "again."
)


@dataclass(frozen=True, slots=True)
class _Given:
    """What acknowledging a batch means."""

    state: Mapping[str, bytes | None] = field(repr=False)
    cursor: str | None
    to_be_told: frozenset[str] = field(repr=False)


def open_channel(settings: Mapping[str, str], _journal: Journal) -> XmppChannel:
    """The channel of this account."""
    return XmppChannel(settings)


class XmppChannel:
    """One account, by one device."""

    name: ChannelName = ABOUT.name
    caps: Caps = ABOUT.caps

    def __init__(self, settings: Mapping[str, str], *, settle_after: float = SETTLE_AFTER) -> None:
        self._settings, self._settle_after = settings, settle_after
        self._own = settings["account"].lower()
        self._place = f"cursor:{self._own}"  # added again, an account goes on where it was
        self._hosts = frozenset(settings["files"].lower().split())
        self._live: Live | None = None
        self._given: Batch | None = None
        self._cursor = ""
        self._settle_at = 0.0
        self._told: dict[str, float] = {}
        self._health = Health(Standing.DOWN, "not_started")

    async def start(self, state: StateStore) -> None:
        """Take up what is stored, and sign in. Raises NotConfigured, AccountRefused, Unreachable."""
        await self._end()
        self._notes, self._given = Notes(state), None
        self._first = first_keys(self._settings["keys"])
        stored = await self._notes.get(self._place)
        self._cursor = stored.decode() if stored else self._settings["begun"]
        with self._trouble():
            await self._alive()

    async def next_batch(self, wait: float) -> Batch | None:
        """What came next, the same again until it is acknowledged; without a message when only keys moved."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        with self._trouble():
            while True:
                if self._given is not None:
                    return self._given
                if self._notes.wanted.is_set():
                    return self._give((), None)
                live = await self._alive()
                if live.stream.knocked.is_set():
                    live.stream.knocked.clear()
                    batch = await self._read_on(live)
                    if batch is not None:
                        return batch
                left = until - loop.time()
                if left <= 0:
                    return None
                await self._knock(live, left)

    async def ack(self, batch: Batch) -> None:
        """It is stored. What was held until then leaves."""
        given = batch.ack_token
        assert isinstance(given, _Given)
        self._notes.stored(given.state)
        if self._given is batch:
            self._given = None
            self._cursor = given.cursor or self._cursor
        live = self._live
        if live is None or live.stream.lost.is_set():
            return
        if given.cursor is not None:
            live.stream.knocked.set()  # there may be more
        if not self._notes.new:
            await self._release(live)
        for person in given.to_be_told:
            self._tell(live, person)

    async def send(self, out: Outgoing) -> SendResult:
        """One attempt."""
        return await send(self._live, self._notes, self._hosts, out)

    async def invite(self) -> Invite:
        """The account's address with its device's key, which apps that scan it make sure of."""
        device, _colon, fingerprint = self._settings["device"].partition(":")
        return Invite(f"xmpp:{self._own}?omemo-sid-{device}={fingerprint}", qr=True, single_use=False)

    async def erase(self, target: EraseTarget) -> EraseReport:
        """Nothing is kept here of what was sent; servers' archives end by themselves."""
        del target
        return EraseReport(library=Erased.GONE, server=Erased.SCHEDULED, device=Erased.IMPOSSIBLE)

    async def health(self) -> Health:
        """As of the last call."""
        return self._health

    async def stop(self) -> None:
        """Sign out."""
        await self._end()

    # -- the connection ----------------------------------------------------------------------------------------

    async def _alive(self) -> Live:
        """The connection; a new one where it ended. Raises AccountRefused, Unreachable."""
        if self._live is not None and not self._live.stream.lost.is_set():
            return self._live
        await self._end()
        stream, device = Stream(self._settings), self._settings["device"].partition(":")[0]
        await stream.open()
        try:
            keys = await Keys.take_up(stream.client, self._own, self._notes, self._first, device)
            others = await keys.others()
        except Exception:  # noqa: BLE001  whatever the library makes of a server that goes away in the middle
            await stream.close()
            raise Unreachable("keys_not_published") from None
        self._live = live = Live(stream, keys)
        self._settle_at = asyncio.get_running_loop().time() + self._settle_after
        self._health = Health(Standing.DEGRADED, "other_device") if others else Health(Standing.OK)
        if not self._notes.new:
            await self._release(live)
        return live

    async def _end(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            await live.keys.end()
            await live.stream.close()

    async def _knock(self, live: Live, left: float) -> None:
        """Until somebody knocks, wants keys stored, or the connection ends; a quiet one is asked whether it lives."""
        waits = [
            asyncio.ensure_future(each.wait())
            for each in (live.stream.knocked, live.stream.lost, self._notes.wanted)
        ]
        try:
            done, _waiting = await asyncio.wait(
                waits, timeout=min(left, QUIET_FOR), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for each in waits:
                each.cancel()
        if live.stream.lost.is_set():
            raise Unreachable("unreachable")
        if not done and left > 1.0:
            await live.stream.alive()

    async def _release(self, live: Live) -> None:
        """What depends on keys that are stored now."""
        with contextlib.suppress(XMPPError, Exception):  # it is made again at the next start
            await live.keys.release()

    # -- what came ---------------------------------------------------------------------------------------------

    async def _read_on(self, live: Live) -> Batch | None:
        """The next page of the archive, or what it will never have; None when there is nothing."""
        page = await live.stream.page(self._cursor)
        if page:
            letters = [look_at(each.message, each.key, each.stamp, self._own) for each in page]
            return await self._opened(live, letters, page[-1].key)
        loose = [live.stream.loose.popleft() for _each in range(len(live.stream.loose))]
        letters = [look_at(message, loose_key(message), None, self._own) for message in loose]
        if any(letter.step is not Step.SKIP for letter in letters):
            return await self._opened(live, letters, None)
        now = asyncio.get_running_loop().time()
        if now >= self._settle_at:
            self._settle_at = now + SETTLE_EVERY
            await live.keys.settle()
        return self._give((), None) if self._notes.new else None

    async def _opened(self, live: Live, letters: Iterable[Letter], cursor: str | None) -> Batch:
        items: list[Incoming] = []
        told: set[str] = set()
        for letter in letters:
            item = await self._read(live, letter)
            if item is not None:
                items.append(item)
            if letter.step in (Step.PLAIN, Step.GROUP):
                told.add(letter.sender)
        if cursor is not None:
            self._notes.put(self._place, cursor.encode())
        return self._give(tuple(items), cursor, frozenset(told))

    async def _read(self, live: Live, letter: Letter) -> Incoming | None:
        match letter.step:
            case Step.SKIP:
                return None
            case Step.PLAIN:
                return read_plain(letter)
            case Step.SHUT | Step.GROUP:
                return unreadable(letter)
            case Step.OPEN:
                match await live.keys.open(letter.encrypted, letter.sender):
                    case Opened(text=str() as text, new_device=new):
                        return read_opened(letter, text, self._attachment, new_device=new) if text else None
                    case Shut.BROKEN:
                        return unreadable(letter)
                    case _:
                        return None

    def _give(
        self, items: tuple[Incoming, ...], cursor: str | None, told: frozenset[str] = frozenset()
    ) -> Batch:
        state = self._notes.new
        batch = Batch(items, state, _Given(state, cursor, told))
        self._given = batch
        return batch

    def _attachment(self, link: Link) -> Attachment:
        opener = partial(fetch, link, self._hosts, self.caps.attachment_in_max)
        return Attachment(link.name, "application/octet-stream", None, opener)

    def _tell(self, live: Live, person: str) -> None:
        """Whoever wrote in clear, or asked us into a group, is told what we read; seldom."""
        now = asyncio.get_running_loop().time()
        if now - self._told.get(person, -SAY_AGAIN_AFTER) < SAY_AGAIN_AFTER:
            return
        self._told[person] = now
        in_clear(
            live, person, "\n\n".join(in_language(ONLY_ENCRYPTED, language) for language in ("ru", "en"))
        )

    # -- trouble -----------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        """Remembers what a call raises as health."""
        try:
            yield
        except AccountRefused as error:
            self._health = Health(Standing.NEEDS_PERSON, error.code)
            raise
        except ChannelError as error:
            self._health = Health(Standing.DOWN, error.code)
            raise
