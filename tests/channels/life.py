"""Lives of a gateway, each in a process of its own that may end itself with SIGKILL at a named point.

`python -m tests.channels.life DATABASE ACCOUNT` loads everything once, then forks a life for every line it reads: the
name of the point to die at, or an empty line. Of each it says the number of the process, `up` when it begins, and
`ended` with how it ended. Loading takes seconds, dying many times should not.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable


def dying_at(point: str) -> Callable[[str], None]:
    """Ends the process, as loss of power would, when the gateway comes to this point."""

    def reached(here: str) -> None:
        if here == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def say(words: str) -> None:
    """A line for the test."""
    os.write(1, f"{words}\n".encode())


def live(name: str, point: str) -> None:
    """One life, until SIGTERM or its point."""
    from tropa.channels.catalogue import about, open_channel
    from tropa.desk import clock
    from tropa.desk.conf import conf
    from tropa.gateway.accounts import read_account
    from tropa.gateway.credential import read_keys
    from tropa.gateway.journal import journal_of
    from tropa.gateway.process import Gateway, Surroundings

    keys = read_keys()
    account = read_account(name, keys)

    async def run() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        channel = open_channel(account.channel, account.settings, journal_of(account.name, keys))
        around = Surroundings(clock.now, conf.data, dying_at(point), wait=1.0)
        say("up")
        await Gateway(account, about(account.channel), channel, keys, around).run(stop)

    asyncio.run(run())


def main(database: str, name: str) -> None:
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    import django

    django.setup()
    from django.db import connections

    from tropa.channels.catalogue import open_channel
    from tropa.gateway.accounts import read_account
    from tropa.gateway.credential import read_keys
    from tropa.gateway.journal import journal_of

    account = read_account(name, read_keys())
    journal = journal_of(account.name, read_keys())
    open_channel(account.channel, account.settings, journal)  # loads the library
    connections.close_all()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(name, line.strip())
            os._exit(0)
        say(f"{child}")
        _pid, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
