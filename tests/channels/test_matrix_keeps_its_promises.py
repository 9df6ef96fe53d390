"""What is Matrix's own, on a real Synapse: late keys, rooms of many, rooms in clear, edits, identity, disks."""

from __future__ import annotations

import asyncio
import random
import secrets
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.matrix_people_strange import contents
from tests.channels.matrix_rig import MatrixRig
from tests.channels.rig import PATIENCE, Desk, Nothing
from tests.channels.scenes import answer, ended, entries, read_as_boris, run, states
from tests.channels.synapse import PASSWORD, Synapse
from tests.channels.taking import Life
from tropa.channels.catalogue import enrol, open_channel
from tropa.channels.errors import AccountRefused, NotConfigured, Unreachable
from tropa.channels.matrix.adapter import MatrixChannel
from tropa.channels.values import EraseTarget, Handle, Outgoing, OutgoingFile, Retry, Sent

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
PHRASE = "Пришла повестка на послезавтра"


@pytest.fixture
def rig(matrix_server: Synapse) -> MatrixRig:
    return MatrixRig(matrix_server)


async def until(holds: Any) -> None:
    """Wait for what another process does."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.02)


def test_a_message_whose_key_is_late_is_held_and_read_when_it_comes(rig: MatrixRig, world: World) -> None:
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            rig.wire.withhold_keys = True
            await rig.write("7", PHRASE)
            assert await desk.take_in() == 0  # its place in the stream is stored, and it waits
            assert rig.waiting() == 0
            rig.wire.withhold_keys = False
            await desk.live(_stored)

    run(scene())
    assert [(entry.text, entry.remarks) for entry in read_as_boris(world)] == [(PHRASE, ())]


async def _stored() -> bool:
    return await asyncio.to_thread(entries) == 1


def test_a_message_whose_key_never_comes_is_shown_and_still_read_when_it_does(rig: MatrixRig) -> None:
    async def scene() -> None:
        async with rig.running():
            rig.wire.withhold_keys = True
            await rig.write("7", PHRASE)
            async with Life(MatrixChannel(rig.settings, said_after=0.3)) as life:
                await until(lambda: life.items)
                assert [item.kind.value for item in life.items] == ["undecryptable"]
                assert life.items[0].raw
                rig.wire.withhold_keys = False
                await until(lambda: len(life.items) == 2)
                assert life.items[1].text == PHRASE
                assert life.items[0].key != life.items[1].key

    run(scene())


def test_a_room_of_more_than_two_is_left_with_a_word(rig: MatrixRig, world: World) -> None:
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            others = [await asyncio.to_thread(rig.user, "8")]
            await rig.acts("write", "7", desk=rig.desk, text="все это слышат", others=others)
            await rig.write("7", "а это нет")
            await desk.take_in()
            shown = rig.people.of(rig.user("7"))
            await until(lambda: shown.left)
            assert "Others can read" in shown.left[0]

    run(scene())
    assert [entry.text for entry in read_as_boris(world)] == ["а это нет"]


def test_in_a_room_in_clear_nothing_is_answered_and_the_person_is_told(rig: MatrixRig, world: World) -> None:
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            await rig.acts("write", "7", desk=rig.desk, text="открытым текстом", encrypted=False)
            await desk.take_in()
            await asyncio.to_thread(answer, world, "тайный ответ")
            await desk.live(lambda: asyncio.to_thread(ended))
            shown = rig.people.of(rig.user("7"))
            await until(lambda: shown.in_clear)
            assert ["not encrypted" in text for text in shown.in_clear] == [True]
            assert shown.texts == []

    run(scene())
    assert [entry.remarks for entry in read_as_boris(world) if entry.text == "открытым текстом"] == [
        ("plain",)
    ]
    assert states() == ["failed"]


def test_edits_signs_and_what_was_taken_back(rig: MatrixRig, world: World) -> None:
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            first = await rig.acts("write", "7", desk=rig.desk, text="завтра")
            await rig.acts("edit", "7", event=first, text="сегодня")
            await rig.acts("react", "7", event=first, key="👍")
            gone = await rig.acts("write", "7", desk=rig.desk, text="это я стёр")
            await rig.acts("take_back", "7", event=gone)
            await desk.take_in()

    run(scene())
    told = [(entry.text.removeprefix("* "), entry.remarks) for entry in read_as_boris(world)]
    assert told == [("завтра", ()), ("сегодня", ("edited",)), ("👍", ("plain",))]  # apps send signs in clear


def test_strange_messages_hold_nobody_up(rig: MatrixRig, world: World, envelopes: int) -> None:
    """Generated contents, encrypted as a real app would; the generator alone is tried further in memory."""
    chance = random.Random(13)  # noqa: S311  the same contents each time
    desk, written = Desk.of(rig), []

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", "начало")
            for _number in range(max(1, envelopes // 60)):
                await rig.acts("strange", "7", desk=rig.desk, contents=list(contents(chance, 12)))
                written.append(f"настоящее сообщение {len(written)}")
                await rig.write("8", written[-1])
            await desk.take_in()
            assert rig.waiting() == 0

    run(scene(), seconds=120 + envelopes)
    texts = [entry.text for entry in read_as_boris(world)]
    assert [text for text in texts if text in set(written)] == written


def test_files_go_out_whole_and_an_answer_can_be_taken_back(rig: MatrixRig) -> None:
    content = secrets.token_bytes(200_000)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE)
            async with Life(MatrixChannel(rig.settings)) as life:
                await until(lambda: life.items)
                item = life.items[0]
                file = OutgoingFile("памятка.pdf", "application/pdf", content)
                out = Outgoing("0" * 32, item.handle, item.reply_route, "вот", attachments=(file,))
                result = await life.channel.send(out)
                assert isinstance(result, Sent)
                assert await life.channel.send(out) == result  # the same key makes the same messages
                shown = rig.people.of(rig.user("7"))
                await until(lambda: shown.files)
                assert (shown.texts, shown.files) == (["вот"], [("памятка.pdf", content)])
                target = EraseTarget(item.handle, item.reply_route, (result.remote_id,))
                assert (await life.channel.erase(target)).device == "asked"

    run(scene())


def test_the_device_is_signed_by_an_identity_that_stays_when_the_account_is_added_again(
    rig: MatrixRig,
) -> None:
    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE)
            assert await rig.acts("trust", "7", desk=rig.desk, device=rig.settings["device"])
            asked = {"server": rig.wire.url, "user": rig.desk, "password": PASSWORD}
            with pytest.raises(NotConfigured, match="identity_needed"):
                await enrol(rig.about, asked)
            with pytest.raises(NotConfigured, match="identity_is_another"):
                await enrol(rig.about, asked | {"identity": "0" * 64})
            again = await enrol(rig.about, asked | {"identity": rig.paper})
            assert again.paper == rig.paper
            assert PASSWORD not in str(dict(again.settings))
            with pytest.raises(AccountRefused):
                await enrol(rig.about, asked | {"password": "another"})
            devices = rig.server.call("GET", "/_matrix/client/v3/devices", token=again.settings["token"])
            assert {each["device_id"] for each in devices["devices"]} == {  # none of the refused left one
                rig.settings["device"],
                again.settings["device"],
            }

    run(scene())


def test_no_word_no_name_and_no_file_lies_readable_on_the_servers_disk(rig: MatrixRig, world: World) -> None:
    content = "содержимое файла ".encode() * 1000
    desk, probe = Desk.of(rig), "это написано открыто"

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE)
            await rig.write("7", "подпись к файлу", file=("справка.jpg", content))
            await desk.take_in()
            await asyncio.to_thread(answer, world, "Ответ волонтёра")
            await desk.live(lambda: len(rig.texts_to("7")) >= 2)
            await rig.acts("write", "8", desk=rig.desk, text=probe, encrypted=False)

    run(scene())
    told = (PHRASE, "подпись к файлу", "справка.jpg", "Ответ волонтёра", "содержимое файла")
    forms = {form for text in told for form in (text.encode(), text.encode("unicode_escape"))}
    found = [(path.name, form) for path, read in rig.server.everything() for form in forms if form in read]
    assert found == []
    assert any(probe.encode() in read for _path, read in rig.server.everything())


def test_everything_goes_to_the_configured_server(
    rig: MatrixRig, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, called = Desk.of(rig), []
    genuine = socket.socket.connect

    def connect(own: socket.socket, address: Any) -> None:
        called.append(address)
        genuine(own, address)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", PHRASE, file=("имя", bytes(1000)))
            rig.wire.calls.clear()
            monkeypatch.setattr(socket.socket, "connect", connect)
            monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.2:9")
            await desk.take_in()
            await asyncio.to_thread(answer, world, "ответ")
            await desk.live(lambda: asyncio.to_thread(ended))
            monkeypatch.undo()
            # the wire's own calls to the server, this test's questions to it, and the gateway's to the wire
            server, wire = (int(url.rsplit(":", 1)[1]) for url in (rig.server.url, rig.wire.url))
            assert {each[:2] for each in called} <= {("127.0.0.1", server), ("127.0.0.1", wire)}
            assert ("127.0.0.1", wire) in {each[:2] for each in called}
            assert rig.wire.calls

    run(scene())
    assert states() == ["sent"]


def test_a_redirect_is_not_followed_and_a_lost_account_needs_a_person(rig: MatrixRig) -> None:
    async def scene() -> None:
        async with rig.running():
            rig.wire.redirect_to = f"{rig.server.url}/_matrix/client/v3/account/whoami"
            channel = open_channel("matrix", rig.settings, Nothing())
            with pytest.raises(Unreachable):
                await channel.start(Nothing())
            rig.wire.redirect_to = ""
            await channel.start(Nothing())
            rig.server.call("POST", "/_matrix/client/v3/logout", {}, rig.settings["token"])
            with pytest.raises(AccountRefused):
                await channel.next_batch(0)
            handle = Handle("@a:localhost")
            result = await channel.send(Outgoing("0" * 32, handle, b"!a:localhost @a:localhost", "ответ"))
            assert isinstance(result, Retry)
            assert (await channel.health()).code == "account_refused"
            await channel.stop()

    run(scene())


@pytest.mark.parametrize(
    "changed",
    [
        {"server": "http://matrix.example.org"},
        {"server": "https://"},
        {"server": "https://matrix.example.org/path"},
        {"user": "desk"},
        {"user": "@desk"},
        {"identity": "abc"},
        {"password": ""},
        {"token": "given"},
    ],
)
def test_an_account_that_would_speak_in_clear_or_to_nobody_is_refused(changed: dict[str, str]) -> None:
    from tropa.channels.catalogue import about

    asked = {"server": "https://matrix.example.org", "user": "@desk:example.org", "password": "x"}
    with pytest.raises(NotConfigured):
        asyncio.run(enrol(about("matrix"), asked | changed))
