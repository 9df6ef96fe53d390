"""`tropa run`: drop, desk and housekeeping on this machine, with an empty hardened desk or an example world.

Kept true: the example world starts only when asked for by `--example`, in a directory of its own; a pinned
day (`--as-of`) is refused outside it, because facts are judged by the real date wherever a real person
depends on them. The addresses are printed when both sites answer, one a line, and are the same for programs
and people.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tropa.cli.directory import (
    TRAINING_MARK,
    DirectoryRefused,
    check_database,
    lock_directory,
    open_directory,
)
from tropa.cli.language import gettext as _
from tropa.cli.lifeline import harden
from tropa.cli.onion_service import OnionPlace, OnionRefused, check, command, place_of
from tropa.cli.ports import LOOPBACK, PortRefused, answers, free_port, port_setting
from tropa.cli.supervisor import Chore, Service, Supervisor, block_signals, say, start

DEFAULT_PORT = 8400
EXAMPLE_DAY = date(2026, 11, 22)  # the day on which the shipped pack counts as reviewed
HOUSEKEEPING_EVERY = 300.0
SOMEBODY_WRITES_EVERY = 180.0
START_PATIENCE = 300.0
TROPA = (sys.executable, "-m", "tropa.cli")


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the two sites listen; the drop on 127.0.0.1, or on a unix socket when there is an onion service; the desk
    on localhost, so that passkeys work.
    """

    drop: int
    desk: int
    live: int
    onion: OnionPlace | None = None

    @property
    def drop_url(self) -> str:
        return (self.onion and self.onion.url) or f"http://{LOOPBACK}:{self.drop}/"

    @property
    def drop_command(self) -> tuple[str, ...]:
        """What serves the drop there."""
        where = ("--socket", str(self.onion.socket)) if self.onion else ("--port", str(self.drop))
        return (*TROPA, "serve", "drop", *where)

    @property
    def desk_url(self) -> str:
        return f"http://localhost:{self.desk}/"


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("run", help=_("start the drop and the desk on this machine"))
    parser.add_argument(
        "--example", action="store_true", help=_("start with an example world of synthetic people")
    )
    parser.add_argument(
        "--training",
        action="store_true",
        help=_("start with an example world in which invented people go on writing; nothing can leave it"),
    )
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar=_("DAY"),
        help=_("judge facts as on this day (YYYY-MM-DD); with --example only, where it is %s unless named")
        % EXAMPLE_DAY,
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Start everything and watch over it until SIGTERM or SIGINT; returns 0 then, 1 when it could not
    start.
    """
    training = arguments.training
    example = arguments.example or training
    if arguments.as_of and not example:
        say(_("--as-of is refused without --example: a real desk judges facts by the real date"))
        return 2
    harden()
    directory = Path(os.environ["TROPA_DATA"]).absolute()
    try:
        check_database(os.environ.get("TROPA_DATABASE_URL"), example=example)
        ports = choose_ports(os.environ, directory)
        open_directory(directory, example=example, training=training)
        refuse_onion_in_training(directory, ports)
        lock = lock_directory(directory)
    except (DirectoryRefused, PortRefused, OnionRefused) as refused:
        say(str(refused))
        return 1
    with lock:
        as_of = (arguments.as_of or EXAMPLE_DAY) if example else None
        return watch(children_environment(os.environ, directory, ports, as_of), ports, example=example)


def choose_ports(environment: Mapping[str, str], directory: Path) -> Ports:
    """The ports asked for in TROPA_PORT, TROPA_DESK_PORT and TROPA_LIVE_PORT, each replaced by a free one when it is
    taken; and the onion service that was made here. Raises PortRefused, OnionRefused.
    """
    wanted = port_setting(environment, "TROPA_PORT", DEFAULT_PORT)
    wanted_by_desk = port_setting(environment, "TROPA_DESK_PORT", min(wanted + 1, 65535))
    drop = free_port(wanted)
    desk = free_port(wanted_by_desk, avoid=frozenset({drop}))
    wanted_by_live = port_setting(environment, "TROPA_LIVE_PORT", min(desk + 1, 65535))
    live = free_port(wanted_by_live, avoid=frozenset({drop, desk}))
    onion = place_of(environment, directory)
    if onion.there:
        check(onion)
    return Ports(drop=drop, desk=desk, live=live, onion=onion if onion.there else None)


def refuse_onion_in_training(directory: Path, ports: Ports) -> None:
    """Nobody from outside shall write to invented volunteers. Raises DirectoryRefused."""
    if ports.onion and (directory / TRAINING_MARK).exists():
        raise DirectoryRefused(_("a training world is never published; take the onion service away first"))


def children_environment(
    environment: Mapping[str, str], directory: Path, ports: Ports, as_of: date | None
) -> dict[str, str]:
    """What the children are told. Whatever the caller's own environment says, an example world is never
    implied.
    """
    told = {
        name: value for name, value in environment.items() if name not in {"TROPA_EXAMPLE", "TROPA_AS_OF"}
    }
    told |= {
        "TROPA_DATA": str(directory),
        "TROPA_PORT": str(ports.drop),
        "TROPA_DESK_PORT": str(ports.desk),
        "TROPA_DROP_URL": environment.get("TROPA_DROP_URL") or ports.drop_url,
        "TROPA_DESK_URL": environment.get("TROPA_DESK_URL") or ports.desk_url,
        "TROPA_LIVE_URL": environment.get("TROPA_LIVE_URL") or f"http://localhost:{ports.live}",
        "TROPA_LIVE_KEY": os.urandom(32).hex(),
        # glibc would keep a memory arena for every thread that ever allocated
        "MALLOC_ARENA_MAX": "2",
    }
    if as_of is not None:
        told |= {"TROPA_EXAMPLE": "1", "TROPA_AS_OF": as_of.isoformat()}
    return told


def watch(environment: Mapping[str, str], ports: Ports, *, example: bool) -> int:
    """Prepare the database, start the services, print where they are, and keep them running."""
    block_signals()
    prepared = prepare(environment, example=example)
    if prepared is None:
        return 1
    supervisor = Supervisor(environment, say=say)
    supervisor.add(Service("drop", ports.drop_command))
    supervisor.add(Service("live", (*TROPA, "serve", "live", "--port", str(ports.live))))
    if ports.onion:
        supervisor.add(Service("onion", command(ports.onion)))
    supervisor.add(Service("desk", (*TROPA, "serve", "desk", "--port", str(ports.desk))))
    directory = Path(environment["TROPA_DATA"])
    if (directory / TRAINING_MARK).exists():
        supervisor.add(Chore("people", (*TROPA, "example", "write"), every=SOMEBODY_WRITES_EVERY), after=30.0)
    for account in messenger_accounts(directory):
        supervisor.add(Service(f"channel {account}", (*TROPA, "channel", "run", account)))
    if sends_notices(environment):
        supervisor.add(Service("push", (*TROPA, "push", "run")))
    supervisor.add(Chore("housekeeping", (*TROPA, "housekeep"), every=HOUSEKEEPING_EVERY), after=5.0)
    try:
        deadline = time.monotonic() + START_PATIENCE
        started = supervisor.run(until=lambda: both_answer(ports) or time.monotonic() > deadline)
        if started and not both_answer(ports):
            say(_("the sites did not answer within %d s") % START_PATIENCE)
            return 1
        if started:
            announce(ports, prepared)
            supervisor.run()
    finally:
        supervisor.stop()
    return 0


def messenger_accounts(directory: Path) -> list[str]:
    """The accounts `tropa channel add` has stored here, by name; none on a fresh installation, nor in training."""
    if (directory / TRAINING_MARK).exists():
        return []
    return sorted(path.stem for path in (directory / "channels").glob("*.account"))


def sends_notices(environment: Mapping[str, str]) -> bool:
    """Whether there is a key of push and a push service; never in an example world, and so never in training."""
    data = Path(environment["TROPA_DATA"])
    pinned = Path(environment.get("TROPA_PINNED") or data / "pinned")
    asked = bool(environment.get("TROPA_PUSH_HOSTS")) and "TROPA_EXAMPLE" not in environment
    return asked and not (data / TRAINING_MARK).exists() and (pinned / "push.public").exists()


def prepare(environment: Mapping[str, str], *, example: bool) -> str | None:
    """Bring the database up to date, and the example world into it; returns what is to be printed, None on
    failure.
    """
    migrate = (sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity", "0")
    command = (*TROPA, "example", "prepare") if example else migrate
    told = {**environment, "DJANGO_SETTINGS_MODULE": "tropa.desk.settings"}
    process = start(command, told, output=subprocess.PIPE)
    printed, _nothing = process.communicate()
    if process.returncode:
        say(_("the database could not be prepared (see above)"))
        return None
    return printed.decode()


def both_answer(ports: Ports) -> bool:
    return answers(ports.onion.socket if ports.onion else ports.drop) and answers(ports.desk)


def announce(ports: Ports, prepared: str) -> None:
    """The addresses, then what the preparation printed: the example sign-ins, one a line."""
    print(f"drop: {ports.drop_url}")
    print(f"desk: {ports.desk_url}")
    print(prepared, end="", flush=True)
