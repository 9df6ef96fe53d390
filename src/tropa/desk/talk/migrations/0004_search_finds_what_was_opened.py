"""Indexes the search walks: of what was opened once, with the wrapped content in them, and of what never was.

An entry's row is mostly what was sealed with a key pair, so walking the rows of many entries reads three times as much
as a search needs. The first two are SQLite's alone: PostgreSQL's indexes hold no long values, and its heap is walked.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COVERING = {
    "opened_of_duty": "(duty_epoch_id, thread_id, sequence, id, day, wrapped)"
    " WHERE wrapped IS NOT NULL AND duty_epoch_id IS NOT NULL",
    "opened_of_cases": "(thread_id, sequence, id, case_epoch, day, wrapped)"
    " WHERE wrapped IS NOT NULL AND duty_epoch_id IS NULL",
}
NEVER_OPENED = "(day, id, duty_epoch_id, thread_id) WHERE wrapped IS NULL"


def make(_apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    """Make them."""
    schema.execute(f"CREATE INDEX never_opened ON talk_entry {NEVER_OPENED}")
    if schema.connection.vendor == "sqlite":
        for name, what in COVERING.items():
            schema.execute(f"CREATE INDEX {name} ON talk_entry {what}")


def unmake(_apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    """Take them away."""
    for name in ("never_opened", *COVERING):
        schema.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    """Indexes alone: no row changes."""

    dependencies = [("talk", "0003_unfinished_files")]
    operations = [migrations.RunPython(make, unmake)]
