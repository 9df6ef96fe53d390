"""The shared world, for everything that goes through the gateway, and how long the long tests are.

`make soak` asks for more: `--kills 200 --envelopes 5000`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.deltachat_people import People, people
from tests.channels.mail_people import Partners
from tests.channels.mail_server import MailServer, mail_server
from tests.channels.prosody import prosody
from tests.channels.synapse import Synapse, synapse
from tests.channels.xmpp_people import People as XmppPeople
from tests.channels.xmpp_people import people as xmpp_people_on
from tests.desk.conftest import world
from tools import mail_server as mail_packages
from tools import prosody as prosody_package
from tools.synapse import find

__all__ = ["world"]


@pytest.fixture(scope="session")
def matrix_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """One server for all tests that want it."""
    python = find()
    if python is None:
        pytest.skip("no Matrix server on this machine, and it could not be installed")
    with synapse(python, tmp_path_factory.mktemp("synapse")) as server:
        yield server


@pytest.fixture(scope="session")
def one_mail_server() -> Iterator[MailServer]:
    """One for every channel that is mail."""
    if mail_packages.find() is None:
        pytest.skip("no mail server on this machine, or no root to run one")
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def deltachat_people(one_mail_server: MailServer) -> Iterator[People]:
    """Everybody on Delta Chat, for all tests that want them."""
    with people(one_mail_server) as everybody:
        yield everybody


@pytest.fixture(scope="session")
def mail_partners(one_mail_server: MailServer) -> Partners:
    """Partners with keys of their own, for all tests that want them."""
    return Partners(one_mail_server)


@pytest.fixture(scope="session")
def xmpp_people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XmppPeople]:
    """One XMPP server, and everybody on it, for all tests that want them."""
    if prosody_package.find() is None:
        pytest.skip("no XMPP server on this machine")
    with prosody(tmp_path_factory.mktemp("prosody")) as server, xmpp_people_on(server) as everybody:
        yield everybody


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=5, help="how often the gateway is killed at seeded moments")
    parser.addoption(
        "--envelopes", type=int, default=300, help="how many malformed envelopes an adapter meets"
    )


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--kills", 5))


@pytest.fixture
def envelopes(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--envelopes", 300))
