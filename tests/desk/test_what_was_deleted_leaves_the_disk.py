"""Cutting SQLite's log is quick or left for later, and changes nothing for those who write after it."""

import sqlite3

import pytest
from django.db import connection

from tropa.desk.scrub import scrub


@pytest.mark.django_db(transaction=True)
def test_somebody_drawing_a_copy_keeps_nobody_for_long_and_nothing_fails() -> None:
    connection.ensure_connection()
    copying = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        copying.execute("BEGIN")
        copying.execute("SELECT count(*) FROM staff_member").fetchone()
        with connection.cursor() as cursor:
            before = cursor.execute("PRAGMA busy_timeout").fetchone()
            scrub()
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == before
    finally:
        copying.close()
