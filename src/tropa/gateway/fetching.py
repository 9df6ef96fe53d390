"""Files that come with messages: fetched before anything is stored, sealed piece by piece on their way.

A file over the cap is refused whatever size was announced, and one that cannot be had keeps no message waiting: the
message goes on with a remark of what is missing. At no time does more than a piece of a file stand readable in memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tropa.channels.errors import ChannelError, FileOverCap
from tropa.channels.values import LARGEST_IN, Attachment, Incoming, IncomingKind
from tropa.desk.cases.models import Urgency
from tropa.desk.library.at_arrival import AtArrival
from tropa.desk.talk.files import IncomingFile
from tropa.desk.talk.spool import Spool

MOST_FILES = 20
WITHIN = 300.0
TOO_LARGE, LOST, UNREADABLE, EDITED, PLAIN, CUT, NEW_DEVICE = (
    "file-too-large",
    "file-lost",
    "unreadable",
    "edited",
    "plain",
    "cut",
    "new-device",
)


@dataclass(frozen=True, slots=True)
class SpooledFile:
    """A file on its way, sealed in its spool."""

    size: int
    spool: Spool = field(repr=False)

    def pieces(self) -> Iterator[bytes]:
        """Its bytes from the beginning."""
        return self.spool.pieces()


@dataclass(slots=True)
class Fetched:
    """What is stored of one message beside its text: files, and remarks for who reads it."""

    item: Incoming
    files: list[IncomingFile] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    spools: list[Spool] = field(default_factory=list)
    read: AtArrival = field(default_factory=lambda: AtArrival(Urgency.UNSORTED))

    def close(self) -> None:
        """Let the sealed pieces go."""
        for spool in self.spools:
            spool.close()


async def fetch(item: Incoming, *, cap: int, directory: Path) -> Fetched:
    """The message with its files. Raises nothing for a file's sake but OSError, when the disk is full."""
    fetched = Fetched(item)
    if item.edited:
        fetched.remarks.append(EDITED)
    if item.refused is not None:
        fetched.remarks.append(item.refused.value)
    elif item.kind is IncomingKind.PLAIN:
        fetched.remarks.append(PLAIN)
    if item.new_device:
        fetched.remarks.append(NEW_DEVICE)
    if item.kind is IncomingKind.UNDECRYPTABLE:
        if item.refused is None:
            fetched.remarks.append(UNREADABLE)
        if item.raw:
            fetched.files.append(IncomingFile("", "application/octet-stream", item.raw[:LARGEST_IN]))
    for attachment in item.attachments[:MOST_FILES]:
        await _fetch_file(fetched, attachment, min(cap, LARGEST_IN), directory)
    if len(item.attachments) > MOST_FILES:
        fetched.remarks.append(LOST)
    return fetched


async def _fetch_file(fetched: Fetched, attachment: Attachment, cap: int, directory: Path) -> None:
    if attachment.declared_size is not None and attachment.declared_size > cap:
        fetched.remarks.append(TOO_LARGE)
        return
    spool = Spool(directory)
    fetched.spools.append(spool)
    try:
        async with asyncio.timeout(WITHIN):
            size = await _into(spool, attachment, cap)
    except FileOverCap:
        spool.close()
        fetched.remarks.append(TOO_LARGE)
    except (ChannelError, TimeoutError):
        spool.close()
        fetched.remarks.append(LOST)
    else:
        file = SpooledFile(size, spool)
        fetched.files.append(IncomingFile(attachment.name or "file", attachment.media_type, file))


async def _into(spool: Spool, attachment: Attachment, cap: int) -> int:
    """The file's bytes into the spool; how many there were. Raises ChannelError, FileOverCap past the cap."""
    size = 0
    async for piece in attachment.open():
        size += len(piece)
        if size > cap:
            raise FileOverCap("file_too_large")
        spool.add(piece)
    return size
