"""`tropa ceremony` sets up an organisation at this terminal; `tropa ceremony rehearse` tries its recovery,
`tropa ceremony recover` does it, and `tropa ceremony publishing` certifies keys for lists of contact points.

Refused: a directory of the example world, a directory where an organisation stands, and an output that is not
a terminal, for shares printed into a file would lie on the disk. Nothing is written before the last question
is answered.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tropa.cli.directory import DirectoryRefused, check_database, open_directory
from tropa.cli.language import gettext as _
from tropa.cli.lifeline import harden
from tropa.cli.supervisor import say

if TYPE_CHECKING:
    from tropa.cli.ceremony.terminal import Terminal


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa ceremony`."""
    parser = subparsers.add_parser("ceremony", help=_("set up an empty desk: root key and first coordinator"))
    parser.set_defaults(run=hold, without_terminal=False)
    words = parser.add_subparsers(metavar=_("COMMAND"))
    recovery = words.add_parser(
        "rehearse", help=_("join shares and open everything with them, on a copy; changes nothing")
    )
    recovery.set_defaults(run=rehearse)
    recovering = words.add_parser(
        "recover",
        help=_("join shares and make a coordinator who can open everything; for when nobody else can"),
    )
    recovering.set_defaults(run=recover)
    publishing = words.add_parser(
        "publishing", help=_("join the root's shares and certify keys that sign the list of contact points")
    )
    publishing.set_defaults(run=certify)
    for one in (parser, recovery, recovering, publishing):
        one.add_argument(
            "--without-terminal",
            action="store_true",
            default=argparse.SUPPRESS,
            help=_("read answers as lines and print shares to wherever the output goes; for tests alone"),
        )


def hold(arguments: argparse.Namespace) -> int:
    """Hold the ceremony; 0 when an organisation was founded, 1 when it was not."""

    def held(terminal: Terminal) -> int:
        from tropa.cli.ceremony.founding import hold_ceremony

        return hold_ceremony(terminal)

    return _hold_here(arguments, held)


def rehearse(arguments: argparse.Namespace) -> int:
    """Rehearse recovery; 0 when everything opened."""
    harden()
    if not _at_a_terminal(arguments):
        return 1
    from tropa.cli.ceremony.copy import NothingToCopy, copied
    from tropa.cli.ceremony.terminal import terminal_here

    try:
        with copied(Path(os.environ["TROPA_DATA"]).absolute()) as copy:
            os.environ["TROPA_DATA"] = str(copy)
            _set_up_django()
            from tropa.cli.ceremony.rehearsal import rehearse_recovery

            return rehearse_recovery(terminal_here())
    except NothingToCopy as refused:
        say(str(refused))
        return 1


def recover(arguments: argparse.Namespace) -> int:
    """Recover the organisation; 0 when a new coordinator can open what there is, 1 when nothing was changed."""

    def held(terminal: Terminal) -> int:
        from tropa.cli.ceremony.recovering import hold_recovery

        return hold_recovery(terminal)

    return _hold_here(arguments, held)


def certify(arguments: argparse.Namespace) -> int:
    """Certify publishing keys that wait; 0 when the root key was joined and all were gone through."""

    def held(terminal: Terminal) -> int:
        from tropa.cli.ceremony.publishing import hold_publishing

        return hold_publishing(terminal)

    return _hold_here(arguments, held)


def _hold_here(arguments: argparse.Namespace, held: Callable[[Terminal], int]) -> int:
    """A ceremony in the real directory, alone there; 1 when it could not begin."""
    harden()
    directory = Path(os.environ["TROPA_DATA"]).absolute()
    if not _at_a_terminal(arguments):
        return 1
    try:
        check_database(os.environ.get("TROPA_DATABASE_URL"), example=False)
        open_directory(directory, example=False)
    except DirectoryRefused as refused:
        say(str(refused))
        return 1
    from tropa.cli.ceremony.alone import DirectoryInUse, alone_in
    from tropa.cli.ceremony.terminal import terminal_here

    try:
        with alone_in(directory):
            _set_up_django()
            return _held_to_the_end(held, terminal_here())
    except DirectoryInUse:
        say(_("another ceremony is being held in %s") % directory)
        return 1


def _held_to_the_end(held: Callable[[Terminal], int], terminal: Terminal) -> int:
    """Its exit code; 1 and a sentence when the disk is full."""
    from django.db import OperationalError

    try:
        return held(terminal)
    except (OSError, OperationalError):
        terminal.say()
        terminal.say(
            _(
                "The disk or the database took no more: is the disk full? The act was done whole or not at "
                "all. Begin again once there is room; what stands is said then."
            )
        )
        return 1


def _at_a_terminal(arguments: argparse.Namespace) -> bool:
    if arguments.without_terminal or (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    say(_("the ceremony is held at a terminal: shares printed into a file would lie on the disk"))
    return False


def _set_up_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tropa.desk.settings"
    os.environ.pop("TROPA_EXAMPLE", None)
    os.environ.pop("TROPA_AS_OF", None)
    import django

    django.setup()
