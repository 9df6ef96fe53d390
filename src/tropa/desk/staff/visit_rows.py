"""The query behind every request: whose visit a cookie belongs to, written out.

Django's own query took a seventh of a page of the inbox to put together, each time anew. Columns are those of the
models less the sealed seeds and the second factor, which no page needs; Django loads those when they are asked for.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, models

from tropa.desk.clock import said_in_utc
from tropa.desk.staff.models import Member, Visit

NEVER_NEEDED = frozenset(
    {
        "slot_one",
        "slot_two",
        "companion_sealed",
        "alarms_sealed",
        "password",
        "totp_sealed",
        "recovery_codes_sealed",
        "abilities_sealed",
    }
)


def _columns(model: type[models.Model]) -> list[str]:
    fields = model._meta.concrete_fields  # noqa: SLF001  # the documented way to the fields of a model
    return [field.attname for field in fields if field.attname not in NEVER_NEEDED]


VISIT, MEMBER = _columns(Visit), _columns(Member)
SQL = (
    f"SELECT {', '.join(f'v.{name}' for name in VISIT)}, {', '.join(f'm.{name}' for name in MEMBER)} "  # noqa: S608
    "FROM staff_visit v JOIN staff_member m ON m.id = v.member_id "
    "WHERE v.id = %s AND v.ends_after > %s AND m.active"
)  # names of our own models


def running_visit(visit_id: str, now: datetime) -> Visit | None:
    """The visit with this id that has not ended, with its member, who is active; one query."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [visit_id, connection.ops.adapt_datetimefield_value(now)])
        row = cursor.fetchone()
    if row is None:
        return None
    visit = Visit.from_db("default", VISIT, [said_in_utc(value) for value in row[: len(VISIT)]])
    visit.member = Member.from_db("default", MEMBER, list(row[len(VISIT) :]))
    return visit
