"""A log whose past cannot be changed unnoticed: each entry's hash covers the one before it.

The hash covers the sequence number, the previous hash and the sealed body, so changing, dropping, swapping or
inserting an entry breaks every later hash. A log cut at its end still joins: that is what a signed or kept
checkpoint (sequence and hash of some entry) is compared against.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from tropa.envelope.encoding import join
from tropa.envelope.errors import BrokenLog, LogFault

HASH_BYTES = 32
BEGINNING = bytes(HASH_BYTES)
"""The previous hash of the first entry, whose sequence number is 1."""
_LABEL = b"tropa log 1"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry as stored: its number from 1, its body (sealed by the caller) and its hash."""

    sequence: int
    body: bytes
    entry_hash: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A place in the log somebody kept: the log must still hold this hash at this number."""

    sequence: int
    entry_hash: bytes


def hash_entry(previous: bytes, sequence: int, body: bytes) -> bytes:
    """The hash, 32 bytes, of the entry numbered `sequence` after the entry whose hash is `previous`."""
    if len(previous) != HASH_BYTES or sequence < 1:
        raise ValueError("an entry follows a 32-byte hash and counts from 1")
    return hashlib.sha256(join((_LABEL, previous, sequence.to_bytes(8, "big"), body))).digest()


START = Checkpoint(sequence=0, entry_hash=BEGINNING)
"""Where every log begins."""


def verify_log(
    entries: Iterable[LogEntry], checkpoints: Iterable[Checkpoint] = (), *, after: Checkpoint = START
) -> Checkpoint:
    """The log's end, if `entries`, from the one that follows `after`, join and hold every checkpoint from there on.

    Raises BrokenLog naming the first entry at which it shows. Checkpoints before `after` are refused with ValueError.
    """
    kept: dict[int, set[bytes]] = {}
    for checkpoint in checkpoints:
        if checkpoint.sequence < after.sequence:
            raise ValueError("a checkpoint before the part that is verified cannot be held against it")
        kept.setdefault(checkpoint.sequence, set()).add(checkpoint.entry_hash)
    sequence, previous = after.sequence, after.entry_hash
    if kept.pop(sequence, {previous}) != {previous}:
        raise BrokenLog(LogFault.NOT_AS_KEPT, sequence)
    for entry in entries:
        sequence += 1
        previous = hash_entry(previous, sequence, entry.body)
        if entry.sequence != sequence or entry.entry_hash != previous:
            raise BrokenLog(LogFault.DOES_NOT_FOLLOW, sequence)
        if kept.pop(sequence, {previous}) != {previous}:
            raise BrokenLog(LogFault.NOT_AS_KEPT, sequence)
    if kept:
        raise BrokenLog(LogFault.ENDS_TOO_EARLY, sequence)
    return Checkpoint(sequence=sequence, entry_hash=previous)
