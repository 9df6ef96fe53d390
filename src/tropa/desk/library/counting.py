"""Counting use by week, without anybody in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import Sum

from tropa.desk.library.models import AnswerUse

WEEKS_KEPT = 52
TABLE = "library_answeruse"


class Use(StrEnum):
    """What is counted; the names of the columns."""

    SENT = "sent"
    SHOWN = "shown"
    HELPED = "helped"
    NOT_HELPED = "not_helped"


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one answer over the weeks that are kept."""

    sent: int = 0
    shown: int = 0
    helped: int = 0
    not_helped: int = 0


@transaction.atomic
def count(answer_ids: Iterable[str], use: Use, *, day: date) -> None:
    """Add one to each answer's count of its week; with the first of a week, weeks older than a year go.

    Written out, because messages that arrive ask for it. Within a transaction of the caller's it is a part of that one.
    """
    week = day - timedelta(days=day.weekday())
    add = f"UPDATE {TABLE} SET {use} = {use} + 1 WHERE answer = %s AND week = %s"  # noqa: S608  # names of columns
    with connection.cursor() as cursor:
        for answer_id in sorted(set(answer_ids)):
            row = [answer_id, connection.ops.adapt_datefield_value(week)]
            cursor.execute(add, row)
            if not cursor.rowcount:
                AnswerUse.objects.get_or_create(answer=answer_id, week=week)
                cursor.execute(add, row)
                AnswerUse.objects.filter(week__lt=week - timedelta(weeks=WEEKS_KEPT)).delete()


def counts() -> Mapping[str, Counts]:
    """All counts by answer."""
    columns = [use.value for use in Use]
    summed = AnswerUse.objects.order_by("answer").values_list("answer").annotate(*map(Sum, columns))
    return {answer: Counts(**dict(zip(columns, numbers, strict=True))) for answer, *numbers in summed}
