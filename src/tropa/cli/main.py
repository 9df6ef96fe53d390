"""The `tropa` command: finds the one module a command lives in and loads only that one.

Each module in `COMMANDS` offers `add_commands(subparsers)`; it adds its parser and names the function that
does the work with `set_defaults(run=function)`; the function takes the parsed arguments and returns an exit
code. `tropa run` must stay small in memory for as long as Tropa runs, so nothing else is imported for it.
"""

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tropa.cli.directory import default_data_directory
from tropa.cli.language import gettext as _
from tropa.cli.language import gettext_noop


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `tropa`: the module that knows it and the line `tropa --help` says about it."""

    module: str
    summary: str


COMMANDS = {
    "run": Command("tropa.cli.run", gettext_noop("start the drop and the desk on this machine")),
    "serve": Command(
        "tropa.cli.serve", gettext_noop("serve the drop or the desk alone, for service managers")
    ),
    "plan": Command("tropa.cli.plan", gettext_noop("compute plans for persons in files")),
    "interview": Command(
        "tropa.cli.interview", gettext_noop("ask a few questions and say what follows, with dates")
    ),
    "replan": Command(
        "tropa.cli.replan", gettext_noop("say what a change of facts does to everybody's plans")
    ),
    "worker": Command(
        "tropa.cli.worker", gettext_noop("plan everybody anew after facts changed; several may run")
    ),
    "sentinel": Command(
        "tropa.cli.sentinel", gettext_noop("let workers read plan facts unattended, or end that")
    ),
    "push": Command(
        "tropa.cli.push", gettext_noop("neutral notices by browsers' push services, or an end to them")
    ),
    "planner": Command("tropa.cli.plan", gettext_noop("care for the planner: warm it up")),
    "atlas": Command("tropa.cli.atlas", gettext_noop("check an atlas pack and say what it covers")),
    "answers": Command(
        "tropa.cli.answers", gettext_noop("the answer library: what it finds, recognises and holds")
    ),
    "example": Command("tropa.cli.example", gettext_noop("the example world: its people and their codes")),
    "rehearse": Command("tropa.cli.rehearse", gettext_noop("play the whole path and check every promise")),
    "simulate": Command(
        "tropa.cli.simulate", gettext_noop("play a day of drawn people through the real services")
    ),
    "seizure-test": Command(
        "tropa.cli.seizure_test",
        gettext_noop("play the path, then search everything a seized disk would tell"),
    ),
    "channel": Command("tropa.cli.channel", gettext_noop("messengers: add, list, test and run accounts")),
    "contacts": Command(
        "tropa.cli.contacts", gettext_noop("our signed contact points: write the file, check one")
    ),
    "onion": Command("tropa.cli.onion", gettext_noop("the drop as an onion service: make, check, address")),
    "audit": Command("tropa.cli.audit", gettext_noop("verify the signed log, and give checkpoints to keep")),
    "backup": Command(
        "tropa.cli.backup", gettext_noop("write one sealed archive of everything that is stored")
    ),
    "restore": Command("tropa.cli.restore", gettext_noop("put a backup back where no database is")),
    "housekeep": Command("tropa.cli.housekeep", gettext_noop("delete what is due, call missed check-ins")),
    "ceremony": Command(
        "tropa.cli.ceremony", gettext_noop("set up an empty desk: root key and first coordinator")
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 refused or failed, 2 misused, 130 interrupted)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("TROPA_DATA", str(default_data_directory()))
    parsed = parser_for(words).parse_args(words)
    work: Callable[[argparse.Namespace], int | None] | None = getattr(parsed, "run", None)
    if work is None:
        parser_for(words).print_help()
        return 2
    try:
        return work(parsed) or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read us has enough: `tropa ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """A parser that knows every command's name, and in full only the command asked for."""
    parser = argparse.ArgumentParser(prog="tropa", description=_("The desk for helping people out of a war."))
    subparsers = parser.add_subparsers(metavar=_("COMMAND"), title=_("commands"))
    asked = next((word for word in words if not word.startswith("-")), None)
    if asked in COMMANDS:
        importlib.import_module(COMMANDS[asked].module).add_commands(subparsers)
        return parser
    for name, command in COMMANDS.items():
        if importlib.util.find_spec(command.module) is not None:
            subparsers.add_parser(name, help=_(command.summary), add_help=False)
    return parser
