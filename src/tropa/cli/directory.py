"""The data directory: private to its owner, used by one supervisor at a time, and never both real and
example.

An example world is marked by a file. A directory with the mark is refused for real work, and a directory
that holds anything else is refused for the example world: neither can start in the other's place by
accident. A directory made for training carries a second mark; see `tropa.desk.training` for what it shuts.
"""

import fcntl
import os
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tropa.cli.language import gettext as _

EXAMPLE_MARK = "example-world"
TRAINING_MARK = "training-world"
LOCK = "supervisor.lock"


class DirectoryRefused(Exception):
    """The directory does not fit what is asked; the message says why and what to do."""


def default_data_directory() -> Path:
    """`var/tropa/` in a checkout; for an installed package, `tropa` in the user's data directory."""
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "pyproject.toml").is_file():
        return checkout / "var" / "tropa"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "tropa"


def open_directory(path: Path, *, example: bool, training: bool = False) -> None:
    """Make the directory if need be, close it to everybody else, and check that its world is the one asked
    for. A training world is an example world from its first moment on, and stays one.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    mark = path / EXAMPLE_MARK
    if example and not mark.exists():
        if any(entry.name != LOCK for entry in path.iterdir()):
            raise DirectoryRefused(
                _("%s is in use and holds no example world; name an empty directory in TROPA_DATA") % path
            )
        if training:
            (path / TRAINING_MARK).write_text("nothing leaves from here\n")
        mark.write_text("synthetic people only\n")
    if training and not (path / TRAINING_MARK).exists():
        raise DirectoryRefused(
            _("%s was not made for training; name an empty directory in TROPA_DATA") % path
        )
    if not example and mark.exists():
        raise DirectoryRefused(_("%s holds the example world; name another directory in TROPA_DATA") % path)


def check_database(url: str | None, *, example: bool) -> None:
    """A database on a server carries no mark of ours, so its name tells: the example's ends in `example`."""
    if url is None or urlsplit(url).path.endswith("example") == example:
        return
    if example:
        raise DirectoryRefused(
            _("the example world is put only into a database whose name ends in `example`")
        )
    raise DirectoryRefused(_("a database whose name ends in `example` is kept for the example world"))


def lock_directory(path: Path) -> IO[str]:
    """Hold the directory until the returned file is closed or this process ends, however it ends."""
    lock = (path / LOCK).open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise DirectoryRefused(_("another `tropa run` is using %s") % path) from None
    return lock
