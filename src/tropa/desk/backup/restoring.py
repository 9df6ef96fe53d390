"""Puts a backup back on a machine that has no database: all of it or nothing.

The archive is verified to its end before anything is looked at. Then, still beside the data or inside one transaction:
tables are brought up to date, whatever was destroyed since is destroyed again, and the signed log is held against every
checkpoint there is, so that an older state is not taken for the latest. Only then do pinned files, wrapping keys and
database appear. Pinned files that are here already stay: they know more than the backup. Of the wrapping keys only
those of cases that are still there come back.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.log_end import KeptEnd, keep_end, read_end
from tropa.desk.audit.queries import checked_log
from tropa.desk.audit.services import record
from tropa.desk.backup.errors import NoRoom, NotABackup, NotEmpty, OtherEngine, OtherRoot, TooOld
from tropa.desk.backup.loading import known_migrations, load_tables
from tropa.desk.backup.making import FOLDER
from tropa.desk.backup.manifest import CASE_KEYS, CHANNELS, DATABASE
from tropa.desk.backup.unpacking import KeyOf, Unpacked, unpack
from tropa.desk.conf import conf
from tropa.desk.receipts import FILE as DESTROYED_FILE
from tropa.desk.retention.destroying import destroy_again
from tropa.desk.staff.kept_slots import booked_anew
from tropa.desk.vault.key_store import KeyStore, digest_of, put_records, take_records
from tropa.desk.vault.models import CaseKey
from tropa.desk.vault.pinned import ROOT_FILE
from tropa.envelope import BrokenLog, Checkpoint


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands now: when the backup was taken, how much was destroyed again or is lost, and where the log ends."""

    taken: datetime
    destroyed_again: int
    without_key: int  # cases whose wrapping key is neither here nor in the backup: nobody opens them any more
    end: Checkpoint


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be restored, and what it is held against."""

    archive: Path
    key_of: KeyOf
    checkpoints: Sequence[Checkpoint] = ()
    accept_older: bool = False


def restore(*, wanted: Wanted, now: datetime) -> Restored:
    """Put the backup back. Raises a BackupError, after which nothing has changed."""
    require_empty()
    with tempfile.TemporaryDirectory(prefix=FOLDER, dir=conf.data) as folder:
        unpacked = unpack(wanted.archive, Path(folder), wanted.key_of)
        _fits(unpacked, wanted, now)
        put: list[Path] = []
        keys: list[bytes] = []
        try:
            with _database_of(unpacked):
                destroyed = _destroy_again(unpacked)
                _held_against(unpacked, wanted)
                _put_pinned(unpacked, put)
                lost = _put_keys(unpacked, put, keys)
                put.append(slots := booked_anew())
                end = _write_down(unpacked, wanted, now)
        except BaseException as failed:
            if keys and conf.case_keys not in put:
                take_records(conf.case_keys, keys)
            _take_back(put)
            if isinstance(failed, OSError):
                raise NoRoom from failed
            raise
    slots.replace(slots.with_suffix(""))
    _flush(conf.pinned)
    return Restored(unpacked.manifest.taken, destroyed, lost, end)


def require_empty() -> None:
    """Return if no database lies where one would be put. Raises NotEmpty."""
    if connection.vendor == "sqlite":
        if Path(connection.settings_dict["NAME"]).exists():
            raise NotEmpty
    elif connection.introspection.table_names():
        raise NotEmpty


def _fits(unpacked: Unpacked, wanted: Wanted, now: datetime) -> None:
    manifest = unpacked.manifest
    if manifest.engine != connection.vendor:
        raise OtherEngine
    if not set(manifest.migrations) <= known_migrations():
        raise NotABackup
    root = unpacked.pinned / ROOT_FILE
    if not root.exists() or (manifest.engine == "sqlite" and not (unpacked.folder / DATABASE).exists()):
        raise NotABackup
    here = conf.pinned / ROOT_FILE
    if here.exists() and here.read_text(encoding="ascii").strip() != root.read_text(encoding="ascii").strip():
        raise OtherRoot
    if manifest.taken + timedelta(days=conf.backup_days) < now and not wanted.accept_older:
        raise TooOld


@contextmanager
def _database_of(unpacked: Unpacked) -> Iterator[None]:
    """Django's database is the backup's, up to date; it takes its place when the block ends well."""
    if connection.vendor == "sqlite":
        place = connection.settings_dict["NAME"]
        staged = unpacked.folder / DATABASE
        connection.close()
        connection.settings_dict["NAME"] = staged
        try:
            call_command("migrate", interactive=False, verbosity=0)
            yield
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
            connection.settings_dict["NAME"] = place
        _flush(staged)
        staged.rename(place)
        _flush(Path(place).parent)
        return
    with transaction.atomic():
        load_tables(unpacked)
        with connection.cursor() as cursor:
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # tables with checks still to come cannot be altered
        call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # deletions go table by table again
        yield


def _destroy_again(unpacked: Unpacked) -> int:
    """Destroy what either set of pinned files says was destroyed. How many things."""
    known: set[bytes] = set()
    for path in (conf.pinned / DESTROYED_FILE, unpacked.pinned / DESTROYED_FILE):
        if path.exists():
            known.update(path.read_bytes().split())
    return destroy_again(known=known)


def _held_against(unpacked: Unpacked, wanted: Wanted) -> None:
    """Return if the log holds everything that was kept, or older was accepted. Raises TooOld."""
    ends = [read_end(folder) for folder in (conf.pinned, unpacked.pinned)]
    try:
        checked_log([*wanted.checkpoints, *(end.checkpoint for end in ends if end)])
    except BrokenLog:
        if not wanted.accept_older:
            raise TooOld from None


def _put_pinned(unpacked: Unpacked, put: list[Path]) -> None:
    """Files that are not here yet, root last: a folder without it is no organisation's. `put` names each."""
    for source, target in (
        (unpacked.pinned, conf.pinned),
        (unpacked.folder / CHANNELS, conf.data / "channels"),
    ):
        files = sorted(source.iterdir(), key=lambda path: path.name == ROOT_FILE)
        if files:
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in files:
            if not (target / path.name).exists():
                fresh = target / f"{path.name}.new"
                put += [fresh, target / path.name]
                shutil.copyfile(path, fresh)
                fresh.chmod(0o600)
                _flush(fresh)
                fresh.replace(target / path.name)
        if files:
            _flush(target)


