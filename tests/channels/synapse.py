"""A real Synapse on loopback, with people on it: started once for all tests, stopped by its own process.

It resembles no installation: registration is open, rates are lifted, there is no TLS and no federation. Everything it
writes lies in one directory, which tests search.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import queue
import secrets
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).parent
LIFTED = {"per_second": 10000, "burst_count": 10000}
PATIENCE = 180.0
PASSWORD = "a password of nobody"


def free_port() -> int:
    """A port the system says is free on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(root: Path, port: int) -> dict[str, Any]:
    """What Synapse is told."""
    (root / "signing.key").write_text(
        f"ed25519 a_test {base64.b64encode(secrets.token_bytes(32)).decode().rstrip('=')}\n"
    )
    log = {"version": 1, "handlers": {"h": {"class": "logging.FileHandler", "filename": str(root / "log")}}}
    (root / "log.json").write_text(json.dumps(log | {"root": {"level": "WARNING", "handlers": ["h"]}}))
    resources = [{"names": ["client", "media"], "compress": False}]
    listener = {
        "port": port,
        "bind_addresses": ["127.0.0.1"],
        "type": "http",
        "tls": False,
        "resources": resources,
    }
    return {
        "server_name": "localhost",
        "report_stats": False,
        "pid_file": str(root / "pid"),
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": str(root / "homeserver.db")}},
        "log_config": str(root / "log.json"),
        "media_store_path": str(root / "media"),
        "signing_key_path": str(root / "signing.key"),
        "macaroon_secret_key": secrets.token_hex(),
        "form_secret": secrets.token_hex(),
        "bcrypt_rounds": 4,
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "url_preview_enabled": False,
        "presence": {"enabled": False},
        "max_upload_size": "40M",
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "rc_message": LIFTED,
        "rc_registration": LIFTED,
        "rc_login": {"address": LIFTED, "account": LIFTED, "failed_attempts": LIFTED},
        "rc_invites": {"per_room": LIFTED, "per_user": LIFTED, "per_issuer": LIFTED},
        "rc_joins": {"local": LIFTED, "remote": LIFTED},
        "rc_key_requests": LIFTED,
        "rc_media_create": LIFTED,
    }


@dataclass(slots=True)
class Shown:
    """What a person's devices showed, in order."""

    texts: list[str] = field(default_factory=list)
    in_clear: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    members: list[tuple[str, str]] = field(default_factory=list)


class People:
    """The people's program. Every call waits for its answer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._numbers = itertools.count()
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.shown: dict[str, Shown] = {}
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def do(self, what: str, **words: Any) -> Any:
        """One command and what came of it."""
        number = next(self._numbers)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"number": number, "do": what, **words}) + "\n")
        self._process.stdin.flush()
        answer = self._answers.get(timeout=PATIENCE)
        assert answer["number"] == number
        assert "problem" not in answer, answer
        return answer["result"]

    def of(self, user: str) -> Shown:
        """What this person saw."""
        return self.shown.setdefault(user, Shown())

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            said = json.loads(line)
            if "number" in said:
                self._answers.put(said)
                continue
            shown = self.of(said["to"])
            if "text" in said:
                (shown.texts if said["sealed"] else shown.in_clear).append(said["text"])
            elif "file" in said:
                shown.files.append((said["file"], bytes.fromhex(said["content"])))
            else:
                shown.members.append((said["member"], said["now"]))
                if said["reason"]:
                    shown.left.append(said["reason"])


@dataclass(slots=True)
class Synapse:
    """The server, and everybody on it."""

    root: Path
    url: str
    people: People
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, token: str = ""
    ) -> dict[str, Any]:
        """One request past everything, answered."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        content = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, content, headers, method=method)  # noqa: S310  loopback
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:  # noqa: S310
            answer: dict[str, Any] = json.load(reply)
            return answer

    def register(self, name: str) -> str:
        """A new account; its user id."""
        body = {
            "username": name,
            "password": PASSWORD,
            "auth": {"type": "m.login.dummy"},
            "inhibit_login": True,
        }
        return str(self.call("POST", "/_matrix/client/v3/register", body)["user_id"])

    def everything(self) -> Iterator[tuple[Path, bytes]]:
        """Every file it wrote, with its bytes."""
        for path in self.root.rglob("*"):
            if path.is_file():
                yield path, path.read_bytes()


@contextlib.contextmanager
def synapse(python: Path, root: Path) -> Iterator[Synapse]:
    """A running server with its people's program."""
    port, config = free_port(), root / "homeserver.json"
    config.write_text(json.dumps(settings(root, port)))
    with (root / "out").open("wb") as out, contextlib.ExitStack() as running:
        server = subprocess.Popen(
            [python, "-m", "synapse.app.homeserver", "--config-path", config],
            stdout=out,
            stderr=out,
            cwd=root,
        )
        running.callback(_stop, server)
        people = subprocess.Popen(
            [python, "-W", "ignore", HERE / "matrix_people.py", f"http://127.0.0.1:{port}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.callback(_stop, people)
        _wait_for(server, port, root / "out")
        yield Synapse(root, f"http://127.0.0.1:{port}", People(people))


def _wait_for(server: subprocess.Popen[bytes], port: int, out: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, out.read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(out.read_text())


def _stop(process: subprocess.Popen[Any]) -> None:
    """Stop what was started here, politely and then firmly."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
