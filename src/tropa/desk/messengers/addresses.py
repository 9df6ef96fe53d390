"""Sealed addresses as rows: read and written anew, several at once. What they say only the gateway knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection

from tropa.desk.messengers.models import Address

VERSION_BYTES: Final = 16
VERSIONS = """
SELECT thread_id, substr(sealed, length(sealed) - 15) FROM messengers_address
WHERE thread_id > %s ORDER BY thread_id LIMIT %s
"""
REWRITE = "UPDATE messengers_address SET sealed = %s WHERE thread_id = %s AND sealed = %s"


@dataclass(frozen=True, slots=True)
class Change:
    """One address, as it was read and as it is to be."""

    thread_id: str
    before: bytes
    after: bytes


def sealed_addresses(thread_ids: Iterable[str]) -> list[tuple[str, bytes]]:
    """The addresses there are under these threads."""
    named = set(thread_ids)
    if not named:
        return []
    rows = Address.objects.filter(pk__in=named).values_list("pk", "sealed")
    return [(thread_id, bytes(sealed)) for thread_id, sealed in rows]


def version_of(sealed: bytes) -> bytes:
    """The last bytes of a sealed address, the tag of its seal: another address has others."""
    return sealed[-VERSION_BYTES:]


def versions(*, after: str, limit: int) -> list[tuple[str, bytes]]:
    """The next addresses by thread, without reading what is sealed: whose they are, and their version. Whoever writes
    to the database can make one look like another; who acts on an address opens it.
    """
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, [after, limit])
        return [(thread_id, bytes(version)) for thread_id, version in cursor.fetchall()]


def rewrite(changes: Iterable[Change]) -> None:
    """Write addresses anew, but for those that somebody changed or took away since they were read."""
    values = [(change.after, change.thread_id, change.before) for change in changes]
    if values:
        with connection.cursor() as cursor:  # Django would build this statement anew for each message
            cursor.executemany(REWRITE, values)
