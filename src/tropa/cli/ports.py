"""Finds the ports to listen on: the one asked for when it is free, else any free one."""

import contextlib
import socket
from collections.abc import Mapping
from pathlib import Path

from tropa.cli.language import gettext as _

LOOPBACK = "127.0.0.1"


class PortRefused(ValueError):
    """A setting does not name a port; the message says which, and what was expected."""


def port_setting(environment: Mapping[str, str], name: str, default: int) -> int:
    """The port a setting names, or the default. Raises PortRefused."""
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise PortRefused(
            _("%(name)s is %(value)r; expected a port from 1 to 65535") % {"name": name, "value": text}
        )
    return int(text)


def free_port(wanted: int, *, avoid: frozenset[int] = frozenset()) -> int:
    """`wanted` if nobody listens there and it is not to be avoided; otherwise a free port of the system's
    choice.
    """
    if wanted not in avoid and is_free(wanted):
        return wanted
    while True:
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if port not in avoid:
            return port


def is_free(port: int) -> bool:
    """Whether we could listen on this port of the loopback interface."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        # a listener that ended a moment ago leaves connections behind that do not hinder a new one
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def answers(where: int | Path) -> bool:
    """Whether somebody accepts connections at this port, or at this unix socket."""
    family = socket.AF_INET if isinstance(where, int) else socket.AF_UNIX
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((LOOPBACK, where) if isinstance(where, int) else str(where)) == 0
