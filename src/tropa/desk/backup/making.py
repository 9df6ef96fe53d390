"""Makes a backup: the pinned files, then the database as of one moment, sealed into one file.

The pinned files are read first. They only grow, and what they say is never ahead of the database that is copied after
them: a log's end that is not in the copy would call the copy rolled back. The wrapping keys are read after the
database, so that no case in the copy lacks its key, and the list of what was destroyed after them, so that no key is
missing without its line. The archive appears under its name when it is
whole and on the disk; until then it lies beside it, and after a failure it is gone. The desk's and the gateway's keys
are never in it.
"""

from __future__ import annotations

import io
import os
import secrets
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from tropa.desk.audit.log_end import ALARM_FILE
from tropa.desk.backup.errors import NoRoom, NothingToBackUp
from tropa.desk.backup.manifest import CASE_KEYS, CHANNELS, MANIFEST, MEMBER_NAME, PINNED, Manifest
from tropa.desk.backup.snapshots import take_snapshot
from tropa.desk.conf import conf
from tropa.desk.receipts import FILE as DESTROYED_FILE
from tropa.desk.staff.kept_slots import FILE as SLOTS_FILE
from tropa.desk.vault.pinned import ROOT_FILE, pinning_is_unfinished
from tropa.desk.vault.wrapping_keys import stored_keys
from tropa.envelope import ArchiveWriter, Recipients

FOLDER = "tropa-backup-"
PIECE = 1 << 20
NOT_COPIED = {ALARM_FILE, SLOTS_FILE}
"""An alarm is of this machine; digests of slots older or newer than the copied rows would call genuine ones changed."""


def make_backup(*, target: Path, recipients: Recipients, now: datetime) -> Manifest:
    """Write the archive. Raises NothingToBackUp, FileExistsError when `target` is there, NoRoom."""
    if not (conf.pinned / ROOT_FILE).exists() or pinning_is_unfinished():
        raise NothingToBackUp
    if target.exists():
        raise FileExistsError(target)
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with tempfile.TemporaryDirectory(prefix=FOLDER, dir=conf.data) as folder:
            manifest = _write(unfinished, Path(folder), recipients, now)
        os.link(unfinished, target)  # refused when somebody made it meanwhile; a rename would replace it
    except OSError as failed:
        if isinstance(failed, FileExistsError):
            raise
        raise NoRoom from failed
    finally:
        unfinished.unlink(missing_ok=True)
    _flush(target.parent)
    return manifest


def _write(path: Path, folder: Path, recipients: Recipients, now: datetime) -> Manifest:
    small = dict([*_small_files(conf.pinned, PINNED), *_small_files(conf.data / "channels", CHANNELS)])
    snapshot = take_snapshot(folder, now=now)
    small[CASE_KEYS] = stored_keys()
    if (conf.pinned / DESTROYED_FILE).exists():
        small[f"{PINNED}{DESTROYED_FILE}"] = (conf.pinned / DESTROYED_FILE).read_bytes()
    with open(path, "xb", opener=_private) as file:  # Path.open takes no opener
        writer = ArchiveWriter(file, recipients, random=secrets.token_bytes)
        stream: Any = writer  # a stream of tar is written, never sought or read
        with tarfile.open(fileobj=stream, mode="w|", bufsize=PIECE) as tar:
            for name, content in ((MANIFEST, snapshot.manifest.text()), *small.items()):
                _add(tar, name, len(content), io.BytesIO(content))
            for name, member in snapshot.members:
                with member.open("rb") as copied:
                    _add(tar, name, member.stat().st_size, copied)
        writer.finish()
        file.flush()
        os.fsync(file.fileno())
    return snapshot.manifest


def _small_files(folder: Path, prefix: str) -> list[tuple[str, bytes]]:
    """Files that lie outside the database and belong to it, as they are now."""
    if not folder.is_dir():
        return []
    return [
        (f"{prefix}{path.name}", path.read_bytes())
        for path in sorted(folder.iterdir())
        if MEMBER_NAME.fullmatch(path.name)
        and path.is_file()
        and path.suffix != ".new"
        and path.name not in NOT_COPIED
    ]


def _add(tar: tarfile.TarFile, name: str, size: int, content: io.BufferedIOBase) -> None:
    member = tarfile.TarInfo(name)
    member.size = size
    tar.addfile(member, content)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
