"""The adapter connects to the configured server and to nobody else, whatever that server answers."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.rig import Desk, Nothing
from tests.channels.scenes import answer, ended, run
from tests.channels.telegram_double import TOKEN, BotApiDouble
from tests.channels.test_the_contract_on_telegram import TelegramRig
from tropa.channels.catalogue import open_channel
from tropa.channels.errors import AccountRefused, NotConfigured, Unreachable
from tropa.channels.values import Handle, Outgoing, Retry, Sent, Unknown

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address this process asked the system to connect to."""
    found: list[Any] = []
    genuine = socket.socket.connect

    def connect(own: socket.socket, address: Any) -> None:
        found.append(address)
        genuine(own, address)

    resolved = socket.getaddrinfo

    def look_up(host: Any, *arguments: Any, **named: Any) -> Any:
        found.append((host, "looked up"))
        return resolved(host, *arguments, **named)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.2:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.2:9")
    return found


@pytest.mark.django_db(transaction=True)
def test_a_whole_conversation_goes_to_one_address(world: World, called: list[Any]) -> None:
    rig = TelegramRig()
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", "текст", file=("имя", bytes(1000)))
            await desk.take_in()
            await asyncio.to_thread(answer, world, "ответ")
            await desk.live(lambda: asyncio.to_thread(ended))

    run(scene())
    addresses = {each for each in called if each[1] != "looked up" and isinstance(each, tuple)}
    assert addresses == {("127.0.0.1", rig.double.port)}
    assert {host for host, what in called if what == "looked up"} <= {"127.0.0.1"}


def test_a_redirect_is_not_followed(called: list[Any]) -> None:
    async def scene() -> None:
        async with BotApiDouble() as elsewhere, BotApiDouble() as double:
            channel = open_channel("telegram", {"token": TOKEN, "server": double.url}, Nothing())
            await channel.start(Nothing())
            double.redirect_to = f"{elsewhere.url}/bot{TOKEN}/sendMessage"
            result = await channel.send(Outgoing("0" * 32, Handle("7"), b"7", "секрет"))
            assert isinstance(result, Unknown)
            assert (elsewhere.calls, elsewhere.sent) == ([], [])
            await channel.stop()

    run(scene())


@pytest.mark.parametrize(
    ("token", "server"),
    [
        ("not a token", "https://api.telegram.org"),
        ("42:short", "https://api.telegram.org"),
        (TOKEN, "http://api.telegram.org"),
        (TOKEN, "http://127.0.0.1.example.org"),
        (TOKEN, "ftp://api.telegram.org"),
        (TOKEN, "https://"),
    ],
)
def test_an_account_that_would_speak_in_clear_or_to_nobody_is_refused(token: str, server: str) -> None:
    with pytest.raises(NotConfigured):
        open_channel("telegram", {"token": token, "server": server}, Nothing())


def test_a_token_that_is_no_longer_good_needs_a_person_and_loses_no_message() -> None:
    async def scene() -> None:
        async with BotApiDouble() as double:
            channel = open_channel("telegram", {"token": TOKEN, "server": double.url}, Nothing())
            await channel.start(Nothing())
            double.token = "other"
            with pytest.raises(AccountRefused):
                await channel.next_batch(0)
            result = await channel.send(Outgoing("0" * 32, Handle("7"), b"7", "ответ"))
            assert isinstance(result, Retry)
            assert (await channel.health()).code == "account_refused"
            await channel.stop()

    run(scene())


def test_no_connection_at_all_is_surely_not_sent() -> None:
    async def scene() -> None:
        async with BotApiDouble() as double:
            url = double.url
        channel = open_channel("telegram", {"token": TOKEN, "server": url}, Nothing())
        with pytest.raises(Unreachable):
            await channel.start(Nothing())
        assert isinstance(await channel.send(Outgoing("0" * 32, Handle("7"), b"7", "ответ")), Retry)
        await channel.stop()

    run(scene())


def test_files_go_out_whole() -> None:
    from tropa.channels.values import OutgoingFile

    content = bytes(range(256)) * 800

    async def scene() -> None:
        async with BotApiDouble() as double:
            channel = open_channel("telegram", {"token": TOKEN, "server": double.url}, Nothing())
            file = OutgoingFile("leaflet.pdf", "application/pdf", content)
            result = await channel.send(Outgoing("0" * 32, Handle("7"), b"7", "вот", attachments=(file,)))
            assert isinstance(result, Sent)
            assert list(double.files.values()) == [content]
            await channel.stop()

    run(scene())
