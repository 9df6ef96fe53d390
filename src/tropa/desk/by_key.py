"""One row by its primary key, asked for in a line of SQL.

Django takes ten times as long to word this question as the database takes to answer it, and a page of a case asks it
several times. Kept true: the row is the model's own, whole, as `.get(pk=...)` gives it; nothing is locked or joined.
"""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def by_key(kind: type[Row], key: str) -> Row | None:
    """The row of this key; None when there is none."""
    rows = kind._default_manager.raw(_asked(kind), [key])  # noqa: SLF001  # Django's documented name
    return next(iter(rows), None)


@cache
def _asked(kind: type[models.Model]) -> str:
    about = kind._meta  # noqa: SLF001  # likewise
    table, column = (connection.ops.quote_name(name or "") for name in (about.db_table, about.pk.column))
    return f"SELECT * FROM {table} WHERE {column} = %s"  # noqa: S608  # a model's own names
