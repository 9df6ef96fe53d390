"""`tropa rehearse`: plays the whole path on this machine, in a directory of its own, and says what held.

Kept true: it never touches the operator's data. Whatever TROPA_ setting the caller has is left behind, but for the
PostgreSQL server: there it plays in a database of its own. The installation is an example world on free ports of
the loopback interface, and it is stopped at the end, however the end comes. Exit code 0: every promise held; 1: one
did not, or it could not be played.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tropa.cli.language import gettext as _
from tropa.cli.own_database import DatabaseRefused, own_database
from tropa.cli.ports import free_port
from tropa.cli.run import DEFAULT_PORT
from tropa.cli.supervisor import say, start

if TYPE_CHECKING:
    from tropa.rehearsal.world import Installation

START_PATIENCE = 600.0
STOP_PATIENCE = 30.0
SIGN_IN = re.compile(r"^sign-in: (?P<pseudonym>.+?)  password .* code: tropa example code (?P<name>\S+)$")


class NotStarted(Exception):
    """The example installation did not start; it has said why on the error stream."""


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa rehearse`."""
    parser = subparsers.add_parser("rehearse", help=_("play the whole path and check every promise"))
    parser.add_argument(
        "--data",
        type=Path,
        metavar=_("DIR"),
        help=_("play in this directory, empty or of an example, and keep it"),
    )
    parser.add_argument(
        "--say",
        action="append",
        metavar=_("TEXT"),
        help=_("what the applicant writes; may be given several times, each is a conversation"),
    )
    parser.add_argument(
        "--language", choices=("ru", "en"), help=_("the language of the pages and of the report")
    )
    parser.set_defaults(run=rehearse)


def rehearse(arguments: argparse.Namespace) -> int:
    """Play it; the exit code."""
    from tropa.rehearsal import report
    from tropa.rehearsal.language import speak
    from tropa.rehearsal.path import look_for_traces, play
    from tropa.rehearsal.promises import Broken, Promises

    # a service manager's SIGTERM ends the installation and the temporary directory too
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(143))
    speak(arguments.language)
    promises = Promises(report.say_held)
    language = arguments.language or "ru"
    with _directory(arguments.data) as data:
        try:
            with own_database(server_of_operator(), data, keep=arguments.data is not None) as database:
                with running(data, database) as installation:
                    said = play(installation, promises, texts=arguments.say or (), language=language)
                look_for_traces(installation, promises, said)
        except (NotStarted, DatabaseRefused) as refused:
            if isinstance(refused, DatabaseRefused):
                say(str(refused))
            report.say_not_started()
            return 1
        except Broken as broken:
            report.say_broken(broken)
            return 1
    report.say_all_held(len(promises.kept))
    return 0


@contextlib.contextmanager
def _directory(wanted: Path | None) -> Iterator[Path]:
    if wanted is not None:
        yield wanted.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="tropa-rehearsal-") as folder:
        yield Path(folder) / "data"


def server_of_operator() -> str | None:
    """The PostgreSQL server the operator works on."""
    return os.environ.get("TROPA_DATABASE_URL") or None


@contextlib.contextmanager
def running(
    data: Path, database: str | None, *, told: Mapping[str, str] | None = None, errors: int | None = None
) -> Iterator[Installation]:
    """An example installation in `data`, as `tropa run --example` starts it. Raises NotStarted.

    `told`: more of an environment; `errors`: an open file for what it says of errors.
    """
    command = (sys.executable, "-m", "tropa.cli", "run", "--example")
    environment = {**_environment(data, database), **(told or {})}
    process = start(command, environment, output=subprocess.PIPE, errors=errors)
    impatient = threading.Timer(START_PATIENCE, process.terminate)
    impatient.start()
    try:
        assert process.stdout is not None
        installation = _announced(process.stdout, data, database)
        impatient.cancel()
        yield installation
    finally:
        impatient.cancel()
        _stop(process)


def _environment(data: Path, database: str | None) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))}
    port = free_port(DEFAULT_PORT, avoid=frozenset({DEFAULT_PORT, DEFAULT_PORT + 1}))
    told = {**clean, "TROPA_DATA": str(data), "TROPA_PORT": str(port)}
    return told | ({"TROPA_DATABASE_URL": database} if database else {})


def _announced(printed: IO[bytes], data: Path, database: str | None) -> Installation:
    """What `tropa run` prints when both sites answer, with the secrets of the people it names."""
    from tropa.rehearsal.world import Installation, SignIn

    drop, desk = (_line(printed, name) for name in ("drop: ", "desk: "))
    try:
        kept = json.loads((data / "example" / "people.json").read_text(encoding="utf-8"))
    except OSError:
        raise NotStarted from None
    people = []
    for _person in kept:
        found = SIGN_IN.match(_line(printed, ""))
        if found is None or found["name"] not in kept:
            raise NotStarted
        own = kept[found["name"]]
        people.append(
            SignIn(found["pseudonym"], own["password"], own["passphrase"], bytes.fromhex(own["totp"]))
        )
    return Installation(
        drop=drop.rstrip("/"), desk=desk.rstrip("/"), data=data, people=people, database=database
    )


def _line(printed: IO[bytes], name: str) -> str:
    line = printed.readline().decode()
    if not line.startswith(name) or not line.endswith("\n"):
        raise NotStarted
    return line.removeprefix(name).strip()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