def _put_keys(unpacked: Unpacked, put: list[Path], keys: list[bytes]) -> int:
    """The wrapping keys of the cases that are there, unless they are here; how many cases have none. `put` names the
    file if it is new, `keys` what came into it.
    """
    cases = list(CaseKey.objects.values_list("case_id", flat=True).distinct())
    wanted = {digest_of(case_id) for case_id in cases}
    path = unpacked.folder / CASE_KEYS
    if not conf.case_keys.exists():
        put.append(conf.case_keys)
    content = path.read_bytes() if path.exists() else b""
    keys += put_records(conf.case_keys, content, without=lambda digest: digest not in wanted)
    return len(cases) - len(KeyStore(conf.case_keys).keys(cases))


def _take_back(put: Sequence[Path]) -> None:
    """What was put here goes again, and folders that are empty then."""
    for path in put:
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in put}:
        if not any(folder.iterdir()):
            folder.rmdir()


def _write_down(unpacked: Unpacked, wanted: Wanted, now: datetime) -> Checkpoint:
    """The act in the log; an end that the restored log does not hold is no end of it any more."""
    detail = {"taken": unpacked.manifest.taken.isoformat(timespec="hours")}
    if wanted.accept_older:
        detail["older"] = "accepted"
    last = record(reader=None, act=Act.RESTORED, detail=detail, now=now)
    end = Checkpoint(last.sequence, bytes(last.hash))
    if wanted.accept_older:
        keep_end(KeptEnd(end, now.date()))
    return end


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
