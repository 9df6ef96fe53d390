"""What runs beside the installation that is to be seized: the gateway with a messenger's account, the sentinel's switch
and queue, the backup; and where their keys lie meanwhile.

The keys of gateway and sentinel lie as they should in service: not beside the data. They go with this test.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tropa.cli.language import gettext as _
from tropa.cli.rehearse import NotStarted
from tropa.cli.supervisor import start

if TYPE_CHECKING:
    from tropa.rehearsal.canaries import Planted
    from tropa.rehearsal.promises import Promises
    from tropa.rehearsal.volunteer import Volunteer

ACCOUNT = "kanareyka"
STOP_PATIENCE = 30.0
KEY = re.compile(r"^[0-9a-f]{64}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class KeysApart:
    """Where the service keys lie that must not lie beside the data."""

    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """What every process is told."""
        return {
            "TROPA_GATEWAY_KEY": str(self.folder / "gateway"),
            "TROPA_SENTINEL_KEY": str(self.folder / "sentinel"),
            "TROPA_PUSH_KEY": str(self.folder / "push"),
            "TROPA_PUSH_HOSTS": "push.example.org",
        }

    def keys(self) -> dict[str, bytes]:
        """What lies there, by name: it must lie nowhere else."""
        return {
            f"key of the {path.name}, {number}": bytes.fromhex(found)
            for path in sorted(self.folder.iterdir())
            for number, found in enumerate(KEY.findall(path.read_text(encoding="ascii")), 1)
        }


@contextmanager
def keys_apart() -> Iterator[KeysApart]:
    """A folder of their own, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="tropa-keys-apart-") as folder:
        yield KeysApart(Path(folder))


def environment_of(data: Path, address: str | None) -> dict[str, str]:
    """What a process beside the installation is told."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))}
    return {
        **clean,
        "TROPA_DATA": str(data),
        "TROPA_EXAMPLE": "1",
        "DJANGO_SETTINGS_MODULE": "tropa.desk.settings",
        **({"TROPA_DATABASE_URL": address} if address else {}),
    }


@dataclass(frozen=True, slots=True)
class Beside:
    """Runs commands of Tropa beside the installation; what they say of errors goes where its own goes."""

    environment: Mapping[str, str] = field(repr=False)
    errors: int

    def command(self, *words: str, typed: str = "") -> None:
        """One command, to its end. Raises NotStarted when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "tropa.cli", *words],
            env=dict(self.environment),
            input=typed.encode(),
            stdout=subprocess.DEVNULL,
            stderr=self.errors,
            check=False,
        )
        if done.returncode:
            raise NotStarted(
                _("`tropa %s` failed beside the installation that is examined") % " ".join(words[:2])
            )

    def back_up(self, archive: Path) -> str:
        """A backup while the desk runs; its passphrase, which is handed through a pipe."""
        passphrase = f"kanareyka backup {secrets.token_hex(8)}"
        self.command("backup", str(archive), "--passphrase-file", "/dev/stdin", typed=passphrase)
        return passphrase

    def messenger(self, lead: Volunteer, promises: Promises, planted: Planted) -> None:
        """Somebody writes by messenger and is answered; a last answer waits when the gateway is stopped. Raises
        Broken.
        """
        from tropa.rehearsal.planting_by_messenger import answer_that_waits, somebody, write_by_messenger

        with somebody() as bot:
            self.command("channel", "add", "telegram", ACCOUNT, typed=f"{bot.token}\n{bot.address}\n")
            with self._gateway():
                thread = write_by_messenger(bot, lead, promises, planted)
        answer_that_waits(lead, thread, planted)

    @contextmanager
    def _gateway(self) -> Iterator[None]:
        """The account's own process, stopped at the end."""
        command = (sys.executable, "-m", "tropa.cli", "channel", "run", ACCOUNT)
        process = start(command, self.environment, output=subprocess.DEVNULL, errors=self.errors)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
