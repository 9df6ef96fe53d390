"""A whole Tropa for tests, started as a person starts it: `tropa run`, in a data directory and database of its own."""

import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.stores import told_of

PATIENCE = 300.0
SIGN_IN = re.compile(
    r"^sign-in: (?P<pseudonym>.+?)  password (?P<password>\S+)  passphrase (?P<passphrase>.+?)  code: "
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What an example person types, besides the code of the moment."""

    name: str
    pseudonym: str
    password: str
    passphrase: str


class Installation:
    """One `tropa run`; `drop` and `desk` are the addresses it printed, without the last slash."""

    def __init__(self, data: Path, *options: str, told: Mapping[str, str] | None = None) -> None:
        self.data = data
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("TROPA_", "DJANGO_"))
        }
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port: int = listener.getsockname()[1]
        self.environment = {
            **clean,
            **told_of(data, example="--example" in options),
            "TROPA_DATA": str(data),
            "TROPA_PORT": str(port),
            "LANGUAGE": "en",
            **(told or {}),
        }
        with (data.parent / "errors").open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tropa.cli", "run", *options],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.drop = self._printed("drop: ").rstrip("/")
        self.desk = self._printed("desk: ").rstrip("/")

    def _printed(self, name: str) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith(name), line + self.said()
        return line.removeprefix(name).strip()

    def said(self) -> str:
        """What it said on the error stream."""
        return (self.data.parent / "errors").read_text()

    def sign_ins(self) -> dict[str, SignIn]:
        """The example people by the names that `tropa example code` knows."""
        listed = self.tropa("example", "people").splitlines()
        people = {}
        for line in listed:
            found = SIGN_IN.match(line)
            assert found, line
            name = line.rsplit(" ", 1)[1]
            people[name] = SignIn(name, **found.groupdict())
        return people

    def code(self, name: str) -> str:
        """The six digits of the moment."""
        return self.tropa("example", "code", name).strip()

    def tropa(self, *words: str) -> str:
        """What another `tropa` command prints about this installation."""
        command = [sys.executable, "-m", "tropa.cli", *words]
        environment = {**self.environment, "TROPA_EXAMPLE": "1"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    def services(self) -> dict[str, int]:
        """The processes that serve, by name."""
        found = {}
        for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            if "serve" in words:
                found[words[words.index("serve") + 1]] = int(pid)
        return found

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(PATIENCE)
        if self.process.stdout:
            self.process.stdout.close()
        return code


def status(address: str, path: str = "/") -> int | None:
    """The status a GET is answered with; None when nobody answers."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()
