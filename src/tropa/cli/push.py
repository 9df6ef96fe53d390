"""`tropa push on|off|run`: notices outside the page, for volunteers who want them.

Off unless switched on; switching it on says plainly what it costs, switching it off destroys the key and every
address of a browser. `run` is the one process that sends; `tropa run` starts it where there is a key and a setting.
"""

from __future__ import annotations

import argparse
import os
import signal
import threading

from tropa.cli.language import gettext as _
from tropa.cli.supervisor import say


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa push`."""
    parser = subparsers.add_parser(
        "push", help=_("neutral notices by browsers' push services, or an end to them")
    )
    words = parser.add_subparsers(required=True, metavar=_("COMMAND"))
    words.add_parser("on", help=_("make the key of push")).set_defaults(run=switch_on)
    words.add_parser("off", help=_("destroy the key and where browsers are reached")).set_defaults(
        run=switch_off
    )
    words.add_parser("run", help=_("send what is due, until stopped")).set_defaults(run=run)


def switch_on(_arguments: argparse.Namespace) -> int:
    """Make the key, and say what it means."""
    _prepare()
    from tropa.desk.push.errors import PushError
    from tropa.desk.push.key import switch_on as on
    from tropa.desk.training import in_training

    if in_training():
        say(_("nothing is sent from a training world"))
        return 1
    try:
        where = on()
    except PushError as error:
        say(str(error))
        return 1
    say(_("the key of push was written to %s") % where)
    say(
        _(
            "Name the push services in TROPA_PUSH_HOSTS and start anew; each volunteer then decides alone. A push"
            " service (Google, Mozilla, Apple, Microsoft) learns that a browser wants notices from this desk, from"
            " which network, and when there was one; never what it was about. Whoever takes the key and the database"
            " together learns at which push service each volunteer's browser is reached."
        )
    )
    return 0


def switch_off(_arguments: argparse.Namespace) -> int:
    """Destroy both halves and every subscription."""
    _prepare()
    from tropa.desk.push.key import destroy_keys
    from tropa.desk.push.services import forget_everybody

    destroy_keys()
    forget_everybody()
    say(_("push is off; its key and every address sealed to it are destroyed on this machine"))
    return 0


def run(_arguments: argparse.Namespace) -> int:
    """Send until told to stop; 1 without a key or in a training world."""
    _prepare()
    from tropa.desk.push.errors import PushError
    from tropa.gateway.errors import GatewayError
    from tropa.gateway.push.process import keep_telling

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_told: stopping.set())
    try:
        keep_telling(
            stopping=stopping,
            refused=lambda: say(_("a push service refused a notice; nothing of it is kept")),
        )
    except (PushError, GatewayError) as error:
        say(_("no notices are sent: %s") % error)
        return 1
    return 0


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
