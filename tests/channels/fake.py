"""A messenger in memory, with a switch for every fault, and its channel: what the contract is tried on first.

The service keeps what was not acknowledged and gives it again, newest last; it counts what it was asked. Faults are
made worse than any real service's, never kinder. It proves the contract and the gateway; of real messengers it says
nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from tropa.channels.catalogue import About, Setting
from tropa.channels.errors import FileUnavailable, Unreachable
from tropa.channels.protocol import StateStore
from tropa.channels.values import (
    Attachment,
    Batch,
    Caps,
    ChannelName,
    DedupeKey,
    Erased,
    EraseReport,
    EraseTarget,
    Failed,
    Handle,
    HandleKind,
    Health,
    Incoming,
    IncomingKind,
    Invite,
    Limits,
    Outgoing,
    RemoteErase,
    Retry,
    SendResult,
    Sent,
    Standing,
    Unknown,
)

PIECE = 64 * 1024


def fake_about(*, idempotent: bool = False, e2ee: bool = False) -> About:
    """A messenger nobody uses."""
    return About(
        name=ChannelName("fake"),
        title="Fake",
        caps=Caps(
            e2ee=e2ee,
            truth="Everybody can read this.",
            short_truth="Read by everybody.",
            handle_kind=HandleKind.ACCOUNT,
            idempotent_send=idempotent,
            can_ack=True,
            replayable=True,
            attachment_in_max=25 * 1024 * 1024,
            attachment_out_max=10 * 1024 * 1024,
            text_max=4096,
            timer=False,
            remote_erase=RemoteErase.NONE,
        ),
        limits=Limits(per_second=1000.0, per_person=1000.0),
        settings=(Setting("token", "a token", secret=True),),
    )


@dataclass(slots=True)
class Lying:
    """A file as the service announces it, which need not be true."""

    name: str
    content: bytes
    announced: int | None = None
    fails: bool = False


@dataclass(slots=True)
class FakeService:
    """The server's side."""

    waiting: list[tuple[int, str, str, tuple[Lying, ...], IncomingKind]] = field(default_factory=list)
    delivered: list[tuple[str, str]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    calls: int = 0
    down: bool = False
    limit_for: float = 0.0  # the next call is answered "come later"
    lose_next_reply: bool = False
    block: set[str] = field(default_factory=set)
    number: int = 0

    def write(
        self,
        person: str,
        text: str = "",
        *,
        files: tuple[Lying, ...] = (),
        kind: IncomingKind = IncomingKind.TEXT,
    ) -> int:
        """Somebody writes."""
        self.number += 1
        self.waiting.append((self.number, person, text, files, kind))
        return self.number

    def texts_to(self, person: str) -> list[str]:
        """What a person's device shows."""
        return [text for to, text in self.delivered if to == person]


class FakeChannel:
    """The adapter of the messenger above. `breaks` says which rule it breaks, for tests of the tests."""

    def __init__(self, service: FakeService, about: About, *, breaks: str = "") -> None:
        self.service, self.about, self.breaks = service, about, breaks
        self.name, self.caps = about.name, about.caps
        self._after = 0

    async def start(self, state: StateStore) -> None:
        if self.service.down:
            raise Unreachable("unreachable")
        self._after = int(await state.get("cursor") or b"0")
        self._forget()

    async def next_batch(self, wait: float) -> Batch | None:
        if self.service.down:
            raise Unreachable("unreachable")
        found = [each for each in self.service.waiting if each[0] > self._after][:100]
        if not found:
            await asyncio.sleep(min(wait, 0.01))
            return None
        last = found[-1][0]
        if self.breaks == "acknowledges first":
            self._after = last
            self._forget()
        items = tuple(self._item(*each) for each in found)
        return Batch(items, {"cursor": str(last).encode()}, last)

    async def ack(self, batch: Batch) -> None:
        assert isinstance(batch.ack_token, int)
        self._after = batch.ack_token
        self._forget()

    def _forget(self) -> None:
        self.service.waiting = [each for each in self.service.waiting if each[0] > self._after]

    def _item(
        self, number: int, person: str, text: str, files: tuple[Lying, ...], kind: IncomingKind
    ) -> Incoming:
        attachments = tuple(
            Attachment(file.name, "application/octet-stream", file.announced, _opener(file)) for file in files
        )
        key = DedupeKey(f"{person}:{number}")
        raw = b"unreadable bytes" if kind is IncomingKind.UNDECRYPTABLE else None
        return Incoming(key, Handle(person), kind, person.encode(), text, attachments, raw=raw, language="ru")

    async def send(self, out: Outgoing) -> SendResult:
        service = self.service
        service.calls += 1
        if service.down:
            return Retry(0.05, "unreachable")
        if service.limit_for:
            after, service.limit_for = service.limit_for, 0.0
            return Retry(after, "rate_limited")
        if out.handle in service.block:
            return Failed("blocked")
        if not (self.caps.idempotent_send and out.key in service.keys):
            service.delivered.append((out.handle, out.text))
            service.keys.add(out.key)
        if service.lose_next_reply:
            service.lose_next_reply = False
            return Retry(0.0, "lost") if self.breaks == "resends blindly" else Unknown("no_answer")
        return Sent(str(len(service.delivered)))

    async def invite(self) -> Invite:
        return Invite("fake:desk", qr=False, single_use=False)

    async def erase(self, target: EraseTarget) -> EraseReport:
        return EraseReport(Erased.GONE, Erased.NOT_OURS, Erased.IMPOSSIBLE)

    async def health(self) -> Health:
        return Health(Standing.DOWN if self.service.down else Standing.OK)

    async def stop(self) -> None:
        return None


def _opener(file: Lying) -> Callable[[], AsyncIterator[bytes]]:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(file.content), PIECE):
            yield file.content[start : start + PIECE]
            if file.fails:
                raise FileUnavailable("cut_off")

    return pieces
