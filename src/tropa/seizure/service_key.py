"""What lies under the desk's service key: it opens with that key and with nothing else that lies on the disk.

Whoever takes the key along with the database reads it; the threat model says so. It is tried and counted here, so that
the seizure test says what of it lies there, and a value that any other key opens is a finding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tropa.desk.staff import abilities, passkeys, recovery_codes
from tropa.desk.staff.models import Member, Passkey
from tropa.desk.staff.service_key import _totp_context as totp_place
from tropa.desk.talk import saved_replies
from tropa.desk.talk.models import SavedReply
from tropa.envelope import CannotOpen, Context, Seed, SymmetricKey, unwrap
from tropa.seizure.attempts import Blob

LABELS = {
    "staff_member.totp_sealed": "totp",
    "staff_member.recovery_codes_sealed": "recovery codes",
    "staff_member.abilities_sealed": "abilities",
    "staff_passkey.passkey_sealed": "passkeys",
    "talk_savedreply.sealed": "saved replies",
}
"""The columns, and what their keys are drawn for."""


@dataclass(frozen=True, slots=True)
class UnderServiceKey:
    """Of each column, how many values lie there and how many the service key opens; what opens otherwise."""

    values: dict[str, int]
    opened: dict[str, int]
    otherwise: tuple[str, ...]


def service_blobs() -> Iterator[Blob]:
    """Everything under the service key, with the context it opens in."""
    for member in Member.objects.all():
        places: dict[str, Context] = {
            "totp_sealed": totp_place(member.pk),
            "recovery_codes_sealed": recovery_codes._context(member.pk),  # noqa: SLF001
            "abilities_sealed": abilities._context(member.pk),  # noqa: SLF001
        }
        for column, place in places.items():
            if getattr(member, column):
                yield Blob(f"staff_member.{column}", place, bytes(getattr(member, column)))
    for passkey in Passkey.objects.all():
        sealed = bytes(passkey.passkey_sealed)
        yield Blob("staff_passkey.passkey_sealed", passkeys._context(passkey), sealed)  # noqa: SLF001
    for reply in SavedReply.objects.all():
        place = saved_replies._context(reply.pk, reply.team_id, reply.version)  # noqa: SLF001
        yield Blob("talk_savedreply.sealed", place, bytes(reply.sealed))


def under_service_key(service: bytes | None, keys: Collection[bytes]) -> UnderServiceKey:
    """Try the service key (None where it does not lie here), then every other key."""
    blobs = list(service_blobs())
    opened = [blob.column for blob in blobs if service is not None and _opens(blob, service)]
    others = [raw for raw in keys if raw != service]
    otherwise = {blob.column for blob in blobs if any(_opens(blob, raw) for raw in others)}
    values = [blob.column for blob in blobs]
    return UnderServiceKey(_counted(values), _counted(opened), tuple(sorted(otherwise)))


def _counted(columns: list[str]) -> dict[str, int]:
    return {column: columns.count(column) for column in sorted(set(columns))}


def _opens(blob: Blob, raw: bytes) -> bool:
    seed = Seed(raw)
    for key in (seed.subkey(LABELS[blob.column]), SymmetricKey(raw)):
        try:
            unwrap(key, blob.context, blob.sealed)
        except CannotOpen:
            continue
        return True
    return False
