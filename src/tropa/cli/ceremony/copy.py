"""A copy of a data directory to rehearse on: the database as of one moment, the wrapping keys, and the pinned public
keys.

The copy holds nothing that the original does not hold sealed, and it is removed at the end. Service keys are
left out: recovery needs none.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tropa.cli.language import gettext as _

DATABASE = "tropa.sqlite3"
PINNED = "pinned"
CASE_KEYS = "case-keys"


class NothingToCopy(Exception):
    """No organisation lies there; the sentence names the place."""


@contextmanager
def copied(directory: Path) -> Iterator[Path]:
    """A private folder with the copy; the running desk is not disturbed. Raises NothingToCopy."""
    if not (directory / PINNED).is_dir():
        raise NothingToCopy(_("no organisation has been founded in %s") % directory)
    with tempfile.TemporaryDirectory(prefix="tropa-rehearsal-") as folder:
        target = Path(folder)
        shutil.copytree(directory / PINNED, target / PINNED)
        if (directory / DATABASE).exists():
            _copy_database(directory / DATABASE, target / DATABASE)
        if (directory / CASE_KEYS).exists():
            shutil.copyfile(directory / CASE_KEYS, target / CASE_KEYS)
        yield target


def _copy_database(source: Path, target: Path) -> None:
    # where nobody has the database open, a connection that may write takes its own log away at the end, and
    # one that may only read would leave it; where somebody has, reading alone disturbs nobody
    mode = "ro" if source.with_name(f"{source.name}-wal").exists() else "rw"
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode={mode}", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)
