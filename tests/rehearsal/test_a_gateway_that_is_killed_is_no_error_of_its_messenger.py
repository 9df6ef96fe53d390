"""The rehearsal's messenger is silent about a gateway that went away in the middle of a question, and about nothing
else.
"""

import http.client

import pytest

from tropa.rehearsal.bot_server import BotServer, Person

pytestmark = pytest.mark.enable_socket


@pytest.mark.parametrize(
    ("error", "told"),
    [(BrokenPipeError(), False), (ConnectionResetError(), False), (KeyError("a fault of ours"), True)],
)
def test_only_other_errors_are_told(
    error: Exception, told: bool, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(*_told: object) -> None:
        raise error

    monkeypatch.setattr(BotServer, "answer", fails)
    with BotServer("42:token", Person(7, "somebody", "Somebody")) as server:
        connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=60)
        connection.request("GET", "/bot42:token/getMe")
        with pytest.raises(http.client.RemoteDisconnected):  # closed after the error was handled
            connection.getresponse()
        connection.close()
    said = capfd.readouterr().err
    assert ("a fault of ours" in said) is told
    assert bool(said) is told
