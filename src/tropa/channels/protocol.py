"""The protocol every channel speaks, and what it finds of its earlier state.

Kept true by whoever implements it: at most one batch is under way; `ack` may be called twice or never, and what was
not acknowledged comes again; `send` makes one attempt and never raises for what the service said. Refused: writing
anything that has to last anywhere but in a batch's state or a send's result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from tropa.channels.values import (
    Batch,
    Caps,
    ChannelName,
    EraseReport,
    EraseTarget,
    Health,
    Invite,
    Outgoing,
    SendResult,
)


class StateStore(Protocol):
    """What was stored with earlier batches and sends. There is no way to write here."""

    async def get(self, name: str) -> bytes | None:
        """The value, or None when there is none; a stored empty value is not none."""


class Journal(Protocol):
    """What a channel must not lose before it is stored, where the service forgets a message by giving it. It lies
    sealed outside the database; a channel that can acknowledge has no use for it.
    """

    def kept(self) -> Iterator[bytes | None]:
        """Everything added and not forgotten, oldest first; None stands for a line that no longer opens."""

    def add(self, lines: Sequence[bytes]) -> None:
        """Durable when this returns. Raises OSError."""

    def forget(self, count: int) -> None:
        """The oldest `count` lines are stored elsewhere. After a crash some of them may be there again."""


class Channel(Protocol):
    """One account on one messenger."""

    @property
    def name(self) -> ChannelName:
        """Which messenger."""

    @property
    def caps(self) -> Caps:
        """What it can do."""

    async def start(self, state: StateStore) -> None:
        """Connect. Raises ChannelError."""

    async def next_batch(self, wait: float) -> Batch | None:
        """What came next; None when nothing did within `wait` seconds. Raises ChannelError."""

    async def ack(self, batch: Batch) -> None:
        """The batch is stored. Raises ChannelError; then it comes again and is known."""

    async def send(self, out: Outgoing) -> SendResult:
        """One attempt."""

    async def invite(self) -> Invite:
        """How somebody reaches this account. Raises ChannelError."""

    async def erase(self, target: EraseTarget) -> EraseReport:
        """Erase at the other end what can be. The same again gives the same report."""

    async def health(self) -> Health:
        """How it does, without asking the service."""

    async def stop(self) -> None:
        """Let go of everything within ten seconds."""
