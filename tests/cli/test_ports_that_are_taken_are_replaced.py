"""A port that somebody listens on is replaced by a free one."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tropa.cli.ports import PortRefused, answers, free_port, is_free
from tropa.cli.run import choose_ports

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_free_port_is_taken_as_wished() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    assert free_port(port) == port
    assert not answers(port)


def test_a_taken_port_is_replaced(taken: int) -> None:
    assert answers(taken)
    assert free_port(taken) != taken


def test_drop_and_desk_never_get_the_same_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    ports = choose_ports({"TROPA_PORT": str(port), "TROPA_DESK_PORT": str(port)}, Path("/nowhere"))
    assert ports.drop == port
    assert ports.desk != port


def test_the_desk_stands_next_to_the_drop_unless_told_otherwise(taken: int) -> None:
    next_is_free = is_free(taken + 1)
    ports = choose_ports({"TROPA_PORT": str(taken)}, Path("/nowhere"))
    assert ports.drop != taken
    assert (ports.desk == taken + 1) == next_is_free
    assert ports.desk_url == f"http://localhost:{ports.desk}/"
    assert ports.drop_url == f"http://127.0.0.1:{ports.drop}/"


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "８４００", "84 00"])
def test_what_is_no_port_is_refused_by_name(text: str) -> None:
    with pytest.raises(PortRefused, match="TROPA_PORT"):
        choose_ports({"TROPA_PORT": text}, Path("/nowhere"))
