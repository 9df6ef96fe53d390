"""Serves one site, the drop or the desk, until it is told to stop: `tropa serve drop --port 8400`.

One process, HTTP/1 only, no access log: a log line would carry addresses and paths. granian speaks HTTP and
gives up whoever does not get their headers together; `front` takes the bodies and hands whole requests to a few
threads.

granian's usual server keeps a master process of some 25 MB above its worker; under our supervisor that
master has nothing to do. Its single-process server does the same work, and asks only that Python be free-
threaded; it runs as well with Python's lock, and answers as fast (measured). A test serves a site for real,
so that an upgrade of granian which changes this is noticed.
"""

import argparse
import ctypes
import gc
import importlib
import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from tropa.cli.language import gettext as _
from tropa.cli.lifeline import harden
from tropa.cli.ports import LOOPBACK

MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Site:
    """How a site is served. `threads` work; `most_kept` and `most_read` are bytes of a body, the second what is read
    and let go so that a browser hears an answer at all; `answers_broken`: the site itself answers bodies that broke
    off.
    """

    target: str
    threads: int
    most_kept: int
    most_read: int
    answers_broken: bool


SITES = {
    # five files of 25 MB, and the text; threads share one core and one writer, so more would only wait
    "drop": Site("tropa.drop.wsgi:application", 8, 128 * MIB, 512 * MIB, answers_broken=True),
    "desk": Site("tropa.desk.wsgi:application", 16, 4 * MIB, 16 * MIB, answers_broken=False),
}

MOST_CONNECTIONS = 8192
HEADERS_WITHIN = 15_000  # milliseconds, also for the next request on a connection
LARGEST_BUFFER = 64 * 1024  # of one connection; headers have to fit
OPEN_FILES = 3 * MOST_CONNECTIONS


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("serve", help=_("serve the drop or the desk alone, for service managers"))
    parser.add_argument("site", choices=[*sorted(SITES), "live"])
    parser.add_argument("--host", default=LOOPBACK)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", type=int)
    where.add_argument("--socket", type=Path, help=_("a unix socket instead of a port"))
    parser.set_defaults(run=serve)


def serve(arguments: argparse.Namespace) -> NoReturn:
    """Serve until SIGTERM or SIGINT and exit with 0, or with 1 when serving ended by itself."""
    if arguments.site == "live":
        from tropa.cli.live import serve_live

        serve_live(arguments.port)
    harden()
    allow_open_files()
    from granian.constants import HTTPModes, Interfaces, Loops, TaskImpl
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import MTServer

    class SingleProcessServer(MTServer):
        def _check_gil(self) -> None:
            """Python's lock is welcome here."""

        def shutdown(self, exit_code: int = 0) -> None:
            """Else whoever sends slowly could draw out the end until the supervisor kills us."""
            front.stop()
            super().shutdown(exit_code)  # type: ignore[no-untyped-call]

    site = SITES[arguments.site]
    front = with_front(site)
    server = SingleProcessServer(
        site.target,
        address=arguments.host,
        port=arguments.port or 0,
        uds=arguments.socket and fresh(arguments.socket),
        uds_permissions=0o600,
        interface=Interfaces.RSGI,
        workers=1,
        loop=Loops.asyncio,
        task_impl=TaskImpl.asyncio,  # the other one cannot be told that time is up
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN, max_buffer_size=LARGEST_BUFFER),
        websockets=False,
        backpressure=MOST_CONNECTIONS,
        log_level=LogLevels.error,
        log_access=False,
    )
    code = 0
    try:
        server.serve(target_loader=lambda _target: front)
    except SystemExit:
        code = 1
    front.finish()
    end_at_once(code)


def fresh(socket: Path) -> Path:
    """The socket's path, with nothing left there of an earlier life."""
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    return socket


def end_at_once(code: int) -> NoReturn:
    """Exit without taking Python apart: granian's threads may still let go of its objects, and abort the process when
    they find it half gone. All work is done and every transaction over.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def allow_open_files() -> None:
    """As many connections as the system lets us have, each perhaps with a file for its body."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def with_front(site: Site) -> Any:
    """The site behind its front, as granian calls it."""
    from tropa.cli.arriving import Terms
    from tropa.cli.front import Front

    directory = Path(os.environ["TROPA_DATA"]).absolute()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    terms = Terms(directory, most_kept=site.most_kept, most_read=site.most_read)
    application, at_once = load_site(site.target)
    return Front(
        application, terms, threads=site.threads, answers_broken=site.answers_broken, at_once=at_once
    )


def give_back_memory() -> None:
    """What loading took and needs no longer, to the system; only glibc keeps it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def load_site(target: str) -> tuple[Any, Any]:
    """The WSGI application named `module:attribute`, with all its pages; and the module's `at_once`, if it has one.

    Django would import them at the first request: a fault in one would then meet an applicant instead of
    the operator.
    """
    module, _colon, name = target.partition(":")
    loaded = importlib.import_module(module)
    from django.conf import settings
    from django.urls import get_resolver

    if settings.configured:
        get_resolver().url_patterns  # noqa: B018
    # what is loaded now stays: to look through it for garbage again and again costs more than a request
    gc.collect()
    gc.freeze()
    give_back_memory()
    return getattr(loaded, name), getattr(loaded, "at_once", None)
