"""`tropa seizure-test`: plays the path with canaries through every entrance, then searches what a seized disk tells.

Played on SQLite and, where TROPA_DATABASE_URL names a server, on PostgreSQL in a database of its own. Kept true: the
operator's data is never touched; nothing of what was planted is written down by the test itself; whatever could not be
looked at is said. Exit code 0: nothing readable but what the threat model names; 1: something is, or it could not be
played.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tropa.cli.language import gettext as _
from tropa.cli.own_database import DatabaseRefused, own_database
from tropa.cli.rehearse import NotStarted, running, server_of_operator
from tropa.cli.seizure_beside import Beside, environment_of, keys_apart
from tropa.cli.seizure_report import say_engine, say_result
from tropa.cli.supervisor import say

if TYPE_CHECKING:
    from tropa.rehearsal.canaries import Planted

TABLE = Path(__file__).resolve().parents[3] / "docs" / "threat-model.md"
HEADS = "example/people.json"
ARCHIVE = "backup.tropa"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where one engine is played: the data directory, and what lies beside it."""

    folder: Path

    @property
    def data(self) -> Path:
        """TROPA_DATA."""
        return self.folder / "data"

    @property
    def beside(self) -> tuple[Path, Path, Path]:
        """Temporary files, what was printed, and the backup."""
        return self.folder / "temporary", self.folder / "printed", self.folder / "backups"


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa seizure-test`."""
    parser = subparsers.add_parser(
        "seizure-test", help=_("play the path, then search everything a seized disk would tell")
    )
    parser.add_argument(
        "--data", type=Path, metavar=_("DIR"), help=_("play in this new directory, and keep it")
    )
    parser.add_argument(
        "--say",
        action="append",
        metavar=_("TEXT"),
        help=_("plant this text as a message; may be given several times"),
    )
    parser.set_defaults(run=seizure_test)


def seizure_test(arguments: argparse.Namespace) -> int:
    """Play and search on each engine there is; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(143))
    if not TABLE.is_file():
        say(_("the table of clear columns, docs/threat-model.md, is not here; run this from a checkout"))
        return 1
    server = server_of_operator()
    held = True
    with _directory(arguments.data) as folder:
        for engine, address in (("SQLite", None), ("PostgreSQL", server)):
            if engine == "PostgreSQL" and server is None:
                print(_("PostgreSQL: not played, for TROPA_DATABASE_URL names no server."))
                continue
            ground = Ground(folder / engine.lower())
            say_engine(engine)
            try:
                held &= _on_engine(ground, address, arguments)
            except (NotStarted, DatabaseRefused, FileExistsError) as refused:
                say(str(refused) or _("the installation to be seized did not start (see above)"))
                held = False
    if arguments.data:
        print(_("Kept for your own tools: %s") % arguments.data.absolute())
    return 0 if held else 1


@contextlib.contextmanager
def _directory(wanted: Path | None) -> Iterator[Path]:
    if wanted is not None:
        wanted.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield wanted.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="tropa-seizure-") as folder:
        yield Path(folder)


def _on_engine(ground: Ground, server: str | None, arguments: argparse.Namespace) -> bool:
    from tropa.rehearsal.promises import Broken

    for folder in (ground.folder, *ground.beside):
        folder.mkdir(mode=0o700)
    with own_database(server, ground.data, keep=arguments.data is not None) as address:
        try:
            planted = _play(ground, address, arguments.say or ())
        except Broken as broken:
            say(_("the path could not be played to its end: %(promise)s (%(found)s)") % _told(broken))
            return False
        # what people keep in their heads lies there for the example's sake alone
        (ground.data / HEADS).unlink()
        return say_result(_examined(ground, address, planted))


def _told(broken: Any) -> dict[str, str]:
    return {"promise": broken.promise, "found": broken.found}


def _play(ground: Ground, address: str | None, texts: Sequence[str]) -> Planted:
    from tropa.rehearsal.planting import play_planted
    from tropa.rehearsal.promises import Promises

    temporary, printed, backups = ground.beside
    promises = Promises(lambda _promise: None)
    with (printed / "errors").open("wb") as errors, keys_apart() as apart:
        told = {"TMPDIR": str(temporary), **apart.settings}
        with running(ground.data, address, told=told, errors=errors.fileno()) as installation:
            beside = Beside({**environment_of(ground.data, address), **told}, errors.fileno())
            beside.command("sentinel", "on")
            beside.command("push", "on")
            planted = play_planted(installation, promises, texts=texts, by_messenger=beside.messenger)
            beside.command("worker", "--begin", "--progress")
            planted.keys |= apart.keys()
            planted.words["passphrase of the backup"] = beside.back_up(backups / ARCHIVE)
            return planted


def _examined(ground: Ground, address: str | None, planted: Planted) -> dict[str, Any]:
    """What the examiner finds, in a process of its own; what was planted goes to it through a pipe."""
    told = {
        "words": planted.words,
        "keys": {name: key.hex() for name, key in planted.keys.items()},
        "beside": [str(folder) for folder in ground.beside],
        "table": str(TABLE),
    }
    examined = subprocess.run(
        [sys.executable, "-m", "tropa.seizure"],
        env=environment_of(ground.data, address),
        input=json.dumps(told).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(examined.stdout)
    return found
