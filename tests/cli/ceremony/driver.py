"""Holds ceremonies for tests: the real command through pipes, and one that is killed at every step it takes."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.cli.ceremony.trustees import Table
from tests.stores import copy_database, told_of


def environment(data: Path, *, cheap: bool = True) -> dict[str, str]:
    """What the command is told, in English, and with passphrases as cheap as tests may have them."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("TROPA_")}
    told |= {**told_of(data), "TROPA_DATA": str(data), "LANGUAGE": "en", "PYTHONIOENCODING": "utf-8"}
    return told | ({"TROPA_TESTING": "1", "TROPA_PASSPHRASE_PROFILE": "cheap"} if cheap else {})


def at_the_table(table: Table, data: Path, *words: str, cheap: bool = True) -> int:
    """`tropa ceremony WORDS --without-terminal` in a process of its own; `table` answers. The exit code."""
    command = [sys.executable, "-m", "tropa.cli", "ceremony", *words, "--without-terminal"]
    process = subprocess.Popen(
        command,
        env=environment(data, cheap=cheap),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdin
    assert process.stdout
    decode = codecs.getincrementaldecoder("utf-8")().decode
    with process.stdin, process.stdout:
        while chunk := os.read(process.stdout.fileno(), 65536):
            table.write(decode(chunk))
            if chunk.endswith(b" "):  # a question ends its line with a space, and waits
                answer = table.readline()
                if not answer:
                    process.stdin.close()
                else:
                    process.stdin.write(answer.encode())
                    process.stdin.flush()
        return process.wait()


def main() -> None:
    """For n = 1, 2, ...: a ceremony that is killed at its n-th step, and what then stands; a line of JSON each."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    data = Path(os.environ["TROPA_DATA"])
    call_command("migrate", interactive=False, verbosity=0)
    connections.close_all()
    empty = data.with_name("empty")
    shutil.copytree(data, empty)
    address = os.environ.get("TROPA_DATABASE_URL")
    empty_address = copy_database(address, f"{_name(address)}_empty") if address else None
    for step in count(1):
        shutil.rmtree(data)
        shutil.copytree(empty, data)
        if address and empty_address:
            copy_database(empty_address, _name(address))
        killed = os.WIFSIGNALED(_apart(lambda step=step: _hold_until(step)))
        _apart(lambda step=step, killed=killed: _tell(step, killed=killed))
        if not killed:
            return


def _name(address: str) -> str:
    return urlsplit(address).path.lstrip("/")


def _apart(work: Callable[[], None]) -> int:
    """Do it in a child; how the child ended."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(Exception):
            work()
            os._exit(0)
        os._exit(1)
    return os.waitpid(child, 0)[1]


def _hold_until(step: int) -> None:
    table = Table({"(yes)": lambda _table: _die_at(step) or "yes"})
    code = _hold(table)
    assert code == 0, table.written


def _hold(table: Table) -> int:
    from tropa.cli.ceremony.founding import hold_ceremony
    from tropa.cli.ceremony.terminal import Terminal

    return hold_ceremony(Terminal(table, table))


def _tell(step: int, *, killed: bool) -> None:
    from django.db import connection

    from tropa.desk.conf import conf
    from tropa.desk.staff.founding import standing
    from tropa.desk.staff.models import Member, Team
    from tropa.desk.vault.duty import current_duty_epoch

    before = {"standing": standing(), "members": Member.objects.count(), "teams": Team.objects.count()}
    table = Table()
    code = _hold(table)
    after = {
        "step": step,
        "killed": killed,
        **before,
        "code": code,
        "said": table.written,
        "members after": Member.objects.count(),
        "epoch": current_duty_epoch().number,
        "pinned": sorted(path.name for path in conf.pinned.iterdir()),
    }
    print(json.dumps(after), flush=True)
    connection.close()


def _die_at(step: int) -> None:
    """SIGKILL just before the `step`-th thing done to the data directory or the database from now on."""
    from django.db import connection

    data, left = os.environ["TROPA_DATA"], [step]

    def count_down() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(("open", "os.")) and arguments and str(arguments[0]).startswith(data):
            count_down()

    def asked(execute: Callable[..., Any], *arguments: Any) -> Any:
        count_down()
        return execute(*arguments)

    sys.addaudithook(heard)
    connection.execute_wrappers.append(asked)


if __name__ == "__main__":
    main()
