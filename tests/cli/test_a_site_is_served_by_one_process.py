"""The server under both sites, for real: one process, many threads, a clean end."""

import ast
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

from tests.running import PATIENCE
from tropa.cli.front import until_even
from tropa.cli.supervisor import STOP_PATIENCE

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
    elif environ["PATH_INFO"] == "/environ":
        body = repr(sorted((name, str(value)) for name, value in environ.items() if "." not in name)).encode()
    elif environ["PATH_INFO"] == "/fails":
        raise ValueError("secret words")
    else:
        body = b"%d %d" % (os.getpid(), len(body))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Even", "20")])
    return [body]
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    (tmp_path / "small_site.py").write_text(SMALL_SITE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path), str(port)])
    deadline = time.monotonic() + PATIENCE
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


def head_and_body(port: int, request: bytes) -> tuple[bytes, bytes]:
    """What a request written by hand is answered with, until the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        answer = b""
        while more := connection.recv(65536):
            answer += more
    head, _blank, body = answer.partition(b"\r\n\r\n")
    return head, body


def ask(port: int, path: str = "/", body: bytes = b"") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
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


def test_a_site_is_told_what_wsgi_says_and_not_who_asks(site: tuple[subprocess.Popen[bytes], int]) -> None:
    head, body = head_and_body(
        site[1],
        b"GET /environ?a=%20b HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: http\r\nX_Forwarded_Proto: https\r\n"
        b"Cookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n",
    )
    told = dict(ast.literal_eval(body.decode()))
    assert told["REQUEST_METHOD"] == "GET"
    assert (told["PATH_INFO"], told["QUERY_STRING"]) == ("/environ", "a=%20b")
    assert told["HTTP_X_FORWARDED_PROTO"] == "http"
    assert told["HTTP_COOKIE"] == "a=1; b=2"
    assert told["REMOTE_ADDR"] == ""
    assert b"even" not in head.lower()


def test_a_body_of_unknown_length_is_refused(site: tuple[subprocess.Popen[bytes], int]) -> None:
    head, _body = head_and_body(
        site[1], b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
    )
    assert head.startswith(b"HTTP/1.1 411 ")


def test_a_site_that_fails_says_none_of_its_words(site: tuple[subprocess.Popen[bytes], int]) -> None:
    head, body = head_and_body(site[1], b"GET /fails HTTP/1.1\r\nHost: x\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in body


@pytest.mark.parametrize(
    ("spent", "rest"), [(0.0, 0.0), (0.004, 0.096), (0.1, 0.0), (0.13, 0.07), (0.25, 0.05)]
)
def test_an_answer_leaves_at_an_even_time(spent: float, rest: float) -> None:
    assert until_even(spent, 0.1) == pytest.approx(rest)


def test_many_at_once_are_all_answered(site: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = site
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(port, body=b"a"))) for _each in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [b"%d 1" % process.pid] * 64


def test_a_slow_sender_does_not_draw_out_the_end(site: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = site
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as sender:
        sender.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
        ask(port)
        process.terminate()
        answer = sender.recv(65536)
        assert process.wait(STOP_PATIENCE) == 0
    assert b"200 OK" in answer  # what came of it was answered


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_well(site: tuple[subprocess.Popen[bytes], int], stop: signal.Signals) -> None:
    process, port = site
    ask(port)
    os.kill(process.pid, stop)
    assert process.wait(PATIENCE) == 0
