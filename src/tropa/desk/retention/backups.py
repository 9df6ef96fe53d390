"""Backups go by their days too: what was destroyed in the desk lives on in every archive made before.

Only archives in the one folder that is set, by their name, and by the moment they were written: nothing else there is
touched, no link is followed, and one that cannot be taken away is left to the next round.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_ISREG

from tropa.desk.conf import conf

ENDS = ".tropa"


def destroy_backups(folder: Path | None, *, now: datetime) -> int:
    """Archives written longer ago than backups last; how many went."""
    if folder is None or not folder.is_dir():
        return 0
    gone = 0
    for path in sorted(folder.iterdir()):
        with suppress(OSError):
            told = path.lstat()
            written = datetime.fromtimestamp(told.st_mtime, UTC)
            if (
                path.suffix == ENDS
                and S_ISREG(told.st_mode)
                and written + timedelta(days=conf.backup_days) < now
            ):
                path.unlink()
                gone += 1
    return gone
