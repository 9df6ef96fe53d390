"""Whatever the daemon gives, nothing breaks and nobody waits: strange lines are passed over or kept as unreadable, and
what people wrote between them is stored once.
"""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.rig import Desk
from tests.channels.scenes import read_as_boris, run
from tests.channels.signal_double import ACCOUNT, SignalDouble, account_id
from tests.channels.strange import members, strange_copy
from tests.channels.test_the_contract_on_signal import SignalRig, rig
from tropa.channels.signal.daemon import LONGEST_LINE
from tropa.channels.signal.reading import Line, read_line
from tropa.channels.values import LONGEST_TEXT, IncomingKind

if TYPE_CHECKING:
    from tests.desk.world import World

__all__ = ["rig"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


def no_file(_file_id: str, _size: int | None) -> Callable[[], AsyncIterator[bytes]]:
    """Reading opens no file."""
    raise AssertionError


def valid(double: SignalDouble, stamp: int) -> dict[str, Any]:
    """A message with everything it may have."""
    file = {"contentType": "image/png", "filename": "имя", "id": "abc.png", "size": 3}
    message = {"timestamp": stamp, "message": "текст", "expiresInSeconds": 60, "attachments": [file]}
    return {"envelope": double.envelope("7", stamp) | {"dataMessage": message}, "account": ACCOUNT}


def test_generated_lines_hold_nobody_up(rig: SignalRig, world: World, envelopes: int) -> None:
    chance = random.Random(6)  # noqa: S311  the same lines each time
    desk, written = Desk.of(rig), []

    async def scene() -> None:
        async with rig.running():
            for number in range(envelopes):
                rig.double.push(strange_copy(chance, valid(rig.double, number + 1)))
                if number % 25 == 0:
                    written.append(f"настоящее сообщение {number}")
                    rig.double.write("8", written[-1])
            await desk.take_in()
            assert rig.waiting() == 0

    run(scene(), seconds=120 + envelopes)
    texts = [entry.text for entry in read_as_boris(world)]
    assert [text for text in texts if text in set(written)] == written


def test_reading_never_raises_and_never_gives_more_than_fits(rig: SignalRig, envelopes: int) -> None:
    chance = random.Random(60)  # noqa: S311
    for number in range(envelopes * 10):
        params = {"subscription": 0, "result": strange_copy(chance, valid(rig.double, number + 1))}
        line = json.dumps({"jsonrpc": "2.0", "method": "receive", "params": params}).encode()
        item = read_line(line, ACCOUNT, lambda *_: no_file).item
        if item is not None:
            assert len(item.text) <= LONGEST_TEXT
            item.text.encode()
            assert all(len(each.name) <= 200 and each.name.encode() is not None for each in item.attachments)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"null",
        b"\xff\xfe",
        b'{"method":"receive"}',
        b'{"method":"receive","params":[]}',
    ],
)
def test_a_line_that_does_not_read_says_nothing(line: bytes) -> None:
    assert read_line(line, ACCOUNT, lambda *_: no_file) == Line()


def test_broken_and_overlong_lines_are_passed_over(rig: SignalRig, world: World) -> None:
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            await rig.write("8", "до")
            for line in (b"{", b"[" * 50_000, b"\xff\xfe", b"x" * (LONGEST_LINE + 1)):
                rig.double.push_raw(line)
            await rig.write("8", "после")
            await desk.take_in()
            assert rig.waiting() == 0

    run(scene())
    assert [entry.text for entry in read_as_boris(world)] == ["до", "после"]


def test_what_is_said_in_a_group_is_not_ours_and_the_account_leaves(rig: SignalRig, world: World) -> None:
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            rig.double.write(
                "7",
                "все это слышат",
                groupInfo={"groupId": "R3JvdXA=", "type": "DELIVER", "members": members()},
            )
            await rig.write("7", "а это нет")
            await desk.take_in()

    run(scene())
    assert [entry.text for entry in read_as_boris(world)] == ["а это нет"]
    assert (rig.double.left, rig.double.sent) == (["R3JvdXA="], [])


def test_edits_calls_and_what_has_no_words(rig: SignalRig, world: World) -> None:
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", "завтра")
            edit = {"targetSentTimestamp": 1, "dataMessage": {"timestamp": 2, "message": "сегодня"}}
            rig.double.push({"envelope": rig.double.envelope("7", 2) | {"editMessage": edit}})
            call = {"offerMessage": {"id": 1, "type": "AUDIO_CALL"}}
            rig.double.push({"envelope": rig.double.envelope("7", 3) | {"callMessage": call}})
            rig.double.push(
                {"envelope": rig.double.envelope("7", 4) | {"typingMessage": {"action": "STARTED"}}}
            )
            rig.double.write("7", contacts=[{"name": "кто-то"}])
            rig.double.write("7", isExpirationUpdate=True, expiresInSeconds=3600)
            await desk.take_in()

    run(scene())
    told = [(entry.text, entry.remarks) for entry in read_as_boris(world)]
    assert told == [("завтра", ()), ("сегодня", ("edited",)), ("", ("unreadable",)), ("", ("unreadable",))]


def test_a_changed_timer_is_a_notice_with_its_seconds(rig: SignalRig) -> None:
    message = {"timestamp": 1, "message": None, "isExpirationUpdate": True, "expiresInSeconds": 3600}
    result = {"envelope": rig.double.envelope("7", 1) | {"dataMessage": message}, "account": ACCOUNT}
    item = read_line(json.dumps({"params": {"result": result}}).encode(), ACCOUNT, lambda *_: no_file).item
    assert item is not None
    assert (item.kind, item.expires_after, item.handle) == (IncomingKind.NOTICE, 3600, account_id("7"))


@pytest.mark.parametrize(
    "file_id", ["../../etc/passwd", "/etc/passwd", "..", ".hidden", "a/b", "", "x" * 300]
)
def test_a_files_id_is_never_a_path(rig: SignalRig, file_id: str) -> None:
    message = {"timestamp": 1, "message": "вот", "attachments": [{"id": file_id, "size": 1}]}
    result = {"envelope": rig.double.envelope("7", 1) | {"dataMessage": message}, "account": ACCOUNT}
    line = read_line(json.dumps({"params": {"result": result}}).encode(), ACCOUNT, lambda *_: no_file)
    assert line.item is not None
    assert (line.item.kind, line.item.attachments, line.files) == (IncomingKind.UNDECRYPTABLE, (), ())
