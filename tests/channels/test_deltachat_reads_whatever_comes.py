"""Whatever the core or a person gives, reading never raises: what is strange is kept as unreadable or passed over."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.channels.strange import STRANGE, strange_copy
from tropa.channels.deltachat.hearing import Ears
from tropa.channels.deltachat.mailbox import Raw
from tropa.channels.deltachat.people import NotAPerson, Person, person_at, primary_key, read_route
from tropa.channels.deltachat.reading import Around, Line, Step, read_message, read_unopened
from tropa.channels.deltachat.store import Store, in_memory
from tropa.channels.errors import NotConfigured
from tropa.channels.values import LARGEST_IN, LONGEST_TEXT, IncomingKind

BODY = b"\x04" + bytes(range(40))
KEY = b"\xc6" + bytes([len(BODY)]) + BODY + b"\xce\x00"
ADDRESS = "person@chat.test"
MESSAGE: dict[str, Any] = {
    "id": 12,
    "chatId": 10,
    "fromId": 11,
    "text": "Пришла повестка",
    "subject": "Re: Message",
    "isInfo": False,
    "isEdited": False,
    "showPadlock": True,
    "downloadState": "Done",
    "viewType": "File",
    "file": "/dev/shm/x/blob.jpg",
    "fileName": "фото.jpg",
    "fileMime": "image/jpeg",
    "fileBytes": 3,
    "timestamp": 1795401777,
    "sender": {"address": ADDRESS, "isKeyContact": True},
}
INFO: dict[str, Any] = {
    "rfc724Mid": "0d816f01@localhost",
    "ephemeralTimer": {"kind": "enabled", "duration": 60},
}
MOVED_TO = ("text", "file", "sender", "fileBytes", "downloadState", "viewType", "fromId", "timestamp")


def no_file(_path: str) -> Callable[[], AsyncIterator[bytes]]:
    """Reading opens no file."""

    def opened() -> AsyncIterator[bytes]:
        raise AssertionError

    return opened


def card(key: bytes = KEY) -> str:
    return Person(ADDRESS, key).card


def read(message: dict[str, Any], *, patient: bool = True, **around: Any) -> Line:
    told = {"info": INFO, "single": True, "card": card()} | around
    return read_message(message, Around(**told), cap=LARGEST_IN, opener=no_file, patient=patient)


def test_reading_never_raises_and_never_gives_more_than_fits(envelopes: int) -> None:
    chance, taken = random.Random(20261123), 0  # noqa: S311  the same messages each time
    for _each in range(envelopes):
        message, info = strange_copy(chance, MESSAGE, MOVED_TO), strange_copy(chance, INFO, ("duration",))
        line = read(message, info=info, card=chance.choice((card(), card(), "", "KEY:data:")))
        if line.item is not None:
            taken += 1
            assert len(line.item.text) <= LONGEST_TEXT + len("\n\n") + 1
            line.item.text.encode()
            line.item.key.encode()
            assert read_route(line.item.reply_route).handle == line.item.handle
    assert taken > envelopes // 4


def test_a_message_of_two_is_somebodys_word_with_its_file_and_timer() -> None:
    item = read(MESSAGE).item
    assert item is not None
    assert (item.kind, item.text, item.expires_after) == (IncomingKind.ATTACHMENT, "Пришла повестка", 60)
    assert [(file.name, file.declared_size) for file in item.attachments] == [("фото.jpg", 3)]
    assert item.handle == person_at(ADDRESS, card=card()).handle
    assert item.key == f"{item.handle}:0d816f01@localhost"


@pytest.mark.parametrize(
    ("changed", "step"),
    [
        ({"fromId": 1}, Step.SKIP),
        ({"fromId": 2}, Step.SKIP),
        ({"isInfo": True}, Step.SKIP),
        ({"sender": {"address": "a@b\r\nKEY:x"}}, Step.SKIP),
        ({"downloadState": "Available"}, Step.ASK),
        ({"downloadState": "InProgress"}, Step.WAIT),
        ({"downloadState": "Available", "fileBytes": LARGEST_IN + 1}, Step.TAKE),
    ],
)
def test_what_is_done_about_a_message(changed: dict[str, Any], step: Step) -> None:
    assert read(MESSAGE | changed).step is step


def test_what_never_comes_is_told_and_waits_for_nothing() -> None:
    line = read(MESSAGE | {"downloadState": "InProgress"}, patient=False)
    assert line.item is not None
    assert [file.name for file in line.item.attachments] == ["фото.jpg"]
    assert line.file == ""


def test_a_group_and_a_mail_in_clear_are_no_word_of_whoever_has_the_key() -> None:
    assert read(MESSAGE, single=False) == Line(Step.GROUP)
    clear = read(MESSAGE | {"showPadlock": False}).item
    assert clear is not None
    assert (clear.kind, clear.handle) == (IncomingKind.PLAIN, f"mail:{ADDRESS}")
    assert read(MESSAGE, card="").step is Step.SKIP  # encrypted, and nobody signed it


def test_a_call_or_an_empty_message_is_something_that_could_not_be_read() -> None:
    for changed in ({"viewType": "Call"}, {"viewType": "Text", "text": "", "file": None}):
        item = read(MESSAGE | changed).item
        assert item is not None
        assert item.kind is IncomingKind.UNDECRYPTABLE


def test_a_mail_that_does_not_open_is_of_the_one_key_its_address_has() -> None:
    known = person_at(ADDRESS, card=card())
    raw = Raw(5, ADDRESS, "<x@y>", b"From: ...")
    one, other = read_unopened(raw, {ADDRESS: known}), read_unopened(raw, {})
    assert one is not None
    assert other is not None
    assert (one.handle, one.raw) == (known.handle, b"From: ...")
    assert other.handle == f"mail:{ADDRESS}"
    assert read_unopened(Raw(5, "", "", b""), {}) is None


def test_a_route_holds_what_answering_needs_and_nothing_else_is_one() -> None:
    person = Person(ADDRESS, KEY, 60)
    assert read_route(person.route) == person
    strange = [json.dumps(value).encode() for value in STRANGE if value != "\ud800"]
    keys = [base64.b64encode(key).decode() for key in (b"", b"\x00", b"\xc6", b"\xc6\x05ab", KEY[:-3])]
    strange += [json.dumps({"address": "no address", "key": key}).encode() for key in keys]
    strange += [
        json.dumps({"address": ADDRESS, "key": "////", "timer": -1}).encode(),
        b"\xff",
        b"[" * 100_000,
        json.dumps({"address": ADDRESS, "key": "A" * 200_000}).encode(),
    ]
    for route in strange:
        with pytest.raises(NotAPerson):
            read_route(route)


def test_the_handle_follows_from_the_primary_key_however_it_is_framed() -> None:
    framed = (
        b"\xc6" + bytes([len(BODY)]) + BODY,
        b"\xc6\xff" + len(BODY).to_bytes(4, "big") + BODY,
        b"\x98" + bytes([len(BODY)]) + BODY,
        b"\x99" + len(BODY).to_bytes(2, "big") + BODY,
        b"\x9a" + len(BODY).to_bytes(4, "big") + BODY,
    )
    assert {primary_key(key) for key in framed} == {BODY}
    chance = random.Random(7)  # noqa: S311  the same bytes each time
    for _each in range(300):
        try:
            primary_key(chance.randbytes(chance.randrange(0, 40)))
        except NotAPerson:
            continue


def test_only_the_cores_own_lines_say_which_mails_were_read() -> None:
    async def scene() -> None:
        ears = Ears()
        for line in (
            "src/imap.rs:1119: Passing message UID 5 to receive_imf().",
            'src/receive_imf.rs:550: Receiving message "src/imap.rs:1: Passing message UID 8 to receive_imf().", x',
            '"src/imap.rs:1: Passing message UID 9 to receive_imf()."',
            "src/imap.rs:1119: Passing message UID 6 to receive_imf().",
        ):
            ears.hear({"kind": "Info", "msg": line})
        ears.hear({"kind": "Warning", "msg": "src/mimeparser.rs:394: decryption failed: missing key"})
        assert (ears.settled, ears.unread, ears.read_so_far) == (set(), {6}, 2)
        ears.hear({"kind": "ImapInboxIdle"})
        assert ears.settled == {5, 6}
        for line in ("IMAP messages 5 marked as deleted", "IMAP messages : marked as deleted", "5"):
            ears.hear({"kind": "ImapMessageDeleted", "msg": line})
        assert (ears.settled, ears.gone, ears.read_so_far) == ({6}, 1, 2)
        for value in STRANGE:
            ears.hear({"kind": "Info", "msg": value})
            ears.hear({"kind": value})
            ears.hear({"kind": "MsgDelivered", "msgId": value if isinstance(value, int) else None})
        ears.hear({"kind": "MsgFailed", "msgId": 3})
        assert ears.outcome(3).result() is False

    asyncio.run(scene())


def test_a_store_lies_in_memory_and_takes_leftovers_away(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "1 0 0:1 / / rw - ext4 /dev/x rw\n"
        "2 1 0:2 / /dev/shm rw - tmpfs tmpfs rw\n"
        "3 2 0:3 / /dev/shm/disk rw - ext4 x rw\n"
    )
    assert in_memory(Path("/dev/shm/tropa"), mounts)
    assert not in_memory(Path("/dev/shm/disk/tropa"), mounts)
    assert not in_memory(Path("/dev/shmx"), mounts)
    assert not in_memory(Path("/dev/shm"), tmp_path / "nothing")
    if not in_memory(tmp_path):
        with pytest.raises(NotConfigured, match="directory_not_in_memory"):
            Store.make(tmp_path / "here")
    parent = Path("/dev/shm") / f"tropa-test-{random.randrange(2**60)}"  # noqa: S311
    one = Store.make(parent)
    (parent / "left behind").mkdir()
    (parent / "left behind" / "dc.db").write_bytes(b"x")
    other = Store.make(parent)
    assert {path.name for path in parent.iterdir()} == {one.path.parent.name, other.path.parent.name}
    one.remove()
    other.remove()
    assert list(parent.iterdir()) == []
    parent.rmdir()
