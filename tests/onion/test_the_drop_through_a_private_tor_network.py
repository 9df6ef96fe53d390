"""The whole way of somebody with Tor Browser, through real onion circuits: `tropa run` starts tor, tor reaches the drop
over its unix socket, and what is written there is stored once and answered.
"""

from __future__ import annotations

import secrets
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.onion.private_network import FOR_A_SERVICE, PrivateNetwork, browser_through
from tests.running import Installation
from tropa.cli.onion_service import make, place_of
from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.browser import File, Unkept

pytestmark = pytest.mark.enable_socket
FOUND_WITHIN = 120.0
TEXT = "У меня повестка на 3 декабря, загранпаспорта нет, что делать?"


@pytest.fixture(scope="module")
def network() -> Iterator[PrivateNetwork]:
    with tempfile.TemporaryDirectory(prefix="onion") as folder:
        network = PrivateNetwork(Path(folder))
        try:
            network.start()
            network.wait()
            yield network
        finally:
            network.stop()


@pytest.fixture(scope="module")
def installation(network: PrivateNetwork) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="onion") as folder:  # a socket's path is short
        told = {"TROPA_ONION": f"{folder}/o"}
        place = place_of(told, Path(folder))
        make(place)
        with place.torrc.open("a") as torrc:
            torrc.write(FOR_A_SERVICE + network.authorities)
        running = Installation(Path(folder) / "data", "--example", told=told)
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="module")
def applicant(network: PrivateNetwork, installation: Installation) -> Applicant:
    """Somebody who has found the service; its address needs a moment to be known."""
    found = Applicant(installation.drop, "ru", browser_through(network.socks))
    deadline = time.monotonic() + FOUND_WITHIN
    while True:
        try:
            found.open_first_page()
        except Unkept:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
        else:
            return found


def test_somebody_writes_comes_back_and_sends_a_file(
    applicant: Applicant, installation: Installation
) -> None:
    assert installation.drop.endswith(".onion")
    applicant.write(TEXT)
    words = list(applicant.words)
    assert len(words) == 9
    applicant.send_it_again()
    assert list(applicant.words) in ([], words)  # the same form twice is one message
    page = applicant.come_back(applicant.mistyped() if applicant.words else " ".join(words))
    assert applicant.own_messages(page) == 1
    page = applicant.write_more("вот фото", [File("files", "фото.jpg", secrets.token_bytes(300_000))])
    assert applicant.own_messages(applicant.answers()) == 2
    assert "<script" not in page.text


def test_nobody_on_the_machine_finds_a_port_of_the_drop(
    applicant: Applicant, installation: Installation
) -> None:
    del applicant
    asked = int(installation.environment["TROPA_PORT"])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", asked)) != 0


def test_no_log_of_tor_names_the_service(
    applicant: Applicant, network: PrivateNetwork, installation: Installation
) -> None:
    del applicant
    name = installation.drop.removeprefix("http://").removesuffix(".onion")
    assert name not in installation.said()
    assert all(name not in said for said in network.everything_said())
