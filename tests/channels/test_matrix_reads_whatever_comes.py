"""Whatever a server or a person gives, reading never raises: what is strange is kept as unreadable or passed over."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import vodozemac

from tests.channels.strange import members, strange_copy
from tropa.channels.matrix.devices import Person, read_claimed, read_person
from tropa.channels.matrix.machine import Machine, Own, Shut, device_keys, new_account, one_time_keys, pickled
from tropa.channels.matrix.people import People
from tropa.channels.matrix.reading import Media, Said, read_route, read_said, route_of
from tropa.channels.matrix.server import Server
from tropa.channels.matrix.signing import unpadded
from tropa.channels.matrix.sync import read_sync
from tropa.channels.notes import Notes
from tropa.channels.values import LONGEST_TEXT, DedupeKey, Incoming, IncomingKind

ROOM, ANNA, DESK = "!room:localhost", "@Anna:localhost", "@desk:localhost"
FILE = {
    "msgtype": "m.file",
    "body": "подпись",
    "filename": "имя.pdf",
    "info": {"size": 3, "mimetype": "application/pdf"},
    "file": {
        "url": "mxc://localhost/abc",
        "key": {"alg": "A256CTR", "k": "A" * 43},
        "iv": "A" * 22,
        "hashes": {"sha256": "A" * 43},
    },
    "m.relates_to": {"rel_type": "m.replace", "event_id": "$1"},
    "m.new_content": {"msgtype": "m.text", "body": "текст"},
}
MOVED_TO = ("file", "info", "body", "m.relates_to", "m.new_content", "url")
KINDS = ("m.room.message", "m.reaction", "m.sticker", "m.poll.start", "m.call.invite", "", None, [], 7)


def no_file(_media: Media, _size: int | None) -> Callable[[], AsyncIterator[bytes]]:
    """Reading opens no file."""

    def opened() -> AsyncIterator[bytes]:
        raise AssertionError

    return opened


def said(content: object, *, kind: object = "m.room.message", encrypted: bool = True) -> Said:
    return Said(ROOM, ANNA, DedupeKey("$1"), 1_795_000_000_000, kind, content, encrypted=encrypted)


def read(content: object, **how: Any) -> Incoming | None:
    return read_said(said(content, **how), no_file)


def test_reading_never_raises_and_never_gives_more_than_fits(envelopes: int) -> None:
    chance = random.Random(9)  # noqa: S311  the same contents each time
    for _number in range(envelopes * 10):
        content = strange_copy(chance, FILE, MOVED_TO)
        item = read(content, kind=chance.choice(KINDS), encrypted=chance.random() < 0.8)
        if item is not None:
            assert len(item.text) <= LONGEST_TEXT
            item.text.encode()
            assert all(len(each.name) <= 200 and each.name.encode() is not None for each in item.attachments)
            assert read_route(item.reply_route) == (ROOM, ANNA)
            assert item.handle == ANNA.lower()


def test_an_answer_of_the_server_never_raises(envelopes: int) -> None:
    valid = {
        "next_batch": "s1",
        "to_device": {"events": [{"type": "m.room.encrypted", "sender": ANNA, "content": {}}]},
        "device_lists": {"changed": [ANNA], "left": []},
        "device_one_time_keys_count": {"signed_curve25519": 50},
        "rooms": {
            "invite": {ROOM: {"invite_state": {"events": [{}]}}},
            "join": {ROOM: {"timeline": {"events": [{}], "limited": True, "prev_batch": "t"}, "summary": {}}},
        },
    }
    chance = random.Random(10)  # noqa: S311
    for _number in range(envelopes * 3):
        sync = read_sync(strange_copy(chance, valid, ("rooms", "timeline", "events", "next_batch")))
        assert sync is None or sync.following


def test_a_room_of_ten_thousand_is_counted_and_nobody_of_it_is_kept() -> None:
    events = [
        {
            "type": "m.room.member",
            "state_key": each["user_id"],
            "sender": each["user_id"],
            "content": {"membership": "join"},
        }
        for each in members()
    ]
    summary = {"m.heroes": [each["user_id"] for each in members()], "m.joined_member_count": 10_000}
    joined = {ROOM: {"summary": summary, "state": {"events": events}, "timeline": {"events": events}}}
    changed = [each["user_id"] for each in members()]
    sync = read_sync({"next_batch": "s2", "rooms": {"join": joined}, "device_lists": {"changed": changed}})
    assert sync is not None
    (timeline,) = sync.timelines
    assert (timeline.room, timeline.people) == (ROOM, 10_000)


def test_what_people_send_is_read_as_what_it_is() -> None:
    text = read({"msgtype": "m.text", "body": "повестка"})
    assert text is not None
    assert (text.kind, text.text, text.edited) == (IncomingKind.TEXT, "повестка", False)
    edit = read(FILE)
    assert edit is not None
    assert (edit.text, edit.edited, edit.attachments) == ("текст", True, ())
    file = read({name: value for name, value in FILE.items() if not name.startswith("m.")})
    assert file is not None
    assert (file.kind, file.text, file.attachments[0].name) == (IncomingKind.ATTACHMENT, "подпись", "имя.pdf")
    clear = read({"msgtype": "m.text", "body": "открыто"}, encrypted=False)
    assert clear is not None
    assert clear.kind is IncomingKind.PLAIN
    reaction = read({"m.relates_to": {"key": "👍"}}, kind="m.reaction")
    assert reaction is not None
    assert reaction.text == "👍"
    for nobody_can_take in ({"msgtype": "m.file"}, {"body": 7}, "x", None, []):
        unreadable = read(nobody_can_take)
        assert unreadable is not None
        assert unreadable.kind is IncomingKind.UNDECRYPTABLE
    poll = read({"question": "?"}, kind="m.poll.start")
    assert poll is not None
    assert poll.kind is IncomingKind.UNDECRYPTABLE


def test_what_nobody_wrote_is_left_alone() -> None:
    assert read({"membership": "join"}, kind="m.room.member", encrypted=False) is None
    assert read({"call_id": "1"}, kind="m.call.invite") is None
    assert read({"msgtype": "m.key.verification.request", "body": "?"}) is None
    assert read({}) is None  # taken back before it came


@pytest.mark.parametrize(
    "url",
    ["http://localhost/x", "mxc://local host/x", "mxc://localhost/../x", "mxc://localhost/a/b", 7, None],
)
def test_a_file_lies_where_files_lie_or_cannot_be_read(url: object) -> None:
    item = read({"msgtype": "m.image", "body": "x", "url": url})
    assert item is not None
    assert item.kind is IncomingKind.UNDECRYPTABLE


@pytest.mark.parametrize("route", [b"", b"!a:b", b"!a:b @x:y z", b"a b", b"\xff @x:y", route_of("a", "b")])
def test_a_route_that_leads_nowhere_is_said(route: bytes) -> None:
    with pytest.raises(ValueError, match="nowhere"):
        read_route(route)


class Empty:
    """Nothing is stored."""

    async def get(self, _name: str) -> bytes | None:
        return None


def test_no_key_and_no_ciphertext_makes_the_machine_raise(envelopes: int) -> None:
    account, phone = new_account(), vodozemac.Account()
    account.generate_one_time_keys(1)
    (one_time,) = account.one_time_keys.values()
    notes = Notes(Empty())
    machine = Machine(Own(DESK, "D", pickled(account)), notes, account)
    session = phone.create_outbound_session(account.curve25519_key, one_time)
    form, body = session.encrypt(b"[]").to_parts()
    event = {
        "sender": ANNA,
        "type": "m.room.encrypted",
        "content": {
            "algorithm": "m.olm.v1.curve25519-aes-sha2",
            "sender_key": phone.curve25519_key.to_base64(),
            "ciphertext": {account.curve25519_key.to_base64(): {"type": form, "body": unpadded(body)}},
        },
    }
    group = vodozemac.GroupSession()
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "session_id": group.session_id,
        "ciphertext": group.encrypt(b"{}").to_base64(),
    }

    async def scene() -> None:
        chance, people = random.Random(11), People(Server("http://127.0.0.1"))  # noqa: S311
        for _number in range(envelopes):
            await machine.receive(strange_copy(chance, event, ("content", "body", "type")), people.owners)
            opened = await machine.open(ROOM, ANNA, strange_copy(chance, content, ("ciphertext",)))
            assert isinstance(opened, Shut)

    asyncio.run(scene())


def test_no_answer_about_keys_makes_reading_raise(envelopes: int) -> None:
    account = new_account()
    account.generate_one_time_keys(1)
    described = device_keys(account, ANNA, "PHONE")
    answer = {"device_keys": {ANNA: {"PHONE": described}}, "master_keys": {ANNA: {}}, "self_signing_keys": {}}
    (device,) = read_person(answer, ANNA).devices
    claimed = {"one_time_keys": {ANNA: {"PHONE": one_time_keys(account, ANNA, "PHONE")}}}
    assert read_claimed(claimed, device)
    chance = random.Random(12)  # noqa: S311
    for _number in range(envelopes):
        person = read_person(strange_copy(chance, answer, ("keys", "signatures", "master_keys")), ANNA)
        assert isinstance(person, Person)
        assert set(person.devices) <= {device}
        read_claimed(strange_copy(chance, claimed, ("key", "signatures")), device)
