"""Run as a program in the environment of an installation: backs it up, restores it, verifies its log, prints JSON."""

import json
import os
import sys
import time
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # models are there once Django is set up
from django.db import connection  # noqa: E402

from tropa.desk import clock  # noqa: E402
from tropa.desk.audit.models import Record  # noqa: E402
from tropa.desk.audit.queries import checked_log  # noqa: E402
from tropa.desk.backup.making import make_backup  # noqa: E402
from tropa.desk.backup.restoring import Wanted, restore  # noqa: E402
from tropa.desk.vault.pinned import pin_root  # noqa: E402
from tropa.envelope import (  # noqa: E402
    BEGINNING,
    PassphraseProfile,
    Recipients,
    Seed,
    hash_entry,
    key_by_passphrase,
)

MEGABYTES = 192
RECORDS = 5000
BODY = 1 << 20
WORDS = "a lock of the bench"


def main() -> None:
    """Measure in the directory that is named."""
    call_command("migrate", interactive=False, verbosity=0)
    pin_root(Seed(bytes(32)).signing().public)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filler (body BLOB)")
        for _each in range(MEGABYTES):
            cursor.execute("INSERT INTO filler VALUES (%s)", (os.urandom(BODY),))
    log = _log()
    place = Path(connection.settings_dict["NAME"])
    size = place.stat().st_size / 1e6
    archive = Path(sys.argv[1]) / "archive"
    print(
        json.dumps(
            {"backup": size / _backup(archive), "restore": size / _restore(archive, place), "log": log}
        )
    )


def _log() -> float:
    """Milliseconds for a thousand records."""
    previous, rows = BEGINNING, []
    for sequence in range(1, RECORDS + 1):
        body = os.urandom(2048)
        fresh = hash_entry(previous, sequence, body)
        rows.append(Record(sequence=sequence, sealed=body, previous=previous, hash=fresh))
        previous = fresh
    Record.objects.bulk_create(rows)
    began = time.perf_counter()
    assert checked_log().sequence == RECORDS
    return (time.perf_counter() - began) / RECORDS * 1e6


def _backup(archive: Path) -> float:
    """Seconds."""
    recipients = Recipients(passphrase=WORDS, profile=PassphraseProfile.CHEAP)
    began = time.perf_counter()
    make_backup(target=archive, recipients=recipients, now=clock.now())
    return time.perf_counter() - began


def _restore(archive: Path, place: Path) -> float:
    """Seconds; the database goes first."""
    connection.close()
    for leftover in place.parent.glob(f"{place.name}*"):
        leftover.unlink()
    wanted = Wanted(archive, lambda head: key_by_passphrase(head, WORDS, weakest=PassphraseProfile.CHEAP))
    began = time.perf_counter()
    restore(wanted=wanted, now=clock.now())
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
