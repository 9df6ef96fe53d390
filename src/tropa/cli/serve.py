"""Serves one site, the drop or the desk, until it is told to stop: `tropa serve drop --port 8400`.

One process with many threads, HTTP/1 only, no access log: a log line would carry addresses and paths.

granian's usual server keeps a master process of some 25 MB above its worker; under our supervisor that
master has nothing to do. Its single-process server does the same work, and asks only that Python be free-
threaded; it runs as well with Python's lock, and answers as fast (measured). A test serves a site for real,
so that an upgrade of granian which changes this is noticed.
"""

import argparse
import importlib
from typing import Any

from tropa.cli.language import gettext as _
from tropa.cli.lifeline import harden
from tropa.cli.ports import LOOPBACK

SITES = {"drop": "tropa.drop.wsgi:application", "desk": "tropa.desk.wsgi:application"}

# A thread waits for as long as a body takes to arrive, so slow senders must not be able to hold all of them
# cheaply; threads are made when needed and end when idle.
THREADS = {"drop": 48, "desk": 16}
IDLE_SECONDS = 10


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("serve", help=_("serve the drop or the desk alone, for service managers"))
    parser.add_argument("site", choices=sorted(SITES))
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, required=True)
    parser.set_defaults(run=serve)


def serve(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; returns 0, or raises SystemExit(1) when serving ended by itself."""
    harden()
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import MTServer

    class SingleProcessServer(MTServer):
        def _check_gil(self) -> None:
            """Python's lock is welcome here."""

    server = SingleProcessServer(
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
        log_level=LogLevels.error,
        log_access=False,
    )
    server.serve(target_loader=load_site)
    return 0


def load_site(target: str) -> Any:
    """The WSGI application named `module:attribute`, with all its pages.

    Django would import them at the first request: a fault in one would then meet an applicant instead of
    the operator.
    """
    module, _colon, name = target.partition(":")
    application = getattr(importlib.import_module(module), name)
    from django.conf import settings
    from django.urls import get_resolver

    if settings.configured:
        get_resolver().url_patterns  # noqa: B018
    return application
