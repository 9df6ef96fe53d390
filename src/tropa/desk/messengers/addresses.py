"""Sealed addresses as rows: read and written anew, several at once. What they say only the gateway knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from tropa.desk.messengers.models import Address

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


def rewrite(changes: Iterable[Change]) -> None:
    """Write addresses anew, but for those that somebody changed or took away since they were read."""
    values = [(change.after, change.thread_id, change.before) for change in changes]
    if values:
        with connection.cursor() as cursor:  # Django would build this statement anew for each message
            cursor.executemany(REWRITE, values)
