"""`tropa sentinel on|off`: whether workers may read plan facts while nobody is there.

Off unless switched on. Switching it on says plainly what it costs; switching it off destroys the key and everything
that was sealed to it.
"""

from __future__ import annotations

import argparse
import os

from tropa.cli.language import gettext as _
from tropa.cli.supervisor import say


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa sentinel`."""
    parser = subparsers.add_parser("sentinel", help=_("let workers read plan facts unattended, or end that"))
    words = parser.add_subparsers(required=True, metavar=_("COMMAND"))
    words.add_parser("on", help=_("make the sentinel's key")).set_defaults(run=switch_on)
    words.add_parser("off", help=_("destroy the key and everything sealed to it")).set_defaults(
        run=switch_off
    )


def switch_on(_arguments: argparse.Namespace) -> int:
    """Make the key, and say what it means."""
    _prepare()
    from tropa.desk.work.errors import WorkError
    from tropa.desk.work.sentinel import switch_on as on

    try:
        where = on()
    except WorkError as error:
        say(str(error))
        return 1
    say(_("the sentinel's key was written to %s") % where)
    say(
        _(
            "From now on plan facts (places, papers, money, who travels along; no names, no messages) are sealed a"
            " second time, to this key. Whoever takes the key and the database together reads them without anybody's"
            " passphrase: keep the key off the machines that serve pages and off their disks. A case's facts are"
            " copied when they are next opened or saved."
        )
    )
    return 0


def switch_off(_arguments: argparse.Namespace) -> int:
    """Destroy both halves and every copy."""
    _prepare()
    from tropa.desk.work.rounds import switch_off as off

    off()
    say(_("the sentinel is off; its key and everything sealed to it are destroyed on this machine"))
    return 0


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
