"""What the encryption keeps and whom it believes: without a server, on the library itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import vodozemac

from tropa.channels.matrix.devices import Person, read_person
from tropa.channels.matrix.held import MOST_HELD, HeldEvent, due, read_held, stored_held
from tropa.channels.matrix.machine import (
    MEGOLM,
    Machine,
    Opened,
    Own,
    Shut,
    device_keys,
    new_account,
    pickled,
)
from tropa.channels.matrix.signing import Identity, is_signed, unpadded
from tropa.channels.notes import Notes

ROOM, ANNA, DESK = "!room:localhost", "@anna:localhost", "@desk:localhost"


class Memory:
    """State that was stored."""

    def __init__(self) -> None:
        self.values: dict[str, bytes | None] = {}

    async def get(self, name: str) -> bytes | None:
        return self.values.get(name)


class Phone:
    """Anna's phone, on the bare library."""

    def __init__(self, desk: vodozemac.Account, *, user: str = ANNA) -> None:
        self.account, self.user = new_account(), user
        desk.generate_one_time_keys(1)
        self._to = self.account.create_outbound_session(
            desk.curve25519_key, [*desk.one_time_keys.values()][-1]
        )
        self._desk = desk
        self.group = vodozemac.GroupSession()

    def hands_over(self, **changed: Any) -> dict[str, Any]:
        """The key of the room, to the desk."""
        said = {
            "sender": self.user,
            "keys": {"ed25519": self.account.ed25519_key.to_base64()},
            "recipient": DESK,
            "recipient_keys": {"ed25519": self._desk.ed25519_key.to_base64()},
            "type": "m.room_key",
            "content": {
                "algorithm": MEGOLM,
                "room_id": ROOM,
                "session_id": self.group.session_id,
                "session_key": self.group.session_key.to_base64(),
            },
        }
        form, body = self._to.encrypt(json.dumps(said | changed).encode()).to_parts()
        ciphertext = {self._desk.curve25519_key.to_base64(): {"type": form, "body": unpadded(body)}}
        content = {
            "algorithm": "m.olm.v1.curve25519-aes-sha2",
            "sender_key": self.account.curve25519_key.to_base64(),
            "ciphertext": ciphertext,
        }
        return {"type": "m.room.encrypted", "sender": self.user, "content": content}

    def says(self, text: str, *, room: str = ROOM) -> dict[str, Any]:
        """A message in the room."""
        said = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": text}, "room_id": room}
        ciphertext = self.group.encrypt(json.dumps(said).encode()).to_base64()
        return {"algorithm": MEGOLM, "session_id": self.group.session_id, "ciphertext": ciphertext}


class Desk:
    """The machine, through as many processes as a test wants."""

    def __init__(self) -> None:
        self.account, self.state = new_account(), Memory()
        self.machine, self.notes = self.again()

    def again(self) -> tuple[Machine, Notes]:
        """A process that knows what was stored."""
        self.notes = Notes(self.state)
        own = Own(DESK, "D", pickled(self.account))
        self.machine = asyncio.run(Machine.load(own, self.notes))
        return self.machine, self.notes

    def store(self, **also: bytes) -> None:
        """What a batch stores."""
        self.state.values |= self.notes.new | also

    def take(self, event: dict[str, Any], *devices: Any) -> None:
        asyncio.run(self.machine.receive(event, lambda _user, _curve: devices))

    def open(self, content: dict[str, Any], *, sender: str = ANNA, room: str = ROOM) -> Opened | Shut:
        return asyncio.run(self.machine.open(room, sender, content))

    def read(self, content: dict[str, Any]) -> Opened:
        """Open it, and store that it was read."""
        opened = self.open(content)
        assert isinstance(opened, Opened)
        values = asyncio.run(self.machine.after_reading([(ROOM, opened.session, opened.index)]))
        self.state.values |= self.notes.new | values
        self.notes.stored(self.notes.new)
        self.notes.replaced(values)
        self.machine.forget(values)
        return opened


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def phone(desk: Desk) -> Phone:
    made = Phone(desk.account)
    desk.again()
    return made


