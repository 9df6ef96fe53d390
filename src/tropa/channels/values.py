"""What channels and the gateway hand each other: frozen values, checked when they are made.

Plaintext and handles stand in them in memory only; nothing here prints them. A channel never touches the database:
whatever has to last travels in `Batch.state` or in the result of a send, and is stored with the rows it belongs to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

ChannelName = NewType("ChannelName", str)  # "telegram", "signal", ...
Handle = NewType("Handle", str)  # the canonical address of a person on one channel; in memory only
DedupeKey = NewType("DedupeKey", str)  # unique for ever within one account

MOST_IN_BATCH = 200
LARGEST_IN = 25 * 1024 * 1024
LARGEST_OUT = 10 * 1024 * 1024
LONGEST_TEXT = 20_000
"""Characters of one incoming text that are taken; what is longer is cut, and the entry says so."""


class HandleKind(StrEnum):
    """What a person's address on a channel is."""

    ACCOUNT = "account"
    PHONE = "phone"
    ADDRESS_AND_KEY = "address_and_key"
    NUMERIC_ID = "numeric_id"
    CODENAME = "codename"


class RemoteErase(StrEnum):
    """What erasing can reach beyond our own rows."""

    NONE = "none"
    OURS = "ours"  # a server of ours
    REQUEST = "request"  # asks the other device; cannot be proved


@dataclass(frozen=True, slots=True)
class Caps:
    """What a channel can do; constant for one version of an adapter. Sizes in bytes, texts in characters."""

    e2ee: bool  # only if encrypted from the person's device to our gateway
    truth: str  # what the person is told before they write; a message of this room's catalogue
    short_truth: str  # the same in one line, before an answer whose reader was not told yet
    handle_kind: HandleKind
    idempotent_send: bool  # the same key sent twice makes at most one message
    can_ack: bool  # False: the source forgets before we commit, and a journal is mandatory
    replayable: bool  # fetched and not acknowledged comes again, and still opens
    attachment_in_max: int
    attachment_out_max: int
    text_max: int
    timer: bool  # disappearing messages can be set and seen
    remote_erase: RemoteErase
    typing: bool = False
    receipts: bool = False

    def __post_init__(self) -> None:
        if not self.truth or not self.short_truth:
            raise ValueError("a channel tells people the truth about itself")
        if min(self.text_max, self.attachment_in_max, self.attachment_out_max) < 1:
            raise ValueError("sizes are positive")


@dataclass(frozen=True, slots=True)
class Limits:
    """What we allow ourselves, below what the service allows."""

    per_second: float  # all people together
    per_person: float  # messages a second to one person

    def __post_init__(self) -> None:
        if self.per_second <= 0 or self.per_person <= 0:
            raise ValueError("a limit is positive")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was announced. `name` is never a path, `media_type` a claim, `declared_size` a hint. `open` gives
    its bytes in pieces, once, and raises FileUnavailable, FileLost or FileOverCap.
    """

    name: str = field(repr=False)
    media_type: str
    declared_size: int | None
    open: Callable[[], AsyncIterator[bytes]] = field(repr=False)


class IncomingKind(StrEnum):
    """What arrived."""

    TEXT = "text"
    ATTACHMENT = "attachment"
    UNDECRYPTABLE = "undecryptable"
    PLAIN = "plain"  # unencrypted on an encrypted channel
    NOTICE = "notice"  # joined, timer changed; nobody has to answer


class Refused(StrEnum):
    """Why a channel does not take what came for its sender's word, where there is more to tell than that it could not
    be read.
    """

    IN_CLEAR = "in-clear"  # unencrypted, on a channel that takes nothing so; what it said is not kept
    OTHER_KEY = "other-key"  # signed by nobody, or with another key than the one we hold for them


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that arrived. `sent_at` is the sender's claim; `expires_after` in seconds, the person's own timer;
    `raw` the ciphertext of what did not open.
    """

    key: DedupeKey = field(repr=False)
    handle: Handle = field(repr=False)
    kind: IncomingKind
    reply_route: bytes = field(repr=False)
    text: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    sent_at: datetime | None = None
    expires_after: int | None = None
    raw: bytes | None = field(default=None, repr=False)
    edited: bool = False
    new_device: bool = False  # somebody known wrote from a device that did not write before
    language: str = ""  # the two letters of the person's own setting, if the channel tells
    refused: Refused | None = None  # nothing of what it says stands here then

    def __post_init__(self) -> None:
        if not self.key or not self.handle:
            raise ValueError("what arrives has a key and comes from somebody")
        if self.sent_at is not None and self.sent_at.tzinfo is None:
            raise ValueError("a moment is aware")
        if self.refused is not None and (self.text or self.attachments):
            raise ValueError("what is refused says nothing")


@dataclass(frozen=True, slots=True)
class Batch:
    """What came, in the channel's order, with the state that has to become durable with it; None deletes a name."""

    items: tuple[Incoming, ...]
    state: Mapping[str, bytes | None]
    ack_token: object = None

    def __post_init__(self) -> None:
        if len(self.items) > MOST_IN_BATCH:
            raise ValueError("too much in one batch")


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send, cleaned before."""

    name: str = field(repr=False)
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send. `key` is 128 random bits in hex, made when the volunteer pressed send."""

    key: str
    handle: Handle = field(repr=False)
    reply_route: bytes = field(repr=False)
    text: str = field(repr=False)
    attachments: tuple[OutgoingFile, ...] = ()
    expires_after: int | None = None
    prepared: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """The service took it; not: it was read."""

    remote_id: str = field(repr=False)
    state: Mapping[str, bytes | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retry:
    """It surely did not go out; the same again, not before `after` seconds. `whole_account`: nothing else before then
    either.
    """

    after: float
    code: str
    whole_account: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """It surely did not go out and never will."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have gone out."""

    code: str


SendResult = Sent | Retry | Failed | Unknown


@dataclass(frozen=True, slots=True)
class Invite:
    """How somebody reaches us here. Never a case number or a name."""

    text: str
    qr: bool
    single_use: bool
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EraseTarget:
    """What to erase at the other end: messages of ours by remote id."""

    handle: Handle = field(repr=False)
    reply_route: bytes = field(repr=False)
    remote_ids: tuple[str, ...] = field(default=(), repr=False)


class Erased(StrEnum):
    """An honest word for each place."""

    GONE = "gone"
    FAILED = "failed"
    SCHEDULED = "scheduled"
    NOT_OURS = "not_ours"
    ASKED = "asked"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class EraseReport:
    """What became of it, a place each. A person's device is never "gone"."""

    library: Erased
    server: Erased
    device: Erased

    def __post_init__(self) -> None:
        if self.device not in {Erased.ASKED, Erased.IMPOSSIBLE}:
            raise ValueError("nobody knows what another device keeps")


class Standing(StrEnum):
    """How a channel does."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class Health:
    """The channel's own word about itself; `code` is a fixed word such as `rate_limited` or `relink`."""

    standing: Standing
    code: str = ""
