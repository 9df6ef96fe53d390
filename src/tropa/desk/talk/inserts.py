"""A row stored by a statement written once: Django builds an expression for every column each time a row is saved,
which costs a message that arrives more than sealing it.

Fields whose values a database takes as they are are not asked; the others prepare theirs as they do for Django.
Constraints are the database's. `_meta` and `_state` are public, whatever they are called: Django documents both.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import DatabaseError, connection, models
from django.db.models import Field, Model

TAKEN_AS_THEY_ARE = (models.CharField, models.IntegerField, models.BooleanField, models.BinaryField)


def insert(row: Model) -> None:
    """Store a new row, key and all given. Raises IntegrityError as `save` does."""
    statement, columns = _statement(type(row))
    values = [getattr(row, name) if field is None else _prepared(row, name, field) for name, field in columns]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    state = row._state  # noqa: SLF001  # documented
    state.adding, state.db = False, connection.alias


def update(row: Model, names: tuple[str, ...]) -> None:
    """Store these columns of a row that is there, named by attribute. Raises DatabaseError when it is not."""
    statement, columns = _changing(type(row), names)
    values = [getattr(row, name) if field is None else _prepared(row, name, field) for name, field in columns]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError("the row is gone")


def _prepared(row: Model, name: str, field: Field[Any, Any]) -> Any:
    """What is absent needs no preparing."""
    if getattr(row, name) is None:
        return None
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)


@cache
def _statement(model: type[Model]) -> tuple[str, tuple[tuple[str, Field[Any, Any] | None], ...]]:
    """The statement, and where each value comes from: an attribute, and the field that prepares it if one has to."""
    quoted, options = connection.ops.quote_name, model._meta  # noqa: SLF001  # documented
    fields = options.local_concrete_fields
    places = ", ".join(["%s"] * len(fields))
    names = f"{quoted(options.db_table)} ({', '.join(quoted(str(field.column)) for field in fields)})"
    columns = tuple((field.attname, None if _taken_as_it_is(field) else field) for field in fields)
    return f"INSERT INTO {names} VALUES ({places})", columns  # noqa: S608  # names of the models


@cache
def _changing(
    model: type[Model], names: tuple[str, ...]
) -> tuple[str, tuple[tuple[str, Field[Any, Any] | None], ...]]:
    """The same for a change."""
    quoted, options = connection.ops.quote_name, model._meta  # noqa: SLF001  # documented
    fields = [field for name in names for field in options.local_concrete_fields if field.attname == name]
    places = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    columns = tuple((field.attname, None if _taken_as_it_is(field) else field) for field in fields)
    key = quoted(str(options.pk.column))
    return f"UPDATE {quoted(options.db_table)} SET {places} WHERE {key} = %s", columns  # noqa: S608  # names of the models


def _taken_as_it_is(field: Field[Any, Any]) -> bool:
    """A key of another table is what that table's key is."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    return isinstance(kind, TAKEN_AS_THEY_ARE)
