"""What is XMPP's own, on a real Prosody: words in clear, groups, devices, keys, files, disks, and hosts."""

from __future__ import annotations

import asyncio
import random
import secrets
import socket
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from tests.channels.rig import Desk, Nothing
from tests.channels.scenes import answer, read_as_boris, run, whole_disk
from tests.channels.taking import Life
from tests.channels.xmpp_people import People, until
from tests.channels.xmpp_rig import XmppRig
from tests.channels.xmpp_strange import sendable, strange
from tropa.channels.catalogue import enrol
from tropa.channels.errors import AccountRefused, FileLost, NotConfigured
from tropa.channels.values import Failed, Handle, Incoming, Outgoing, OutgoingFile, Retry, Sent
from tropa.channels.xmpp.adapter import XmppChannel
from tropa.channels.xmpp.files import fetch, read_link

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
PHRASE = "Пришла повестка на послезавтра"


@pytest.fixture
def rig(xmpp_people: People) -> XmppRig:
    return XmppRig(xmpp_people)


async def soon(holds: Any) -> None:
    """Wait for what another thread does."""
    await asyncio.to_thread(until, holds)


async def pieces(item: Incoming) -> bytes:
    return b"".join([piece async for piece in item.attachments[0].open()])


def out(person: str, text: str, *files: OutgoingFile) -> Outgoing:
    address = f"{person}@localhost"
    return Outgoing(secrets.token_hex(16), Handle(address), address.encode(), text, attachments=files)


def test_what_is_in_clear_or_in_a_group_is_labelled_and_the_person_is_told_once(rig: XmppRig) -> None:
    invitation = ET.Element("{jabber:x:conference}x", {"jid": "all@groups.localhost"})

    async def scene() -> None:
        async with rig.running(), Life(XmppChannel(rig.settings)) as life:
            await rig.acts("raw", "7", body="открыто")
            await rig.acts("raw", "7", invitation)
            await rig.acts("raw", "7", body="и это слышат все", kind="groupchat")
            await rig.acts("say", "7", "а это нет")
            await soon(lambda: len(life.items) == 3)
            kinds = [(item.kind.value, item.text) for item in life.items]
            assert kinds == [("plain", "открыто"), ("undecryptable", ""), ("text", "а это нет")]
            shown = rig.people.device("7").shown[rig.desk]
            await soon(lambda: shown.in_clear)
            (told,) = shown.in_clear
            assert "OMEMO" in told
            assert shown.texts == []

    run(scene())


def test_an_answer_reaches_every_device_of_a_person_and_no_other_device_of_ours(rig: XmppRig) -> None:
    person = f"two{rig.name}"

    async def scene() -> None:
        async with rig.running():
            spy = await asyncio.to_thread(rig.people.signed_in, rig.name)  # somebody has our password
            async with Life(XmppChannel(rig.settings)) as life:
                assert (await life.channel.health()).code == "other_device"
                await rig.acts("say", person, PHRASE)
                second = await asyncio.to_thread(rig.people.device, person, 1)
                await asyncio.to_thread(rig.people.do, second.say(rig.desk, "с другого телефона"))
                await soon(lambda: len(life.items) == 2)
                assert [item.new_device for item in life.items] == [False, True]
                rig.wire.said.clear()
                assert isinstance(await life.channel.send(out(person, "обоим")), Sent)
                await soon(lambda: second.shown[rig.desk].texts == ["обоим"])
                await soon(lambda: rig.texts_to(person) == ["обоим"])
                (sent,) = [part for part in rig.wire.said if b"<body" in part]
                assert sent.count(b"rid=") == 2
                assert b"OMEMO" in sent
                assert spy.shown[rig.desk].texts == []

    run(scene())


