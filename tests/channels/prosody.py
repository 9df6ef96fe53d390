"""A real Prosody on loopback, started once for all tests, stopped by its own process.

It resembles no installation: passwords lie in clear, nothing is limited, there is no federation. Everything it writes
lies in one directory, which tests search.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.channels.synapse import PASSWORD, free_port

PATIENCE = 60.0
DOMAIN = "localhost"
LARGEST = 40 * 1024 * 1024
SETTINGS = """
run_as_root = true
pidfile = "{root}/pid"
data_path = "{root}/data"
log = {{ info = "{root}/log" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{}}
c2s_direct_tls_ports = {{ {c2s} }}
s2s_ports = {{}}
http_ports = {{}}
https_ports = {{ {https} }}
https_interfaces = {{ "127.0.0.1" }}
ssl = {{ certificate = "{root}/cert.pem", key = "{root}/key.pem" }}
https_ssl = {{ certificate = "{root}/cert.pem", key = "{root}/key.pem" }}
c2s_direct_tls_ssl = {{ certificate = "{root}/cert.pem", key = "{root}/key.pem" }}
modules_enabled = {{ "roster", "saslauth", "tls", "disco", "pep", "mam", "ping", "blocklist", "limits" }}
modules_disabled = {{ "s2s", "offline" }}
authentication = "internal_plain"
storage = "internal"
default_archive_policy = true
archive_expires_after = "never"
archive_cleanup_interval = 86400
VirtualHost "localhost"
  disco_items = {{ {{ "up.localhost" }} }}
Component "up.localhost" "http_file_share"
  http_host = "localhost"
  http_external_url = "https://localhost:{https}/"
  http_file_share_size_limit = {largest}
  http_file_share_global_quota = 1024 * 1024 * 1024
  http_file_share_daily_quota = 1024 * 1024 * 1024
"""
NUMBER = re.compile(rb"\\([0-9]{1,3})")
ITEM = re.compile(rb"\bitem\(\{")


@dataclass(slots=True)
class Prosody:
    """The server."""

    root: Path
    port: int
    https: int
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def files(self) -> str:
        """The host files lie on."""
        return f"localhost:{self.https}"

    def register(self, name: str) -> None:
        """A new account, as the server itself would write it down."""
        path = self.root / "data" / DOMAIN / "accounts" / f"{encoded(name)}.dat"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'return {{\n\t["password"] = "{PASSWORD}";\n}};\n')

    def archived(self, name: str) -> list[tuple[str, str]]:
        """The ids and senders of an account's archive, oldest first."""
        path = self.root / "data" / DOMAIN / "archive" / f"{encoded(name)}.list"
        content = path.read_bytes() if path.exists() else b""
        found = []
        for item in ITEM.split(content)[1:]:
            key = re.search(rb'\["key"\] = "([^"]+)"', item)
            sender = re.search(rb'\["from"\] = "([^"/]+)', item)
            if key and sender:
                found.append((key[1].decode(), sender[1].decode()))
        return found

    def everything(self) -> Iterator[tuple[Path, bytes]]:
        """Every file it wrote, with its bytes; with those it writes as numbers too."""
        for path in self.root.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                yield path, content + NUMBER.sub(lambda found: bytes([int(found[1]) % 256]), content)


def encoded(name: str) -> str:
    """As the server names its files."""
    return "".join(letter if letter.isalnum() else f"%{ord(letter):02x}" for letter in name)


def any_certificate() -> ssl.SSLContext:
    """Nothing leaves the machine."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextlib.contextmanager
def prosody(root: Path) -> Iterator[Prosody]:
    """A running server."""
    server = Prosody(root, free_port(), free_port())
    (root / "data").mkdir()
    _certificate(root)
    config = root / "prosody.cfg.lua"
    config.write_text(SETTINGS.format(root=root, c2s=server.port, https=server.https, largest=LARGEST))
    with (root / "out").open("wb") as out:
        process = subprocess.Popen(["prosody", "--config", str(config), "-F"], stdout=out, stderr=out)
    try:
        _wait_for(process, server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _certificate(root: Path) -> None:
    subject = (
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,DNS:up.localhost,IP:127.0.0.1",
    )
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(root / "key.pem"))
    command = ("openssl", "req", "-x509", *key, "-days", "2", *subject, "-out", str(root / "cert.pem"))
    subprocess.run(command, check=True, capture_output=True)


def _wait_for(process: subprocess.Popen[bytes], server: Prosody) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, (server.root / "out").read_text()
        with contextlib.suppress(OSError):
            for port in (server.port, server.https):
                socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise TimeoutError((server.root / "log").read_text())
