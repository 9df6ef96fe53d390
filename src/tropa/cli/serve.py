"""Serves one site, the drop or the desk, until it is told to stop: `tropa serve drop --port 8400`.

One process with one small master above it (granian's), HTTP/1 only, no access log: a log line would carry
addresses and paths. The worker ends when its master does, even when the master is killed.
"""

import argparse
import importlib
import os
from functools import partial
from typing import Any

from tropa.cli.language import gettext as _
from tropa.cli.lifeline import harden, tie_to_parent
from tropa.cli.ports import LOOPBACK

SITES = {"drop": "tropa.drop.wsgi:application", "desk": "tropa.desk.wsgi:application"}

# A thread waits for as long as a body takes to arrive, so slow senders must not be able to hold all of them
# cheaply; threads are made when needed and end when idle.
THREADS = {"drop": 48, "desk": 16}
IDLE_SECONDS = 10
GRACE_SECONDS = 5


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("serve", help=_("serve the drop or the desk alone, for service managers"))
    parser.add_argument("site", choices=sorted(SITES))
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, required=True)
    parser.set_defaults(run=serve)


def serve(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; returns 0, or raises SystemExit(1) when the worker died."""
    harden()
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        SITES[arguments.site],
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=1,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=THREADS[arguments.site],
        blocking_threads_idle_timeout=IDLE_SECONDS,
        runtime_blocking_threads=THREADS[arguments.site],
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.error,
        log_access=False,
    )
    server.serve(target_loader=partial(load_site, os.getpid()))
    return 0


def load_site(master: int, target: str) -> Any:
    """What the worker does before it serves: tie its life to the master's, then load the site."""
    tie_to_parent(master)
    module, _colon, name = target.partition(":")
    return getattr(importlib.import_module(module), name)