def test_a_message_opens_for_whom_and_where_its_key_was_handed_over(desk: Desk, phone: Phone) -> None:
    message = phone.says("текст")
    assert desk.open(message) is Shut.NO_KEY_YET
    phone = Phone(desk.account)
    desk.again()
    desk.take(phone.hands_over())
    message = phone.says("текст")
    opened = desk.open(message)
    assert isinstance(opened, Opened)
    assert opened.content == {"msgtype": "m.text", "body": "текст"}
    assert desk.open(message, sender="@eve:localhost") is Shut.NO_KEY_YET
    assert desk.open(message, room="!other:localhost") is Shut.NO_KEY_YET
    assert desk.open(phone.says("текст", room="!other:localhost")) is Shut.BROKEN


@pytest.mark.parametrize(
    "lie",
    [
        {"sender": "@eve:localhost"},
        {"recipient": "@eve:localhost"},
        {"recipient_keys": {"ed25519": "A" * 43}},
        {"keys": {}},
        {"type": "m.forwarded_room_key"},
        {"content": {}},
    ],
)
def test_a_key_whose_envelope_lies_is_not_taken(desk: Desk, phone: Phone, lie: dict[str, Any]) -> None:
    desk.take(phone.hands_over(**lie))
    assert desk.open(phone.says("текст")) is Shut.NO_KEY_YET


def test_a_key_from_a_device_that_is_known_otherwise_is_not_taken(desk: Desk, phone: Phone) -> None:
    described = device_keys(new_account(), ANNA, "PHONE")
    (other,) = read_person({"device_keys": {ANNA: {"PHONE": described}}}, ANNA).devices
    desk.take(phone.hands_over(), other)
    assert desk.open(phone.says("текст")) is Shut.NO_KEY_YET


def test_what_was_read_and_stored_never_opens_again(desk: Desk, phone: Phone) -> None:
    desk.take(phone.hands_over())
    first, second = phone.says("раз"), phone.says("два")
    desk.read(first)
    assert desk.open(first) is Shut.READ_BEFORE
    desk.again()  # whoever takes the state now
    assert desk.open(first) is Shut.READ_BEFORE
    stored = next(value for name, value in desk.state.values.items() if name.startswith("megolm"))
    assert stored is not None
    key = vodozemac.InboundGroupSession.from_pickle(json.loads(stored)["key"], bytes(32))
    with pytest.raises(vodozemac.MegolmDecryptionException):
        key.decrypt(vodozemac.MegolmMessage.from_base64(first["ciphertext"]))
    assert isinstance(desk.read(second), Opened)


def test_what_was_read_and_not_stored_opens_again(desk: Desk, phone: Phone) -> None:
    desk.take(phone.hands_over())
    message = phone.says("раз")
    assert isinstance(desk.open(message), Opened)
    desk.store()  # the keys, as an answer that leaves meanwhile stores them
    desk.again()
    assert isinstance(desk.open(message), Opened)


def test_messages_out_of_order_all_open(desk: Desk, phone: Phone) -> None:
    desk.take(phone.hands_over())
    messages = [phone.says(str(number)) for number in range(20)]
    for number in (3, 0, 19, 1, *range(4, 19), 2):
        desk.read(messages[number])
        desk.again()
    assert {desk.open(message) for message in messages} == {Shut.READ_BEFORE}


def test_only_devices_the_identity_signed_are_written_to() -> None:
    identity, phone, added = Identity(ANNA, b"a" * 32), new_account(), new_account()
    published = identity.published()
    mine = device_keys(phone, ANNA, "PHONE")
    signed = identity.signed("self_signing", mine)
    mine["signatures"][ANNA] |= signed["signatures"][ANNA]
    answer = {
        "device_keys": {ANNA: {"PHONE": mine, "ADDED": device_keys(added, ANNA, "ADDED")}},
        "master_keys": {ANNA: published["master_key"]},
        "self_signing_keys": {ANNA: published["self_signing_key"]},
    }
    person = read_person(answer, ANNA)
    assert [device.name for device in person.devices] == ["ADDED", "PHONE"]
    assert [device.name for device in person.written_to] == ["PHONE"]
    forged = Identity(ANNA, b"b" * 32).published()["self_signing_key"]
    assert read_person(answer | {"self_signing_keys": {ANNA: forged}}, ANNA).written_to == ()
    without = read_person({"device_keys": answer["device_keys"]}, ANNA)
    assert [device.name for device in without.written_to] == ["ADDED", "PHONE"]