def test_nothing_leaves_before_its_keys_are_stored(rig: XmppRig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tropa.channels.xmpp.sending.STORED_WITHIN", 0.5)

    async def scene() -> None:
        async with rig.running():
            await rig.acts("say", "7", PHRASE)
            channel = XmppChannel(rig.settings)
            await channel.start(Nothing())
            while not (batch := await channel.next_batch(1.0)) or not batch.items:
                if batch is not None:
                    await channel.ack(batch)
            rig.wire.said.clear()
            result = await channel.send(out("7", "рано"))  # the batch it depends on is not stored
            assert isinstance(result, Retry)
            assert not [part for part in rig.wire.said if b"<body" in part]
            assert await channel.next_batch(0.0) is batch  # the same again, until it is
            await channel.stop()

    run(scene())


def test_a_correction_is_marked_and_what_no_archive_keeps_comes_too(rig: XmppRig) -> None:
    async def scene() -> None:
        async with rig.running(), Life(XmppChannel(rig.settings)) as life:
            name = await rig.acts("say", "7", "завтра")
            await rig.acts("say", "7", "послезавтра", replaces=name)
            await rig.acts("raw", "7", ET.Element("{urn:xmpp:hints}no-store"), body="нигде")
            await soon(lambda: len(life.items) == 3)
            said = [(item.text, item.edited) for item in life.items]
            assert said == [("завтра", False), ("послезавтра", True), ("нигде", False)]

    run(scene())


def test_files_go_both_ways_whole_or_not_at_all(rig: XmppRig) -> None:
    content = secrets.token_bytes(200_000)

    async def scene() -> None:
        async with rig.running(), Life(XmppChannel(rig.settings)) as life:
            await rig.acts("say", "7", rig.host.link("whole", content))
            await rig.acts("say", "7", rig.host.link("changed", content, changed=True))
            await rig.acts("say", "7", rig.host.link("elsewhere", content))
            await rig.acts("say", "7", "aesgcm://example.org/x#" + "0a" * 44)
            await soon(lambda: len(life.items) == 4)
            assert await pieces(life.items[0]) == content
            for item in life.items[1:]:
                with pytest.raises(FileLost):
                    await pieces(item)
            file = OutgoingFile("памятка.pdf", "application/pdf", content)
            assert isinstance(await life.channel.send(out("7", "", file)), Sent)
            shown = rig.people.device("7").shown[rig.desk]
            await soon(lambda: shown.links)
            link = read_link(shown.links[0])
            assert link is not None
            assert "памятка" not in link.name
            got = [piece async for piece in fetch(link, (rig.server.files,), len(content))]
            assert b"".join(got) == content

    run(scene())


def test_the_account_added_again_is_the_same_to_everybody(rig: XmppRig) -> None:
    async def scene() -> None:
        async with rig.running():
            again = await enrol(rig.about, rig.asked() | {"identity": rig.paper})
            device, fingerprint = rig.settings["device"].split(":")
            assert again.settings["device"].split(":")[1] == fingerprint
            assert again.settings["device"].split(":")[0] != device
            assert again.paper == rig.paper
            other = await enrol(rig.about, rig.asked())
            assert other.settings["device"].split(":")[1] != fingerprint
            with pytest.raises(AccountRefused):
                await enrol(rig.about, rig.asked() | {"password": "another"})
            damaged = XmppChannel(rig.settings | {"keys": "{}"})
            with pytest.raises(NotConfigured, match="keys_damaged"):
                await damaged.start(Nothing())

    run(scene())


def test_an_account_added_again_goes_on_where_it_was_with_a_new_device(rig: XmppRig, world: World) -> None:
    desk, other = Desk.of(rig), f"again{rig.name}"

    async def scene() -> None:
        async with rig.running():
            await rig.write(other, PHRASE)
            await desk.take_in()
            await rig.write(other, "зря")
            again = await enrol(rig.about, rig.asked() | {"identity": rig.paper})
            rig.settings = dict(again.settings)
            await asyncio.to_thread(rig.people.do, rig.people.device(other).look_again(rig.desk))
            await rig.write(other, "снова")
            await desk.take_in()

    run(scene())
    found = [(entry.text, entry.remarks) for entry in read_as_boris(world)]
    assert found == [(PHRASE, ()), ("", ("unreadable",)), ("снова", ())]


def test_no_word_and_no_file_lies_readable_on_a_disk(rig: XmppRig, world: World) -> None:
    content = "содержимое файла ".encode() * 20_000
    desk, probe = Desk.of(rig), "это написано открыто"

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE)
            await rig.write("7", file=("spravka.jpg", content))
            await desk.take_in()
            await asyncio.to_thread(answer, world, "Ответ волонтёра")
            await desk.live(lambda: "Ответ волонтёра" in rig.texts_to("7"))
            await rig.acts("raw", "9", body=probe)

    run(scene())
    assert len(read_as_boris(world)) == 3
    on_disks = b"\n".join(found for _path, found in rig.server.everything()) + whole_disk()
    told = (PHRASE, "Ответ волонтёра", "содержимое файла")
    assert [text for text in told if text.encode() in on_disks] == []
    assert probe.encode() in on_disks


