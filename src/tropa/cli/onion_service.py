"""The drop's onion service: where its files lie, what tor is told, and how that is verified.

Kept true: tor reaches the drop over a unix socket, so no port of it is open to anybody on the machine; the address is
made without touching a network; the defences against floods (proof of work, limits at the introduction points) are on,
and a tor that cannot do them is refused. The address is the file `hostname`; whoever has the key beside it can pretend
to be us. This module imports the standard library alone: the supervisor uses it.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tropa.cli.language import gettext as _

NAMES = ("TROPA_ONION", "TROPA_DROP_SOCKET")
LONGEST_SOCKET = 100  # bytes of a path; the system takes 107
MAKE_WITHIN = 30.0
VERIFY_WITHIN = 60.0
OLDEST = (0, 4, 8)
ADDRESS = re.compile(r"[a-z2-7]{56}\.onion")
TORRC = """\
# Made by `tropa onion make`; what stands here is checked by it and by `tropa onion check`.
DataDirectory {place}/tor
SocksPort 0
HiddenServiceDir {place}/service
HiddenServicePort 80 unix:{socket}
HiddenServicePoWDefensesEnabled 1
HiddenServiceEnableIntroDoSDefense 1
HiddenServiceMaxStreams 64
AvoidDiskWrites 1
SafeLogging 1
DisableDebuggerAttachment 1
Log warn stderr
"""
PROMISED = (
    "SocksPort 0",
    "HiddenServicePoWDefensesEnabled 1",
    "HiddenServiceEnableIntroDoSDefense 1",
    "SafeLogging 1",
)
OPENS = re.compile(
    r"^\s*(ORPort|DirPort|ControlPort|ControlSocket|TransPort|DNSPort|NATDPort|HTTPTunnelPort)\b",
    re.MULTILINE,
)


class OnionRefused(Exception):
    """The service cannot be made or does not hold; the message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class OnionPlace:
    """The files of one onion service. `folder` holds tor's state and the service's key."""

    folder: Path
    socket: Path

    @property
    def torrc(self) -> Path:
        return self.folder / "torrc"

    @property
    def there(self) -> bool:
        """Whether one was made here."""
        return self.torrc.is_file()

    @property
    def address(self) -> str | None:
        """What people type, without `http://`; None before there is one."""
        try:
            text = (self.folder / "service" / "hostname").read_text(encoding="ascii").strip()
        except OSError:
            return None
        return text if ADDRESS.fullmatch(text) else None

    @property
    def url(self) -> str | None:
        return f"http://{self.address}/" if self.address else None

    def text(self) -> str:
        """What tor is told."""
        return TORRC.format(place=self.folder, socket=self.socket)


def place_of(environment: Mapping[str, str], data: Path) -> OnionPlace:
    """Where the service of this installation is: TROPA_ONION, or `credentials/onion` of the data directory."""
    folder = Path(environment.get("TROPA_ONION") or data / "credentials" / "onion").absolute()
    return OnionPlace(folder, Path(environment.get("TROPA_DROP_SOCKET") or folder / "drop.sock").absolute())


def make(place: OnionPlace) -> str:
    """Write what tor is told, have it verified, and make the address, with no network at all; the address. What is
    there already stays: an address that people know is never exchanged. Raises OnionRefused.
    """
    if len(os.fsencode(place.socket)) > LONGEST_SOCKET:
        raise OnionRefused(_("the socket's path is too long: name a shorter one in TROPA_DROP_SOCKET"))
    if re.search(r"\s|#", f"{place.folder}{place.socket}"):
        raise OnionRefused(_("tor takes no path with spaces or #: name another in TROPA_ONION"))
    fit()
    for folder in (place.folder.parent, place.folder, place.folder / "tor", place.folder / "service"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    if not place.there:
        place.torrc.write_text(place.text(), encoding="utf-8")
        place.torrc.chmod(0o600)
    check(place)
    if place.address is None:
        _make_address(place)
    assert place.address is not None
    return place.address


def check(place: OnionPlace) -> None:
    """Whether what tor is told still keeps what we promise, and tor takes it. Raises OnionRefused."""
    if not place.there:
        raise OnionRefused(_("no onion service was made here; `tropa onion make` makes one"))
    said = [" ".join(line.split()) for line in place.torrc.read_text(encoding="utf-8").splitlines()]
    for promise in (*PROMISED, f"HiddenServicePort 80 unix:{place.socket}"):
        if promise not in said:
            raise OnionRefused(_("%(file)s does not say: %(line)s") % {"file": place.torrc, "line": promise})
    ports = [line for line in said if line.startswith("HiddenServicePort ")]
    if len(ports) > 1 or OPENS.search("\n".join(said)):
        raise OnionRefused(_("%s opens more than the drop") % place.torrc)
    result = _tor("--verify-config", "-f", str(place.torrc), within=VERIFY_WITHIN)
    if result.returncode:
        faults = [line for line in result.stdout.splitlines() if "[warn]" in line or "[err]" in line]
        raise OnionRefused(_("tor does not take it: %s") % (faults[-1] if faults else result.stdout[-200:]))


def fit() -> None:
    """Whether there is a tor that can do what we promise. Raises OnionRefused."""
    if program() is None:
        raise OnionRefused(_("there is no tor on this machine; on Debian: apt install tor"))
    said = re.search(r"Tor version (\d+)\.(\d+)\.(\d+)", _tor("--version", within=VERIFY_WITHIN).stdout)
    if said is None or tuple(map(int, said.groups())) < OLDEST:
        raise OnionRefused(_("this tor is too old; 0.4.8 or newer is needed"))
    if "pow: yes" not in _tor("--list-modules", within=VERIFY_WITHIN).stdout:
        raise OnionRefused(_("this tor was built without proof of work"))


def program() -> str | None:
    """Where tor is; Debian keeps it out of some people's way."""
    return shutil.which("tor") or shutil.which("tor", path="/usr/sbin:/usr/local/sbin")


def command(place: OnionPlace) -> tuple[str, ...]:
    """How the service is run. What tor says goes to the error stream: ours to print is what `tropa run` prints."""
    tor = (program() or "tor", "--defaults-torrc", "/dev/null", "-f", str(place.torrc), "--hush")
    return ("/bin/sh", "-c", 'exec "$@" >&2', "tor", *tor)


def _make_address(place: OnionPlace) -> None:
    process = subprocess.Popen(
        (*command(place), "--DisableNetwork", "1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + MAKE_WITHIN
        while place.address is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise OnionRefused(_("tor made no address; is the directory its user's own?"))
            time.sleep(0.05)
    finally:
        process.terminate()
        process.wait()


def _tor(*words: str, within: float) -> subprocess.CompletedProcess[str]:
    run = (program() or "tor", "--defaults-torrc", "/dev/null", *words)
    try:
        return subprocess.run(
            run,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=within,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise OnionRefused(_("tor could not be started")) from None
