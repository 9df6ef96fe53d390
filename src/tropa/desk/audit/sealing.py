"""How one act is written down: sealed to every coordinator there is, so that any of them can read it alone.

Format 1: byte 0x01, then JSON (UTF-8) of who, act, the hour, details, and the signature in hex, sealed once for
each coordinator; the stored text is a count, then the coordinator's id and the sealed part, each with its
length.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tropa.desk.audit.errors import NotSealedToReader, RecordDamaged
from tropa.envelope import Context, SealingKey, SealingPublicKey, SigningKey, open_sealed, seal, sign

FORMAT = b"\x01"
LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """An act as a coordinator reads it. `member` is empty for what the programs do by themselves, `at` the hour it was
    done in.
    """

    sequence: int
    member: str
    act: str
    at: datetime
    detail: Mapping[str, str]
    signed: bytes  # what the signature covers
    signature: bytes


def _context(sequence: int) -> Context:
    return Context("audit record", 1, "audit_record", "sealed", str(sequence))


def signature_context(sequence: int) -> Context:
    """The place a member's signature over an act is made for."""
    return Context("audit signature", 1, "audit_record", "signature", str(sequence))


def seal_record(
    *,
    sequence: int,
    member: str,
    act: str,
    at: datetime,
    detail: Mapping[str, str],
    key: SigningKey | None,
    coordinators: Mapping[str, SealingPublicKey],
) -> bytes:
    """The stored text of one act. `key` None: an act of the programs, unsigned."""
    core = {"member": member, "act": act, "at": at.isoformat(), "detail": dict(detail)}
    message = json.dumps(core, ensure_ascii=False, sort_keys=True).encode()
    signature = sign(key, signature_context(sequence), message) if key else b""
    body = FORMAT + _joined([message, signature])
    parts: list[bytes] = []
    for coordinator, public in coordinators.items():
        parts += [coordinator.encode(), seal(public, _context(sequence), body)]
    return FORMAT + _joined(parts)


def sealed_parts(sequence: int, sealed: bytes) -> list[tuple[Context, bytes]]:
    """A record's seals, one for each coordinator, and the context they open in."""
    return [(_context(sequence), part) for part in _split(sealed[1:])[1::2]]


def open_record(*, sequence: int, sealed: bytes, coordinator: str, key: SealingKey) -> OpenRecord:
    """The act again, for one of the coordinators it was sealed to.

    Raises NotSealedToReader for others, RecordDamaged, CannotOpen.
    """
    parts = _split(sealed[1:])
    mine = dict(zip(parts[::2], parts[1::2], strict=False)).get(coordinator.encode())
    if sealed[:1] != FORMAT or len(parts) % 2:
        raise RecordDamaged
    if mine is None:
        raise NotSealedToReader
    body = open_sealed(key, _context(sequence), mine)
    try:
        message, signature = _split(body[1:])
        core = json.loads(message)
        return OpenRecord(
            sequence=sequence,
            member=core["member"],
            act=core["act"],
            at=datetime.fromisoformat(core["at"]),
            detail=core["detail"],
            signed=message,
            signature=signature,
        )
    except (ValueError, KeyError, TypeError):
        raise RecordDamaged from None


def _joined(parts: list[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(LENGTH_BYTES, "big") + part for part in parts)


def _split(text: bytes) -> list[bytes]:
    parts: list[bytes] = []
    while text:
        length = int.from_bytes(text[:LENGTH_BYTES], "big")
        parts.append(text[LENGTH_BYTES : LENGTH_BYTES + length])
        text = text[LENGTH_BYTES + length :]
    return parts
