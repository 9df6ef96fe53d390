"""`tropa worker`: plans everybody anew after facts changed, from the queue, until told to stop.

As many as wanted may run, on any machines that reach the database, the pinned directory and the sentinel's key. Each
takes a few cases at a time, the worst first; one that is killed loses nothing. Prints numbers only.
"""

from __future__ import annotations

import argparse
import os
import signal
import threading

from tropa.cli.language import gettext as _
from tropa.cli.language import ngettext
from tropa.cli.supervisor import say

IDLE_SECONDS = 5.0


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The words after `tropa worker`."""
    parser = subparsers.add_parser("worker", help=_("plan everybody anew after facts changed"))
    parser.add_argument("--until-empty", action="store_true", help=_("end when nothing waits any more"))
    parser.add_argument("--begin", action="store_true", help=_("put every case in line first"))
    parser.add_argument("--progress", action="store_true", help=_("only say how far the work is"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Work; 1 if there is no sentinel's key to work with, or something could not be planned."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
    from tropa.desk.work.errors import WorkError
    from tropa.desk.work.rounds import begin_round
    from tropa.desk.work.sentinel import sentinel_seed

    if arguments.progress and not arguments.begin:
        return _said_progress()
    try:
        seed = sentinel_seed()
    except WorkError as error:
        say(_("nothing can be planned unattended: %s") % error)
        return 1
    if arguments.begin:
        begin_round()
    if arguments.progress:
        return _said_progress()
    from tropa.desk.work.replanning import Worker

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_told: stopping.set())
    worker = Worker(seed)
    while not stopping.is_set():
        if worker.work(stop=stopping.is_set):
            continue
        if arguments.until_empty and _nothing_waits():
            break
        stopping.wait(IDLE_SECONDS if not arguments.until_empty else 0.2)
    return _said_progress()


def _nothing_waits() -> bool:
    from tropa.desk.work.queue import progress

    return progress().waiting == 0


def _said_progress() -> int:
    from tropa.desk.work.queue import progress

    now = progress()
    if now.day is None:
        say(_("nobody was to be planned anew so far"))
        return 0
    say(
        ngettext(
            "planned anew: %(done)d of %(total)d case", "planned anew: %(done)d of %(total)d cases", now.total
        )
        % {"done": now.done, "total": now.total}
    )
    if now.failed:
        say(
            ngettext(
                "%(failed)d case could not be planned and needs a person",
                "%(failed)d cases could not be planned and need a person",
                now.failed,
            )
            % {"failed": now.failed}
        )
    return 1 if now.failed else 0
