"""Checkpoints: a short signed text a trustee keeps on paper or in a drawer, to hold the log against later.

Whoever has one needs no key to use it: the log must still have this hash at this number. The signature, made with the
desk's service key, tells a mistyped or invented checkpoint from one this desk gave; it proves nothing against somebody
who holds that key, which is why the trustee keeps the text.

Format 1: five lines of ASCII, `tropa audit checkpoint 1`, then `root`, `record`, `hash` and `day` with their values,
and a sixth, `signature`, over those five.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from tropa.desk.audit.errors import CheckpointForged, NotACheckpoint, OtherOrganisation
from tropa.desk.staff.service_key import service_seed
from tropa.desk.vault.pinned import root_public
from tropa.envelope import BadSignature, Checkpoint, Context, SigningKey, sign, verify

TITLE = "tropa audit checkpoint 1"
LONGEST_TEXT = 2000
_CONTEXT = Context("audit checkpoint", 1, "audit_record", "checkpoint", "desk")
_FORM = re.compile(
    rf"{TITLE} root (?P<root>[0-9a-f]{{64}}) record (?P<record>[0-9]{{1,18}}) hash (?P<hash>[0-9a-f]{{64}})"
    r" day (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}) signature (?P<signature>[0-9a-f]{130})"
)


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A checkpoint and the day it was given."""

    checkpoint: Checkpoint
    day: date


def write_checkpoint(kept: KeptCheckpoint) -> str:
    """The text to keep. Raises NoServiceKey, NoPinnedRoot."""
    message = _message(kept)
    return f"{message}signature {sign(_key(), _CONTEXT, message.encode()).hex()}\n"


def read_checkpoint(text: str) -> KeptCheckpoint:
    """The checkpoint of a text, however its lines were broken or spaced. Raises CheckpointRefused, NoServiceKey,
    NoPinnedRoot.
    """
    if len(text) > LONGEST_TEXT:
        raise NotACheckpoint
    found = _FORM.fullmatch(" ".join(text.split()))
    if found is None:
        raise NotACheckpoint
    if found["root"] != root_public().raw.hex():
        raise OtherOrganisation
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        raise NotACheckpoint from None
    kept = KeptCheckpoint(Checkpoint(int(found["record"]), bytes.fromhex(found["hash"])), day)
    try:
        verify(_key().public, _CONTEXT, _message(kept).encode(), bytes.fromhex(found["signature"]))
    except BadSignature:
        raise CheckpointForged from None
    return kept


def read_claim(text: str) -> Checkpoint:
    """What a text says, with neither root nor signature looked at, for a machine that has neither yet: believing it can
    only lead to a refusal. Raises NotACheckpoint.
    """
    found = _FORM.fullmatch(" ".join(text[:LONGEST_TEXT].split()))
    if found is None:
        raise NotACheckpoint
    return Checkpoint(int(found["record"]), bytes.fromhex(found["hash"]))


def _message(kept: KeptCheckpoint) -> str:
    at = kept.checkpoint
    return (
        f"{TITLE}\nroot {root_public().raw.hex()}\nrecord {at.sequence}\nhash {at.entry_hash.hex()}\n"
        f"day {kept.day.isoformat()}\n"
    )


def _key() -> SigningKey:
    return SigningKey(service_seed().subkey("audit checkpoints").raw)
