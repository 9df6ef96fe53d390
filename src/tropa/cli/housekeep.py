"""`tropa housekeep`: does once what is due; `tropa run` calls it every few minutes, others by a
timer of theirs.
"""

from __future__ import annotations

import argparse
import os

from tropa.cli.language import gettext as _
from tropa.cli.supervisor import say


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`tropa housekeep` takes no words."""
    parser = subparsers.add_parser("housekeep", help=_("delete what is due, call missed check-ins"))
    parser.set_defaults(run=housekeep)


def housekeep(_arguments: argparse.Namespace) -> int:
    """One round; prints nothing unless something is wrong, and then exits with 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
    from tropa.desk import clock
    from tropa.desk.housekeeping import keep_house

    keep_house(now=clock.now())
    return _kept_log()


def _kept_log() -> int:
    """Verify the signed log and keep its end outside the database."""
    from tropa.cli.audit import told
    from tropa.desk import clock
    from tropa.desk.audit.errors import EndDamaged
    from tropa.desk.audit.log_end import tend_log
    from tropa.envelope import BrokenLog

    try:
        tend_log(today=clock.now().date())
    except BrokenLog as broken:
        say(told(broken))
        return 1
    except EndDamaged:
        say(_("the file audit-end in the pinned directory is damaged: nothing says where the log ended"))
        return 1
    return 0
