"""Rows that failed their check, counted, whatever becomes of the act in which that was seen.

An act that meets such a row is undone as a rule, and its count would be undone with it. So a count made in an act is
kept in memory until the act stands; what was undone is written again when the request is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tropa.desk.audit.models import Refusal

MOST_WAITING = 100
"""Programs that answer no requests write nothing again; their acts must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that failed its check on a day."""

    table: str
    row: str
    day: date


@dataclass(slots=True)
class _Waiting(threading.local):
    refused: list[Refused] = field(default_factory=list)


_waiting = _Waiting()


def refuse(*, table: str, row: str, day: date) -> None:
    """Count a row that failed its check and was not shown. Says nothing about what was in it."""
    found = Refused(table, row, day)
    if connection.in_atomic_block and len(_waiting.refused) < MOST_WAITING:
        _waiting.refused.append(found)
        transaction.on_commit(lambda: _forget(found))
    _count(found)


def refuse_daily(*, table: str, row: str, day: date) -> None:
    """Count a row that looks wrong to somebody who looks at all of them again and again: once a day."""
    if not Refusal.objects.filter(table=table, row=row, day__gte=day).exists():
        refuse(table=table, row=row, day=day)


class RefusalsMiddleware:
    """Writes what was counted in acts that were undone, once a request is over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then write; a database that takes nothing keeps nobody from their answer."""
        _waiting.refused.clear()
        try:
            return self.get_response(request)
        finally:
            missed, _waiting.refused = _waiting.refused, []
            for found in dict.fromkeys(missed):
                with suppress(DatabaseError), transaction.atomic():
                    _count(found)


def _count(found: Refused) -> None:
    seen, created = Refusal.objects.get_or_create(
        table=found.table, row=found.row, defaults={"day": found.day}
    )
    if not created:
        Refusal.objects.filter(pk=seen.pk).update(times=F("times") + 1, day=found.day)


def _forget(found: Refused) -> None:
    with suppress(ValueError):
        _waiting.refused.remove(found)