def test_everything_goes_to_the_configured_hosts(rig: XmppRig, monkeypatch: pytest.MonkeyPatch) -> None:
    met: set[tuple[str, int]] = set()
    genuine = socket.socket.connect

    def connect(own: socket.socket, address: Any) -> None:
        met.add(address[:2])
        genuine(own, address)

    async def scene() -> None:
        async with rig.running():
            await rig.acts("say", "7", "https://example.org/ xmpp:x@example.org aesgcm://example.org/x")
            await rig.acts("say", "7", "aesgcm://127.0.0.3:9/x#" + "0a" * 44)
            monkeypatch.setattr(socket.socket, "connect", connect)
            monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.2:9")
            async with Life(XmppChannel(rig.settings)) as life:
                while len(life.items) < 2:
                    await asyncio.sleep(0.02)
                with pytest.raises(FileLost):
                    await pieces(life.items[1])
                assert isinstance(await life.channel.send(out("7", "https://example.org/")), Sent)
            monkeypatch.undo()
            assert met <= {("127.0.0.1", rig.wire.port), ("127.0.0.1", rig.server.port)}
            assert ("127.0.0.1", rig.wire.port) in met

    run(scene())


def test_whatever_comes_the_rest_goes_on(rig: XmppRig, envelopes: int) -> None:
    chance = random.Random(20261123)  # noqa: S311  the same messages each time
    given = [sendable(strange(chance), rig.desk) for _each in range(envelopes // 10)]

    async def scene() -> None:
        async with rig.running(), Life(XmppChannel(rig.settings, settle_after=0.0)) as life:
            await rig.acts("say", "7", PHRASE)
            await asyncio.to_thread(rig.people.do, rig.people.device("9").all_of(filter(None, given)))
            await rig.acts("say", "7", "и ещё")
            await soon(lambda: rig.waiting() == 0 and life.items and life.items[-1].text == "и ещё")
            texts = [item.text for item in life.items if item.handle.startswith("7@")]
            assert texts == [PHRASE, "и ещё"]
            assert len(life.items) >= len(given) // 4 + 2  # many of them say something, however strange

    run(scene())


def test_a_message_to_nobody_does_not_leave(rig: XmppRig) -> None:
    async def scene() -> None:
        async with rig.running(), Life(XmppChannel(rig.settings)) as life:
            strange = Outgoing("0" * 32, Handle("x"), b"strange", "ответ")
            assert await life.channel.send(strange) == Failed("no_such_person")
            other = Outgoing("0" * 32, Handle("8@localhost"), b"7@localhost", "ответ")
            assert await life.channel.send(other) == Failed("no_such_person")
            assert await life.channel.send(out("nobody", "ответ")) == Failed("no_key")

    run(scene())
