"""A new row by a statement written once: Django builds an expression for every column each time a row is saved, which
costs a message that arrives more than sealing it.

Fields prepare their values as they do for Django; constraints are the database's. `_meta` and `_state` are public,
whatever they are called: Django documents both.
"""

from __future__ import annotations

from functools import cache

from django.db import connection
from django.db.models import Model


def insert(row: Model) -> None:
    """Store a new row, key and all given. Raises IntegrityError as `save` does."""
    fields = row._meta.local_concrete_fields  # noqa: SLF001  # documented
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(row)), values)
    state = row._state  # noqa: SLF001  # documented
    state.adding, state.db = False, connection.alias


@cache
def _statement(model: type[Model]) -> str:
    quoted, options = connection.ops.quote_name, model._meta  # noqa: SLF001  # documented
    columns = [quoted(str(field.column)) for field in options.local_concrete_fields]
    places = ", ".join(["%s"] * len(columns))
    names = f"{quoted(options.db_table)} ({', '.join(columns)})"
    return f"INSERT INTO {names} VALUES ({places})"  # noqa: S608  # names of the models
