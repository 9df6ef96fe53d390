"""The unlocked key lies sealed under the cookie: a second process opens it, and neither without that cookie."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.running import PATIENCE, Installation, status
from tropa.rehearsal.browser import Browser
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import SignIn

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("example") / "data", "--example")
    yield installation
    installation.stop()


@pytest.fixture(scope="module")
def second(example: Installation) -> Iterator[str]:
    """Another process of the desk, over the same database, at a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {
        **os.environ,
        **example.environment,
        "TROPA_EXAMPLE": "1",
        "TROPA_DESK_PORT": str(port),
        "TROPA_DESK_URL": f"http://localhost:{port}",
    }
    command = [sys.executable, "-m", "tropa.cli", "serve", "desk", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address, until = f"http://localhost:{port}", time.monotonic() + PATIENCE
    while status(address, "/sign-in/") is None:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(PATIENCE)


def test_another_process_serves_it_and_locking_in_one_locks_both(example: Installation, second: str) -> None:
    person = example.sign_ins()["lipa"]
    volunteer = Volunteer(
        example.desk, SignIn(person.pseudonym, person.password, person.passphrase, b""), "ru"
    )
    volunteer.sign_in(example.code("lipa"))
    assert urlsplit(volunteer.unlock().address).path == "/"
    there = Browser(second)
    assert urlsplit(there.get("/people/").address).path == "/sign-in/"
    there.cookies |= volunteer.browser.cookies
    page = there.get("/people/")
    assert urlsplit(page.address).path == "/people/"
    assert page.says(person.pseudonym)
    form = page.form("/lock/")
    assert form is not None
    there.post(form, page)
    assert urlsplit(volunteer.browser.get("/people/").address).path == "/unlock/"


def test_no_cookie_and_no_key_of_it_lies_in_the_data(example: Installation, second: str) -> None:
    person = example.sign_ins()["kashtan"]
    volunteer = Volunteer(
        example.desk, SignIn(person.pseudonym, person.password, person.passphrase, b""), "ru"
    )
    volunteer.sign_in(example.code("kashtan"))
    volunteer.unlock()
    token = next(value for name, value in volunteer.browser.cookies.items() if name.endswith("tropa-desk"))
    files = [path for path in Path(example.data).rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if token.encode() in path.read_bytes()]
