"""`tropa run`, as a person starts it: both sites answer, come back when killed, and end together."""

import os
import signal
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.running import PATIENCE, Installation, status

pytestmark = pytest.mark.enable_socket


def eventually(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture(params=[(), ("--example",)], ids=["an empty desk", "the example world"], scope="module")
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    started = Installation(tmp_path_factory.mktemp("run") / "data", *request.param)
    yield started
    started.stop()


def test_both_sites_answer(running: Installation) -> None:
    assert status(running.drop) == 200
    assert status(running.desk) in {200, 302}
    assert urlsplit(running.drop).hostname == "127.0.0.1"
    assert urlsplit(running.desk).hostname == "localhost"


def test_what_it_writes_is_readable_by_its_owner_alone(running: Installation) -> None:
    paths = [running.data, *running.data.rglob("*")]
    assert len(paths) > 1
    assert [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_no_core_is_ever_dumped(running: Installation) -> None:
    for pid in [running.process.pid, *running.services().values()]:
        limits = Path(f"/proc/{pid}/limits").read_text()
        line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        assert line.split()[4:6] == ["0", "0"]


@pytest.mark.parametrize("site", ["drop", "desk"])
def test_a_killed_site_comes_back(running: Installation, site: str) -> None:
    first = running.services()[site]
    os.kill(first, signal.SIGKILL)
    eventually(lambda: running.services().get(site, first) != first, "it is started again")
    address = running.drop if site == "drop" else running.desk
    eventually(lambda: status(address) is not None, "it answers again")


def test_told_to_stop_everything_ends(running: Installation) -> None:
    services = running.services()
    assert set(services) == {"drop", "desk", "live"}
    assert running.stop() == 0
    assert [pid for pid in services.values() if Path(f"/proc/{pid}").exists()] == []
    assert status(running.drop) is None
    assert status(running.desk) is None
