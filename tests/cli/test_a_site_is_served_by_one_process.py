"""The server under both sites, for real: one process, many threads, a clean end."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.enable_socket

SCRIPT = """
import dataclasses, sys
sys.path.insert(0, sys.argv[1])
from tropa.cli import serve
from tropa.cli.main import main
serve.SITES["drop"] = dataclasses.replace(serve.SITES["drop"], target="small_site:application")
sys.exit(main(["serve", "drop", "--port", sys.argv[2]]))
"""
SMALL_SITE = """
import os, time
def application(environ, start_response):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/umask":
        old = os.umask(0o077)
        body = oct(old).encode()
    else:
        body = b"%d %d" % (os.getpid(), len(body))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body]
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    (tmp_path / "small_site.py").write_text(SMALL_SITE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path), str(port)])
    deadline = time.monotonic() + 30
    while True:
        assert process.poll() is None
        assert time.monotonic() < deadline
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield process, port
    if process.poll() is None:
        process.kill()
    process.wait()


def ask(port: int, path: str = "/", body: bytes = b"") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body=body)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_the_process_started_is_the_one_that_answers(site: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = site
    assert ask(port, body=b"x" * 100_000) == b"%d 100000" % process.pid


def test_files_it_makes_are_its_own_alone(site: tuple[subprocess.Popen[bytes], int]) -> None:
    assert ask(site[1], "/umask") == b"0o77"


def test_a_slow_sender_keeps_nobody_waiting(site: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = site
    slow = [socket.create_connection(("127.0.0.1", port)) for _each in range(200)]
    try:
        for sender in slow:
            sender.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
        assert ask(port, body=b"whole") == b"%d 5" % process.pid
    finally:
        for sender in slow:
            sender.close()


def test_many_at_once_are_all_answered(site: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = site
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(port, body=b"a"))) for _each in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [b"%d 1" % process.pid] * 64


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_well(site: tuple[subprocess.Popen[bytes], int], stop: signal.Signals) -> None:
    process, port = site
    ask(port)
    os.kill(process.pid, stop)
    assert process.wait(30) == 0
