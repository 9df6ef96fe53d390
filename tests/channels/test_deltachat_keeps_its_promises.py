"""What is Delta Chat's own, on a real mail server: invitations, groups, mail in clear, edits, timers, keys, disks."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.deltachat_people import People, address_of, until
from tests.channels.deltachat_rig import DeltaChatRig
from tests.channels.deltachat_strange import mails
from tests.channels.rig import Desk, Nothing
from tests.channels.scenes import answer, read_as_boris, run, whole_disk
from tests.channels.taking import Life
from tropa.channels.catalogue import enrol, open_channel
from tropa.channels.deltachat.adapter import DeltaChatChannel
from tropa.channels.errors import AccountRefused, NotConfigured
from tropa.channels.values import EraseTarget, Failed, Handle, Outgoing, OutgoingFile, Retry, Sent

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
PHRASE = "Пришла повестка на послезавтра"
READ_BY_THEM = 28


@pytest.fixture
def rig(deltachat_people: People) -> Iterator[DeltaChatRig]:
    rig = DeltaChatRig(deltachat_people)
    yield rig
    rig.close()


async def soon(holds: Any) -> None:
    """Wait for what another process does."""
    await asyncio.to_thread(until, holds)


def life_of(rig: DeltaChatRig) -> Life:
    """A channel that takes in what comes."""
    rig.people.until_delivered()
    return Life(DeltaChatChannel(rig.settings))


def test_somebody_joins_by_the_invitation_whichever_core_answers(rig: DeltaChatRig, world: World) -> None:
    desk, person = Desk.of(rig), f"joining{rig.number}"
    core, invite = rig.people.core, ""

    def joined(account: int, chat: int) -> bool:
        core.call("misc_send_text_message", account, chat, PHRASE)
        return True

    async def scene() -> None:
        nonlocal invite
        async with rig.running():
            channel = open_channel("deltachat", rig.settings, Nothing())
            invite = (await channel.invite()).text
            account = await asyncio.to_thread(rig.people.account, person)
            async with life_of(rig):
                chat = await asyncio.to_thread(core.call, "secure_join", account, invite)
                await soon(lambda: core.call("can_send", account, chat))
                await soon(lambda: joined(account, chat))
            await soon(lambda: rig.server.mails(rig.desk))
            await desk.take_in()
            assert rig.waiting() == 0  # neither the handshake nor anything else stays

    run(scene())
    assert rig.desk not in invite.replace("%40", "@").split("&a=")[0]
    assert [entry.text for entry in read_as_boris(world)] == [PHRASE]


def test_in_a_group_nothing_is_read_and_who_wrote_is_told_alone(rig: DeltaChatRig) -> None:
    core = rig.people.core

    async def scene() -> None:
        async with rig.running():
            chat = await asyncio.to_thread(rig.people.chat, "7", rig.card)
            account = rig.people.account("7")
            group = core.call("create_group_chat", account, "all of us", False)
            core.call("add_contact_to_chat", account, group, core.call("get_chat_contacts", account, chat)[0])
            core.call("misc_send_text_message", account, group, "это слышат все")
            core.call("misc_send_text_message", account, group, "и это")
            await soon(lambda: len(rig.server.mails(rig.desk)) >= 2)
            async with life_of(rig) as life:
                await soon(lambda: rig.texts_to("7"))
                await rig.write("7", "а это нет")
                await soon(lambda: life.items)
                assert [item.text for item in life.items] == ["а это нет"]
            (told,) = rig.texts_to("7")
            assert "We do not read or answer in groups" in told

    run(scene())


def test_what_came_in_clear_is_labelled_and_is_nobody_who_has_a_key(rig: DeltaChatRig, world: World) -> None:
    desk = Desk.of(rig)
    head = (
        f"From: <{address_of('7')}>\r\nTo: <{rig.desk}>\r\nSubject: =?utf-8?q?=D0=A1=D1=80=D0=BE=D0=BA?=\r\n"
    )
    mail = (
        f"{head}Message-ID: <clear@chat.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nоткрыто\r\n"
    )

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE)
            rig.people.until_delivered()
            await asyncio.to_thread(rig.server.put, rig.desk, mail.encode())
            await desk.take_in()
            async with life_of(rig) as life:
                await asyncio.to_thread(rig.server.put, rig.desk, mail.replace("clear@", "again@").encode())
                await soon(lambda: life.items)
                (item,) = life.items
                assert (item.kind.value, item.handle) == ("plain", f"mail:{address_of('7')}")
                out = Outgoing("0" * 32, item.handle, item.reply_route, "ответ")
                assert await life.channel.send(out) == Failed("no_key")

    run(scene())
    found = {entry.text: entry.remarks for entry in read_as_boris(world)}
    assert found == {PHRASE: (), "Срок\n\nоткрыто": ("plain",)}


def test_what_is_changed_or_taken_back_before_it_is_read_is_so_and_nobody_hears_that_it_was(
    rig: DeltaChatRig,
) -> None:
    core = rig.people.core

    async def scene() -> None:
        async with rig.running():
            account = rig.people.account("7")
            first, second = (rig.people.write("7", rig.card, text) for text in ("завтра", "лишнее"))
            # what has not left the app yet is changed there, and no further mail says so
            await soon(lambda: len(rig.server.mails(rig.desk)) == 2)
            core.call("send_edit_request", account, first, "послезавтра")
            core.call("delete_messages_for_all", account, [second])
            await soon(lambda: len(rig.server.mails(rig.desk)) == 4)
            channel = DeltaChatChannel(rig.settings)
            await channel.start(Nothing())
            while not (batch := await channel.next_batch(1.0)) or not batch.items[0].edited:
                pass
            assert [(item.text, item.edited) for item in batch.items] == [("послезавтра", True)]
            await channel.ack(batch)
            core.call("send_edit_request", account, first, "никогда")
            third = rig.people.write("7", rig.card, "потом")
            while not (batch := await channel.next_batch(1.0)):
                pass
            assert [item.text for item in batch.items] == ["потом"]  # the guide says so, and people are told
            await channel.ack(batch)
            await channel.stop()
            assert rig.server.mails(rig.desk) == []
            assert core.call("get_message", account, third)["state"] < READ_BY_THEM

    run(scene())


def test_the_persons_timer_stays_whichever_core_answers(rig: DeltaChatRig) -> None:
    core = rig.people.core

    async def scene() -> None:
        async with rig.running():
            account, chat = rig.people.account("7"), await asyncio.to_thread(rig.people.chat, "7", rig.card)
            core.call("set_chat_ephemeral_timer", account, chat, 3600)
            await rig.write("7", PHRASE)
            async with life_of(rig) as life:
                await soon(lambda: life.items)
            item = life.items[-1]
            assert item.expires_after == 3600
            async with life_of(rig) as life:
                out = Outgoing("0" * 32, item.handle, item.reply_route, "ответ")
                while isinstance(result := await life.channel.send(out), Retry):
                    await asyncio.sleep(0.1)
                assert isinstance(result, Sent)
            await soon(lambda: "ответ" in rig.texts_to("7"))
            assert core.call("get_chat_ephemeral_timer", account, chat) == 3600
            core.call("set_chat_ephemeral_timer", account, chat, 0)

    run(scene())


def test_files_go_out_whole_and_nothing_of_them_stays(rig: DeltaChatRig) -> None:
    content = secrets.token_bytes(200_000)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE)
            async with life_of(rig) as life:
                await soon(lambda: life.items)
                item = life.items[0]
                file = OutgoingFile("памятка.pdf", "application/pdf", content)
                out = Outgoing("0" * 32, item.handle, item.reply_route, "вот", attachments=(file,))
                result = await life.channel.send(out)
                assert isinstance(result, Sent)
                assert not [path for path in _files(rig.folder) if content[:1000] in path.read_bytes()]
                target = EraseTarget(item.handle, item.reply_route, (result.remote_id,))
                assert (await life.channel.erase(target)).device == "impossible"
                await soon(lambda: [each for each in rig.people.shown("7", rig.card) if each["file"]])
                (shown,) = rig.people.shown("7", rig.card)
                assert (shown["text"], shown["fileName"]) == ("вот", "памятка.pdf")
                assert Path(shown["file"]).read_bytes() == content

    run(scene())


def test_the_account_added_again_is_the_same_to_everybody(rig: DeltaChatRig) -> None:
    async def scene() -> None:
        async with rig.running():
            again = await enrol(rig.about, rig.asked() | {"identity": rig.paper})
            assert dict(again.settings) == rig.settings
            assert again.paper == rig.paper
            other = await enrol(rig.about, rig.asked())
            assert other.settings["key"] != rig.settings["key"]
            mixed = f"{rig.settings['key']} {other.settings['invite']}"
            with pytest.raises(NotConfigured, match="identity_is_another"):
                await enrol(rig.about, rig.asked() | {"identity": mixed})
            with pytest.raises(AccountRefused):
                await enrol(rig.about, rig.asked() | {"password": "another"})
            assert list(rig.folder.iterdir()) == []  # nothing of the key stays in memory

    run(scene())


def test_no_word_no_name_and_no_file_lies_readable_on_a_disk_or_after_it_is_stored(
    rig: DeltaChatRig, world: World
) -> None:
    content = "содержимое файла ".encode() * 20_000
    told = (PHRASE, "подпись к файлу", "справка.jpg", "Ответ волонтёра", "содержимое файла")
    desk, probe = Desk.of(rig), "это написано открыто"
    left: list[bytes] = []

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE)
            await rig.write("7", "подпись к файлу", file=("справка.jpg", content))
            await desk.take_in()
            await asyncio.to_thread(answer, world, "Ответ волонтёра")

            def answered() -> bool:
                done = "Ответ волонтёра" in rig.texts_to("7")
                if done:
                    left.extend(path.read_bytes() for path in _files(rig.folder))
                return done

            await desk.live(answered)
            mail = f"From: <a@chat.test>\r\nMessage-ID: <probe@chat.test>\r\n\r\n{probe}\r\n"
            await asyncio.to_thread(rig.server.put, rig.desk, mail.encode())

    run(scene())
    on_disks = rig.server.everything() + whole_disk()
    assert [text for text in told if text.encode() in on_disks] == []
    assert probe.encode() in on_disks
    assert list(rig.folder.iterdir()) == []  # what was in memory is gone with the process
    in_memory = b"".join(left)
    assert b"messages" in in_memory  # the core's own tables were looked at while it ran
    stored = (PHRASE, "подпись к файлу", "содержимое файла")
    assert [text for text in stored if text.encode() in in_memory] == []


def test_everything_goes_to_the_configured_servers(
    rig: DeltaChatRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: set[tuple[str, int]] = set()
    genuine = socket.socket.connect

    def connect(own: socket.socket, address: Any) -> None:
        met.add(address[:2])
        genuine(own, address)

    async def watch(channel: DeltaChatChannel) -> None:
        while True:
            life = channel._life
            if life is not None and life.core._process is not None:
                met.update(await asyncio.to_thread(_other_ends, life.core._process.pid))
            await asyncio.sleep(0.005)

    async def scene() -> None:
        async with rig.running():
            text = "https://example.org/ mailto:x@example.org https://i.delta.chat/#A geo:1,2"
            await rig.write("7", text, file=("a.html", b'<img src="https://example.org/a.png">'))
            rig.people.until_delivered()
            life = Life(DeltaChatChannel(rig.settings))
            assert isinstance(life.channel, DeltaChatChannel)
            watching = asyncio.create_task(watch(life.channel))
            monkeypatch.setattr(socket.socket, "connect", connect)
            monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.2:9")
            async with life:
                while not life.items:
                    await asyncio.sleep(0.02)
                item = life.items[0]
                out = Outgoing("0" * 32, item.handle, item.reply_route, text)
                assert isinstance(await life.channel.send(out), Sent)
            monkeypatch.undo()
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            # the wire's own calls to the server, and the gateway's and its core's to the wire
            wire = {("127.0.0.1", rig.wire.imap), ("127.0.0.1", rig.wire.smtp)}
            assert wire <= met
            assert met - wire <= {("127.0.0.1", rig.server.imap), ("127.0.0.1", rig.server.smtp)}

    run(scene())


def test_whatever_comes_by_mail_the_rest_goes_on(rig: DeltaChatRig, world: World, envelopes: int) -> None:
    desk, chance = Desk.of(rig), random.Random(20261123)  # noqa: S311  the same mails each time
    given = mails(chance, sender=address_of("9"), to=rig.desk, number=envelopes // 10)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE)
            rig.people.until_delivered()
            await asyncio.to_thread(rig.server.put, rig.desk, *given)
            await rig.write("7", "и ещё")
            await desk.take_in()
            assert rig.waiting() == 0

    run(scene())
    texts = [entry.text for entry in read_as_boris(world)]
    assert [text for text in texts if text in (PHRASE, "и ещё")] == [PHRASE, "и ещё"]
    assert len(texts) >= len(given) // 2 + 2  # most of them say something, however strange


def test_a_directory_on_a_disk_is_refused(rig: DeltaChatRig, tmp_path: Path) -> None:
    async def scene() -> None:
        async with rig.running():
            with pytest.raises(NotConfigured, match="directory_not_in_memory"):
                await enrol(rig.about, rig.asked() | {"directory": str(tmp_path / "here")})

    run(scene())


def test_a_message_to_nobody_or_from_a_dead_core_does_not_leave(rig: DeltaChatRig) -> None:
    async def scene() -> None:
        async with rig.running():
            channel = DeltaChatChannel(rig.settings)
            out = Outgoing("0" * 32, Handle("key:0"), b"strange", "ответ")
            assert await channel.send(out) == Failed("no_such_person")
            await rig.write("7", PHRASE)
            rig.people.until_delivered()
            await channel.start(Nothing())
            while not (batch := await channel.next_batch(1.0)):
                pass
            (item,) = batch.items
            another = Outgoing("0" * 32, Handle("key:" + "0" * 64), item.reply_route, "ответ")
            assert await channel.send(another) == Failed("no_such_person")
            assert channel._life is not None
            assert channel._life.core._process is not None
            channel._life.core._process.kill()
            await channel._life.core._process.wait()
            answer_ = Outgoing("0" * 32, item.handle, item.reply_route, "ответ")
            assert isinstance(await channel.send(answer_), Retry)
            while not (batch := await channel.next_batch(1.0)):  # a new core, fed anew
                pass
            assert [each.key for each in batch.items] == [item.key]
            await channel.ack(batch)
            await channel.stop()

    run(scene())


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _other_ends(process: int) -> set[tuple[str, int]]:
    """What this process holds connections to, or sends to, in this moment."""
    inodes = set()
    with contextlib.suppress(OSError):
        for handle in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                inodes.add(str(handle.readlink()).removeprefix("socket:[").rstrip("]"))
    found = set()
    for table in ("tcp", "udp", "tcp6", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            address, port = fields[2].rsplit(":", 1)
            if fields[9] in inodes and int(port, 16):
                plain = address if len(address) > 8 else socket.inet_ntoa(bytes.fromhex(address)[::-1])
                found.add((plain, int(port, 16)))
    return found
