"""`tropa housekeep`: does once what is due; `tropa run` calls it every few minutes, others by a
timer of theirs.
"""

from __future__ import annotations

import argparse
import os

from tropa.cli.language import gettext as _


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`tropa housekeep` takes no words."""
    parser = subparsers.add_parser("housekeep", help=_("delete what is due, call missed check-ins"))
    parser.set_defaults(run=housekeep)


def housekeep(_arguments: argparse.Namespace) -> int:
    """One round; prints nothing unless something fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
    from tropa.desk import clock
    from tropa.desk.housekeeping import keep_house

    keep_house(now=clock.now())
    return 0