def test_a_device_that_did_not_sign_itself_is_none() -> None:
    described = device_keys(new_account(), ANNA, "PHONE")
    described["keys"]["curve25519:PHONE"] = new_account().curve25519_key.to_base64()
    assert read_person({"device_keys": {ANNA: {"PHONE": described}}}, ANNA) == Person()
    moved = device_keys(new_account(), "@eve:localhost", "PHONE")
    assert read_person({"device_keys": {ANNA: {"PHONE": moved}}}, ANNA) == Person()


def test_the_same_seed_makes_the_same_identity_and_no_other_does() -> None:
    one, again, other = Identity(DESK, b"a" * 32), Identity(DESK, b"a" * 32), Identity(DESK, b"b" * 32)
    assert one.published() == again.published()
    assert one.public("master") != other.public("master")
    self_signing, master = one.published()["self_signing_key"], one.public("master")
    assert is_signed(self_signing, user=DESK, key_id=master, public=master)
    assert not is_signed(self_signing | {"usage": ["master"]}, user=DESK, key_id=master, public=master)
    assert "=" not in master


def test_an_account_that_is_added_again_meets_no_keys_of_the_device_before(desk: Desk, phone: Phone) -> None:
    desk.machine.make_one_time_keys(0)
    desk.store()
    before, desk.account = desk.machine._curve, new_account()
    machine, _notes = desk.again()
    assert machine._curve == desk.account.curve25519_key.to_base64() != before
    assert asyncio.run(machine._olm_sessions("a device of theirs")) == []


def test_who_waits_for_keys_to_be_stored_waits_for_the_newest() -> None:
    async def scene() -> None:
        notes = Notes(Memory())
        await notes.until_stored()  # nothing is new
        notes.put("a", b"1")
        waiting = asyncio.create_task(notes.until_stored())
        await asyncio.sleep(0)
        assert notes.wanted.is_set()
        given = notes.new
        notes.put("a", b"2")  # while the first is being stored
        notes.stored(given)
        await asyncio.wait_for(waiting, 60)
        assert not notes.wanted.is_set()
        assert (await notes.get("a"), notes.new) == (b"2", {"a": b"2"})

    asyncio.run(scene())


def held(number: int, at: float, *, said: bool = False) -> HeldEvent:
    return HeldEvent(ROOM, {"event_id": f"${number}"}, at, said)


def test_what_waits_for_its_key_is_said_after_a_minute_and_kept_for_a_week() -> None:
    waits = (held(1, 0.0), held(2, 50.0))
    assert due(waits, 59.0, 60.0) == ((), waits)
    say, stay = due(waits, 61.0, 60.0)
    assert [each.name for each in say] == ["$1"]
    assert [(each.name, each.said) for each in stay] == [("$1", True), ("$2", False)]
    assert due(stay, 62.0, 60.0) == ((), stay)  # once
    assert due((held(1, 0.0, said=True),), 8 * 24 * 3600.0, 60.0) == ((), ())
    assert read_held(stored_held(stay)) == stay


def test_a_flood_of_what_does_not_open_is_said_and_not_kept_for_ever() -> None:
    flood = tuple(held(number, 0.0) for number in range(MOST_HELD + 50))
    say, stay = due(flood, 1.0, 60.0)
    assert (len(say), len(stay)) == (50, MOST_HELD)
    say, stay = due(tuple(held(number, 0.0) for number in range(3 * MOST_HELD)), 61.0, 60.0)
    assert len(say) == 3 * MOST_HELD
    assert len(stay) <= MOST_HELD
