"""The Signal adapter connects to the configured socket and to nothing else, sends each word of the daemon on as what it
means for the message, and leaves no file of the daemon lying.
"""

from __future__ import annotations

import asyncio
import base64
import os
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.rig import Desk, Nothing
from tests.channels.scenes import answer, ended, run
from tests.channels.signal_double import account_id
from tests.channels.test_the_contract_on_signal import SignalRig, rig
from tropa.channels.catalogue import open_channel
from tropa.channels.errors import AccountRefused, NotConfigured, Unreachable
from tropa.channels.values import (
    EraseTarget,
    Failed,
    Handle,
    Outgoing,
    OutgoingFile,
    Retry,
    SendResult,
    Sent,
    Standing,
    Unknown,
)

if TYPE_CHECKING:
    from tests.desk.world import World

__all__ = ["rig"]
pytestmark = pytest.mark.enable_socket
PERSON = account_id("7")


def to_person(text: str = "ответ", **more: Any) -> Outgoing:
    return Outgoing("0" * 32, Handle(PERSON), PERSON.encode(), text, **more)


@pytest.mark.django_db(transaction=True)
def test_a_whole_conversation_goes_to_one_socket(
    rig: SignalRig, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Any] = []
    genuine = socket.socket.connect

    def connect(own: socket.socket, address: Any) -> None:
        called.append(address)
        genuine(own, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", "текст", file=("имя", bytes(1000)))
            await desk.take_in()
            await asyncio.to_thread(answer, world, "ответ")
            await desk.live(lambda: asyncio.to_thread(ended))

    run(scene())
    unix = {each for each in called if isinstance(each, str)}
    assert unix <= {str(rig.double.socket)}
    assert rig.double.calls.count("send") == 2
    assert list(rig.double.files.iterdir()) == []  # what the daemon kept is erased once it is stored


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (-1, Failed("refused")),
        (-3, Unknown("input_output")),
        (-4, Failed("untrusted_key")),
        (-6, Retry(300.0, "captcha")),
        (-32602, Retry(300.0, "relink")),
        (-32601, Failed("refused")),
        (-7, Unknown("unexpected")),
    ],
)
def test_each_error_means_what_it_may_mean(rig: SignalRig, code: int, meaning: SendResult) -> None:
    async def scene() -> None:
        async with rig.running():
            channel = rig.channel()
            await channel.start(Nothing())
            rig.double.fail_next = code
            assert await channel.send(to_person()) == meaning
            await channel.stop()

    run(scene())


def test_what_did_not_leave_is_tried_again_and_what_may_have_left_is_not(rig: SignalRig) -> None:
    async def scene() -> None:
        async with rig.running():
            channel = rig.channel()
            await channel.start(Nothing())
            rig.double.lose_next_reply = True
            assert await channel.send(to_person("раз")) == Unknown("no_answer")
            assert await channel.send(to_person("два")) == Retry(5.0, "unreachable")
            assert rig.texts_to("7") == ["раз"]
            await channel.stop()

    run(scene())


def test_the_timer_is_set_before_anything_is_said_and_once(rig: SignalRig) -> None:
    async def scene() -> None:
        async with rig.running():
            channel = rig.channel()
            await channel.start(Nothing())
            for text in ("раз", "два"):
                assert isinstance(await channel.send(to_person(text, expires_after=604_800)), Sent)
            assert rig.double.timers == {PERSON: 604_800}
            assert rig.double.calls[-3:] == ["updateContact", "send", "send"]
            await channel.stop()

    run(scene())


def test_files_go_out_whole_and_messages_can_be_asked_back(rig: SignalRig) -> None:
    content = bytes(range(256)) * 800

    async def scene() -> None:
        async with rig.running():
            channel = rig.channel()
            await channel.start(Nothing())
            file = OutgoingFile("листок; a=b.pdf", "application/pdf", content)
            result = await channel.send(to_person(attachments=(file,)))
            assert isinstance(result, Sent)
            assert [base64.b64decode(each) for each in rig.double.sent[-1]["blobs"]] == [content]
            target = EraseTarget(Handle(PERSON), PERSON.encode(), (result.remote_id,))
            assert (await channel.erase(target)).device == "asked"
            assert rig.double.deleted == [int(result.remote_id)]
            await channel.stop()

    run(scene())


def test_an_account_the_daemon_does_not_know_needs_a_person(rig: SignalRig) -> None:
    async def scene() -> None:
        rig.double.accounts = ("+15550199",)
        async with rig.running():
            channel = rig.channel()
            with pytest.raises(AccountRefused):
                await channel.start(Nothing())
            assert (await channel.health()).code == "relink"
            await channel.stop()

    run(scene())


def test_an_old_client_is_said_while_it_works(rig: SignalRig) -> None:
    async def scene() -> None:
        rig.double.version = "0.13.19"
        async with rig.running():
            channel = rig.channel()
            await channel.start(Nothing())
            health = await channel.health()
            assert (health.standing, health.code) == (Standing.NEEDS_PERSON, "version_too_old")
            await channel.stop()

    run(scene())


def test_no_daemon_is_unreachable_and_testing_an_account_fetches_nothing(rig: SignalRig) -> None:
    async def scene() -> None:
        channel = rig.channel()
        with pytest.raises(Unreachable):
            await channel.start(Nothing())
        async with rig.running():
            rig.double.write("7", "ждёт")
            await channel.start(Nothing())
            assert (await channel.invite()).text == "https://signal.me/#p/+15550100"
            await channel.stop()
            assert len(rig.double.queue) == 1

    run(scene())


def test_files_nobody_waits_for_are_erased_after_a_day_and_a_second_accounts_never(rig: SignalRig) -> None:
    old, fresh = rig.double.files / "old.bin", rig.double.files / "fresh.bin"

    async def start() -> None:
        async with rig.running():
            channel = rig.channel()
            await channel.start(Nothing())
            await channel.stop()

    for path in (old, fresh):
        path.write_bytes(b"content")
    os.utime(old, (1, 1))
    rig.double.accounts = ("+15550100", "+15550199")
    run(start())
    assert old.exists()
    rig.double.accounts = ("+15550100",)
    run(start())
    assert not old.exists()
    assert fresh.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "15550100"},
        {"account": "+1555'; x"},
        {"socket": "relative"},
        {"link": "https://example.org/x"},
    ],
)
def test_settings_that_lead_elsewhere_are_refused(wrong: dict[str, str]) -> None:
    settings = {"account": "+15550100", "socket": "/run/s", "directory": "/var/lib/s", "link": ""} | wrong
    with pytest.raises(NotConfigured):
        open_channel("signal", settings, Nothing())
