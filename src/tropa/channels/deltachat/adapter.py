"""A Delta Chat account, spoken to through a core that lives in memory and is made anew by every process.

Kept true: the server keeps a mail until its message is stored; the core holds nothing that has to last, and forgets
what is stored; what came in clear or in a group is never taken for a conversation of two. Nothing connects to anything
but the configured servers.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tropa.channels.deltachat.about import ABOUT
from tropa.channels.deltachat.core import Gone, Refused
from tropa.channels.deltachat.life import NOT_CONNECTED, Life
from tropa.channels.deltachat.people import Person, read_route
from tropa.channels.deltachat.reading import (
    OURSELVES,
    Around,
    Line,
    Step,
    is_of_a_person,
    read_message,
    read_unopened,
)
from tropa.channels.deltachat.sending import send
from tropa.channels.errors import AccountRefused, ChannelError, FileLost, FileUnavailable, Unreachable
from tropa.channels.protocol import Journal, StateStore
from tropa.channels.texts import gettext_noop as _
from tropa.channels.texts import in_language
from tropa.channels.values import (
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

MOST = 30
PIECE = 64 * 1024
FILE_WITHIN = 120.0
LOOK_EVERY = 1.0
SWEEP_EVERY = 5.0
SAY_AGAIN_AFTER = 3600.0
NOT_IN_GROUPS = _(
    "We do not read or answer in groups: everybody there sees what is said. Please write to us alone."
)


@dataclass(frozen=True, slots=True)
class _Given:
    """What acknowledging a batch means."""

    last: int = 0  # the core's messages up to here are done with
    numbers: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    in_groups: frozenset[int] = frozenset()  # contacts
    unread: frozenset[int] = frozenset()


def open_channel(settings: Mapping[str, str], _journal: Journal) -> DeltaChatChannel:
    """The channel of this account."""
    return DeltaChatChannel(settings)


class DeltaChatChannel:
    """One account."""

    name: ChannelName = ABOUT.name
    caps: Caps = ABOUT.caps

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._life: Life | None = None
        self._health = Health(Standing.DOWN, "not_started")
        self._known: dict[
            str, Person | None
        ] = {}  # by address, for mails that do not open; None: several keys
        self._seen: dict[int, float] = {}
        self._told: dict[int, float] = {}
        self._words: set[int] = set()
        self._swept = self._lost_at = 0.0

    async def start(self, state: StateStore) -> None:
        """Make the core and log in; nothing is fetched before the first batch is asked for. Raises ChannelError."""
        del state  # what has to last is on the server, or with the people's addresses
        await self._end()
        try:
            self._life = await Life.begin(self._settings)
        except AccountRefused as error:
            raise self._ill(Standing.NEEDS_PERSON, error) from None
        except Unreachable as error:
            raise self._ill(Standing.DOWN, error) from None
        self._health = Health(Standing.OK)

    async def next_batch(self, wait: float) -> Batch | None:
        """What came next, the same again until it is acknowledged. Raises AccountRefused, Unreachable."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        with self._trouble():
            life = await self._alive()
            await life.listen()
            while True:
                life.ears.came.clear()
                batch = await self._heard(life) or await self._unopened(life)
                if batch is not None:
                    self._health = Health(Standing.OK)
                    return batch
                await self._look_after(life, loop.time())
                left = until - loop.time()
                if left <= 0:
                    return None
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(left, LOOK_EVERY) if self._seen else left):
                        await life.ears.came.wait()

    async def ack(self, batch: Batch) -> None:
        """It is stored: the core and the server forget it. Raises Unreachable."""
        given, life = batch.ack_token, self._life
        assert isinstance(given, _Given)
        if life is None:
            return
        with self._trouble():
            await self._done(life, given)

    async def send(self, out: Outgoing) -> SendResult:
        """One attempt."""
        return await send(self._life, out)

    async def invite(self) -> Invite:
        """The account's link, by which an app makes sure of our key: the same for everybody."""
        return Invite(self._settings["invite"], qr=True, single_use=False)

    async def erase(self, target: EraseTarget) -> EraseReport:
        """Nothing is kept here of what was sent, so no device can be asked."""
        del target
        return EraseReport(library=Erased.GONE, server=Erased.NOT_OURS, device=Erased.IMPOSSIBLE)

    async def health(self) -> Health:
        """As of the last look."""
        return self._health

    async def stop(self) -> None:
        """The core ends, and what it kept goes."""
        await self._end()

    # -- the core ----------------------------------------------------------------------------------------------

    async def _alive(self) -> Life:
        """The core; a new one where it ended by itself."""
        if self._life is None or not self._life.running:
            await self._end()
            self._life = await Life.begin(self._settings)
        return self._life

    async def _end(self) -> None:
        life, self._life = self._life, None
        self._seen.clear()
        self._words.clear()
        if life is not None:
            await life.end()

    async def _look_after(self, life: Life, now: float) -> None:
        """Whether it is still connected; and what nobody needs goes."""
        if await life.connectivity() <= NOT_CONNECTED:
            self._lost_at = self._lost_at or now
            if now - self._lost_at > LOOK_EVERY:
                await asyncio.to_thread(life.mailbox.check)
                await life.core.call("maybe_network")
            raise Unreachable("unreachable")
        self._lost_at = 0.0
        self._health = Health(Standing.OK)
        left = {number for number in self._words if life.ears.outcome(number).done()}
        if left:
            self._words -= left
            await life.forget(left, ())
        if now - self._swept > SWEEP_EVERY:
            self._swept = now
            await life.sweep()

    # -- what came ---------------------------------------------------------------------------------------------

    async def _heard(self, life: Life) -> Batch | None:
        """Messages that are here, up to the first that is not; None when there are none."""
        lines: list[tuple[int, Line]] = []
        in_groups = set()
        for number in (await life.waiting())[:MOST]:
            line, sender = await self._line(life, number)
            if line.step in (Step.ASK, Step.WAIT):
                break
            self._seen.pop(number, None)
            lines.append((number, line))
            if line.step is Step.GROUP:
                in_groups.add(sender)
        items = tuple(line.item for _number, line in lines if line.item is not None)
        files = tuple(line.file for _number, line in lines if line.file)
        if not lines:
            return None
        numbers = tuple(number for number, line in lines if line.step is not Step.OURS)
        given = _Given(lines[-1][0], numbers, files, frozenset(in_groups))
        if items:
            return Batch(items, {}, given)
        await self._done(life, given)  # nobody said anything to us
        return None

    async def _line(self, life: Life, number: int) -> tuple[Line, int]:
        """One message read, and the contact who wrote it."""
        try:
            message = await life.call("get_message", number)
            if not is_of_a_person(message):
                ours = message.get("fromId") == OURSELVES and message.get("isInfo") is not True
                return Line(Step.OURS if ours else Step.SKIP), 0
            around = await self._around(life, number, message)
        except Refused:
            return Line(Step.SKIP), 0  # the person took it back before we looked
        now = asyncio.get_running_loop().time()
        patient = now - self._seen.setdefault(number, now) < FILE_WITHIN
        cap, opener = self.caps.attachment_in_max, self._opener(life)
        line = read_message(message, around, cap=cap, opener=opener, patient=patient)
        if line.step is Step.ASK:
            with contextlib.suppress(Refused):
                await life.call("download_full_message", number)
        self._learn(line.item)
        return line, int(message["fromId"])

    async def _around(self, life: Life, number: int, message: Mapping[str, Any]) -> Around:
        info = await life.call("get_message_info_object", number)
        chat = await life.call("get_basic_chat_info", message["chatId"])
        card = ""
        if message["sender"].get("isKeyContact"):
            card = await life.call("make_vcard", [message["fromId"]])
        return Around(info, chat.get("chatType") == "Single", card)

    def _learn(self, item: Incoming | None) -> None:
        if item is None or not item.handle.startswith("key:"):
            return
        person = read_route(item.reply_route)
        before = self._known.setdefault(person.address.lower(), person)
        if before is None or before.handle != person.handle:
            self._known[person.address.lower()] = None

    async def _unopened(self, life: Life) -> Batch | None:
        """Mails the core could not open: it says so in its log and passes over them."""
        unread = frozenset(sorted(life.ears.unread)[:MOST])
        if not unread:
            return None
        raws = await asyncio.to_thread(life.mailbox.raw, unread)
        known = {address: person for address, person in self._known.items() if person is not None}
        items = [read_unopened(raw, known) for raw in raws]
        given = _Given(unread=unread)
        if any(items):
            return Batch(tuple(item for item in items if item is not None), {}, given)
        await self._done(life, given)
        return None

    async def _done(self, life: Life, given: _Given) -> None:
        if given.last:
            await life.call("set_config", "last_msg_id", str(given.last))
            await life.forget(given.numbers, given.files)
        if given.unread:
            await asyncio.to_thread(life.mailbox.take_away, given.unread)
            life.ears.unread -= given.unread
            life.ears.settled -= given.unread
        for contact in given.in_groups:
            await self._tell_alone(life, contact)

    async def _tell_alone(self, life: Life, contact: int) -> None:
        """Whoever wrote in a group is told, alone and seldom; who has no key cannot be."""
        now = asyncio.get_running_loop().time()
        if now - self._told.get(contact, -SAY_AGAIN_AFTER) < SAY_AGAIN_AFTER:
            return
        self._told[contact] = now
        words = "\n\n".join(in_language(NOT_IN_GROUPS, language) for language in ("ru", "en"))
        with contextlib.suppress(Refused):
            if (await life.call("get_contact", contact)).get("isKeyContact"):
                chat = await life.call("create_chat_by_contact_id", contact)
                self._words.add(int(await life.call("misc_send_text_message", chat, words)))

    def _opener(self, life: Life) -> Callable[[str], Callable[[], AsyncIterator[bytes]]]:
        return lambda path: lambda: _pieces(path, life.files)

    # -- trouble -----------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        """Turns what a call raises into a channel's error, and remembers it as health."""
        try:
            yield
        except AccountRefused as error:
            raise self._ill(Standing.NEEDS_PERSON, error) from None
        except Unreachable as error:
            raise self._ill(Standing.DOWN, error) from None
        except (Gone, Refused):
            raise self._ill(Standing.DOWN, Unreachable("core_gone")) from None

    def _ill(self, standing: Standing, error: ChannelError) -> ChannelError:
        self._health = Health(standing, error.code)
        return error


async def _pieces(path: str, inside: Path) -> AsyncIterator[bytes]:
    """A file's bytes. Raises FileUnavailable when it did not come, FileLost when it went."""
    if not path:
        raise FileUnavailable("not_here")
    if not Path(path).resolve().is_relative_to(inside.resolve()):
        raise FileLost("not_ours")
    try:
        with Path(path).open("rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece
    except OSError:
        raise FileLost("file_gone") from None
