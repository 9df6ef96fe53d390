"""A Tor network of our own on loopback: real tor processes, three authorities, three relays, a client; no packet leaves
the machine. The service is not part of it: that is the one `tropa run` starts, told of these authorities.
"""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from tools.debian import WHERE
from tropa.rehearsal.browser import PATIENCE, Browser

UP_WITHIN = 180.0
COMMON = """
TestingTorNetwork 1
DataDirectory {root}/{name}
AssumeReachable 1
Log notice file {root}/{name}.log
PathsNeededToBuildCircuits 0.67
TestingV3AuthInitialVotingInterval 20 seconds
TestingV3AuthInitialVoteDelay 4 seconds
TestingV3AuthInitialDistDelay 4 seconds
TestingDirAuthVoteExit *
TestingDirAuthVoteHSDir *
TestingDirAuthVoteGuard *
V3AuthVotingInterval 20 seconds
V3AuthVoteDelay 4 seconds
V3AuthDistDelay 4 seconds
"""
RELAY = "Address 127.0.0.1\nNickname {name}\nORPort 127.0.0.1:{port}\nSocksPort 0\nExitRelay 0\n"
AUTHORITY = "AuthoritativeDirectory 1\nV3AuthoritativeDirectory 1\nDirPort 127.0.0.1:{port}\n"
NOBODY = f"DirAuthority none orport=1 v3ident={'0' * 40} 127.0.0.1:1 {'0' * 40}\n"
FOR_A_SERVICE = "TestingTorNetwork 1\nPathsNeededToBuildCircuits 0.67\n"


class PrivateNetwork:
    """Started by `start`, ended by `stop`; `socks` is the client's port."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.socks = _free_port()
        self._processes: list[subprocess.Popen[bytes]] = []
        self.authorities = ""

    def start(self) -> None:
        """Make the authorities' keys and start everybody."""
        told = {}
        lines = []
        for name in ("first", "second", "third"):
            told[name], line = self._authority(name)
            lines.append(line)
        self.authorities = "".join(lines)
        for name in ("fourth", "fifth", "sixth"):
            told[name] = self._common(name) + RELAY.format(name=name, port=_free_port())
        told["client"] = f"{self._common('client')}SocksPort 127.0.0.1:{self.socks}\n"
        for name, text in told.items():
            self._run(name, text + self.authorities)

    def wait(self) -> None:
        """Until the client knows the way to somewhere. Raises TimeoutError."""
        log = self._root / "client.log"
        deadline = time.monotonic() + UP_WITHIN
        while not log.exists() or "Bootstrapped 100%" not in log.read_text():
            if time.monotonic() > deadline:
                raise TimeoutError("the private network did not come up")
            time.sleep(0.5)

    def stop(self) -> None:
        """End every process that was started here."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()

    def everything_said(self) -> Iterable[str]:
        """What each process wrote to its log."""
        return (path.read_text() for path in self._root.glob("*.log"))

    def _common(self, name: str) -> str:
        (self._root / name).mkdir(mode=0o700)
        return COMMON.format(root=self._root, name=name)

    def _authority(self, name: str) -> tuple[str, str]:
        """What one authority is told, and the line that names it to everybody."""
        directory, onion = _free_port(), _free_port()
        told = self._common(name) + RELAY.format(name=name, port=onion) + AUTHORITY.format(port=directory)
        keys = self._root / name / "keys"
        keys.mkdir(mode=0o700)
        make = ["--create-identity-key", "-m", "12", "-a", f"127.0.0.1:{directory}", "--passphrase-fd", "0"]
        for option, file in (("-i", "identity_key"), ("-s", "signing_key"), ("-c", "certificate")):
            make += [option, str(keys / f"authority_{file}")]
        subprocess.run([_program("tor-gencert"), *make], input=b"x\n", check=True, capture_output=True)
        probe = self._root / f"{name}.probe"
        probe.write_text(told.replace(AUTHORITY.format(port=directory), "") + NOBODY)
        listed = subprocess.run(
            [
                _program("tor"),
                "--defaults-torrc",
                "/dev/null",
                "-f",
                str(probe),
                "--list-fingerprint",
                "--quiet",
            ],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        own = (
            next(row for row in listed.splitlines() if row.startswith(name))
            .partition(" ")[2]
            .replace(" ", "")
        )
        certificate = (keys / "authority_certificate").read_text().splitlines()
        identity = next(row.split()[1] for row in certificate if row.startswith("fingerprint"))
        return (
            told,
            f"DirAuthority {name} orport={onion} no-v2 v3ident={identity} 127.0.0.1:{directory} {own}\n",
        )

    def _run(self, name: str, text: str) -> None:
        told = self._root / f"{name}.torrc"
        told.write_text(text)
        with (self._root / f"{name}.out").open("wb") as out:
            command = [_program("tor"), "--defaults-torrc", "/dev/null", "-f", str(told)]
            self._processes.append(subprocess.Popen(command, stdout=out, stderr=out))


def browser_through(socks: int) -> type[Browser]:
    """A browser that reaches every site through this client, names included."""

    class TorBrowser(Browser):
        def _connection(self, host: str, port: int) -> http.client.HTTPConnection:
            connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
            connection.sock = _through(socks, host, port)
            return connection

    return TorBrowser


def _through(socks: int, host: str, port: int) -> socket.socket:
    """A SOCKS5 connection (RFC 1928) to a host by its name. Raises OSError."""
    way = socket.create_connection(("127.0.0.1", socks), timeout=PATIENCE)
    try:
        way.sendall(b"\x05\x01\x00")
        if way.recv(2) != b"\x05\x00":
            raise ConnectionError("the client wants more than it should")
        way.sendall(b"\x05\x01\x00\x03" + bytes([len(host)]) + host.encode() + port.to_bytes(2, "big"))
        answer = way.recv(10)
        if answer[:2] != b"\x05\x00":
            raise ConnectionError(f"no way there: {answer[1:2].hex()}")
    except OSError:
        way.close()
        raise
    return way


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _program(name: str) -> str:
    found = shutil.which(name, path=WHERE)
    assert found, name
    return found
