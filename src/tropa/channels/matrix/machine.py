"""Olm and Megolm for one device, over vodozemac: who may hand us keys, what opens, and what may be encrypted.

Kept true: a key of a room belongs to the person who sent it, and opens that person's messages in that room alone; a
message that was read once is passed over when it comes again under any name; what was read cannot be opened again with
what is kept afterwards. Nothing that came makes this raise.

Source: the Matrix specification 1.11, "Olm", "Megolm", `m.room_key`, `m.room.encrypted`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import vodozemac

from tropa.channels.matrix.devices import Device
from tropa.channels.matrix.reading import ROOM
from tropa.channels.matrix.room_keys import PICKLED_WITH, RoomKey
from tropa.channels.matrix.signing import canonical, content_of, unpadded
from tropa.channels.notes import Notes

OLM = "m.olm.v1.curve25519-aes-sha2"
MEGOLM = "m.megolm.v1.aes-sha2"
ACCOUNT = "account"
MOST_SESSIONS = 6
LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Own:
    """This device: whose it is, and its account as it was made."""

    user: str
    device: str
    pickle: str = field(repr=False)


class Shut(StrEnum):
    """Why a message does not open."""

    NO_KEY_YET = "no_key_yet"
    BROKEN = "broken"
    READ_BEFORE = "read_before"


@dataclass(frozen=True, slots=True)
class Opened:
    """What an encrypted event says, and the place of its message in its session."""

    kind: object
    content: object = field(repr=False)
    session: str
    index: int


def new_account() -> vodozemac.Account:
    """Fresh keys of a device."""
    return vodozemac.Account()


def pickled(account: vodozemac.Account) -> str:
    """The account as a text."""
    return account.pickle(PICKLED_WITH)


def device_keys(account: vodozemac.Account, user: str, device: str) -> dict[str, Any]:
    """What a device says about itself, signed by itself."""
    keys = {
        f"curve25519:{device}": account.curve25519_key.to_base64(),
        f"ed25519:{device}": account.ed25519_key.to_base64(),
    }
    return sign(
        account,
        {"algorithms": [OLM, MEGOLM], "device_id": device, "user_id": user, "keys": keys},
        user,
        device,
    )


def one_time_keys(account: vodozemac.Account, user: str, device: str) -> dict[str, Any]:
    """The keys of the account that nobody was given yet, signed."""
    return {
        f"signed_curve25519:{name}": sign(account, {"key": key.to_base64()}, user, device)
        for name, key in account.one_time_keys.items()
    }


def sign(account: vodozemac.Account, value: dict[str, Any], user: str, device: str) -> dict[str, Any]:
    """The value with the device's signature."""
    signature = account.sign(canonical(value)).to_base64()
    return {**value, "signatures": {user: {f"ed25519:{device}": signature}}}


class Machine:
    """The encryption of one device, in one process."""

    def __init__(self, own: Own, notes: Notes, account: vodozemac.Account) -> None:
        self._own, self._notes, self._account = own, notes, account
        self._curve = account.curve25519_key.to_base64()
        self._sessions: dict[str, list[vodozemac.Session]] = {}
        self._room_keys: dict[str, RoomKey | None] = {}

    @classmethod
    async def load(cls, own: Own, notes: Notes) -> Machine:
        """As it was stored last, or as it was made, when what is stored is another device's: the account was added
        again. Raises ValueError for a damaged account.
        """
        account = vodozemac.Account.from_pickle(own.pickle, PICKLED_WITH)
        stored = await notes.get(ACCOUNT)
        if stored:
            last = vodozemac.Account.from_pickle(stored.decode(), PICKLED_WITH)
            if last.curve25519_key.to_base64() == account.curve25519_key.to_base64():
                account = last
        return cls(own, notes, account)

    # -- one-time keys -----------------------------------------------------------------------------------------

    def make_one_time_keys(self, left: int) -> None:
        """Fill up what the server hands out to whoever writes first; `left` is what it has."""
        most = self._account.max_number_of_one_time_keys
        if left < most // 2 and not self._account.one_time_keys:
            self._account.generate_one_time_keys(most - left)
            self._put_account()

    def unpublished(self) -> dict[str, Any]:
        """One-time keys that wait to be uploaded."""
        return one_time_keys(self._account, self._own.user, self._own.device)

    def published(self) -> None:
        """They are on the server."""
        self._account.mark_keys_as_published()
        self._put_account()

    # -- what comes from device to device ----------------------------------------------------------------------

    async def receive(self, event: Mapping[str, Any], owners: Callable[[str, str], Iterable[Device]]) -> None:
        """Take a room's key out of an event from a device; `owners` names a user's devices that have a key."""
        sender, content = event.get("sender"), event.get("content")
        if not isinstance(sender, str) or not isinstance(content, Mapping) or content.get("algorithm") != OLM:
            return
        curve, ciphertexts = content.get("sender_key"), content.get("ciphertext")
        mine = ciphertexts.get(self._curve) if isinstance(ciphertexts, Mapping) else None
        if not isinstance(curve, str) or not isinstance(mine, Mapping):
            return
        try:
            message = vodozemac.AnyOlmMessage.from_parts(mine["type"], content_of(mine["body"]))
            await self._olm_sessions(curve)
            plain = self._open_olm(curve, message)
            said = json.loads(plain)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return
        if isinstance(said, Mapping) and self._is_meant(said, sender, [*owners(sender, curve)]):
            await self._learn(said, sender, curve)

    def _open_olm(self, curve: str, message: vodozemac.AnyOlmMessage) -> bytes:
        sessions, first = self._sessions[curve], message.to_pre_key()
        for session in list(sessions):
            if first is not None and not session.session_matches(first):
                continue
            try:
                plain = session.decrypt(message)
            except ValueError:
                if first is not None:
                    raise
                continue
            sessions.remove(session)
            self._remember(curve, session)
            return plain
        if first is None:
            raise ValueError("no session opens it")
        key = vodozemac.Curve25519PublicKey.from_base64(curve)
        session, plain = self._account.create_inbound_session(key, first)
        self._put_account()
        self._remember(curve, session)
        return plain

    def _is_meant(self, said: Mapping[str, Any], sender: str, owners: list[Device]) -> bool:
        """Whether sender and receiver inside are those outside, and the device the one that is known by its key."""
        keys, ours = said.get("keys"), said.get("recipient_keys")
        signing = keys.get("ed25519") if isinstance(keys, Mapping) else None
        to = ours.get("ed25519") if isinstance(ours, Mapping) else None
        if said.get("sender") != sender or said.get("recipient") != self._own.user:
            return False
        if to != self._account.ed25519_key.to_base64() or not isinstance(signing, str):
            return False
        return all(device.ed25519 == signing for device in owners)

    async def _learn(self, said: Mapping[str, Any], sender: str, curve: str) -> None:
        content = said.get("content")
        if said.get("type") != "m.room_key" or not isinstance(content, Mapping):
            return
        room, session, key = (content.get(name) for name in ("room_id", "session_id", "session_key"))
        if content.get("algorithm") != MEGOLM or not isinstance(room, str) or not ROOM.fullmatch(room):
            return
        if not isinstance(session, str) or len(session) > LONGEST_ID or not isinstance(key, str):
            return
        try:
            fresh = RoomKey.given(key, sender=sender, curve=curve)
        except ValueError:
            return
        known = await self._room_key(room, session)
        if fresh.session != session or (known is not None and not fresh.is_better_than(known)):
            return
        name = _name(room, session)
        self._room_keys[name] = fresh
        self._notes.put(name, fresh.stored())

    # -- what comes in rooms -----------------------------------------------------------------------------------

    async def open(self, room: str, sender: str, content: Mapping[str, Any]) -> Opened | Shut:
        """The content of an `m.room.encrypted` that `sender` sent in `room`."""
        session, ciphertext = content.get("session_id"), content.get("ciphertext")
        if content.get("algorithm") != MEGOLM or not isinstance(ciphertext, str):
            return Shut.BROKEN
        if not isinstance(session, str) or len(session) > LONGEST_ID:
            return Shut.BROKEN
        try:
            message = vodozemac.MegolmMessage.from_base64(ciphertext)
        except ValueError:
            return Shut.BROKEN
        key = await self._room_key(room, session)
        if key is None or key.sender != sender:
            return Shut.NO_KEY_YET
        if key.has_read(message.message_index()):
            return Shut.READ_BEFORE
        if message.message_index() < key.first:
            return Shut.NO_KEY_YET
        try:
            plain, index = key.opened(message)
            said = json.loads(plain)
        except (ValueError, RecursionError):
            return Shut.BROKEN
        if not isinstance(said, Mapping) or said.get("room_id") != room:
            return Shut.BROKEN
        relation = content.get("m.relates_to")
        inside = said.get("content")
        if isinstance(inside, Mapping) and isinstance(relation, Mapping) and "m.relates_to" not in inside:
            inside = {**inside, "m.relates_to": relation}
        return Opened(said.get("type"), inside, session, index)

    async def after_reading(self, read: Iterable[tuple[str, str, int]]) -> dict[str, bytes]:
        """The keys of rooms without what opened these messages (room, session, index); to be stored with them."""
        by_key: dict[tuple[str, str], set[int]] = {}
        for room, session, index in read:
            by_key.setdefault((room, session), set()).add(index)
        values = {}
        for (room, session), indexes in by_key.items():
            key = await self._room_key(room, session)
            if key is not None:
                values[_name(room, session)] = key.after(indexes).stored()
        return values

    def forget(self, values: Iterable[str]) -> None:
        """These keys were stored anew."""
        for name in values:
            self._room_keys.pop(name, None)

    # -- what goes out -----------------------------------------------------------------------------------------

    async def has_session(self, device: Device) -> bool:
        """Whether something can be encrypted to this device."""
        return bool(await self._olm_sessions(device.curve))

    def begin_session(self, device: Device, one_time_key: str) -> None:
        """A session with a device, by a key it signed."""
        try:
            session = self._account.create_outbound_session(
                vodozemac.Curve25519PublicKey.from_base64(device.curve),
                vodozemac.Curve25519PublicKey.from_base64(one_time_key),
            )
        except ValueError:
            return
        self._remember(device.curve, session)

    def seal_to_device(self, device: Device, kind: str, content: Mapping[str, Any]) -> dict[str, Any] | None:
        """An event for one device. It may leave only when the notes are stored; None without a session."""
        sessions = self._sessions.get(device.curve)
        if not sessions:
            return None
        said = {
            "sender": self._own.user,
            "sender_device": self._own.device,
            "keys": {"ed25519": self._account.ed25519_key.to_base64()},
            "recipient": device.user,
            "recipient_keys": {"ed25519": device.ed25519},
            "type": kind,
            "content": content,
        }
        form, ciphertext = sessions[0].encrypt(json.dumps(said).encode()).to_parts()
        self._put_sessions(device.curve)
        body = {"type": form, "body": unpadded(ciphertext)}
        return {"algorithm": OLM, "sender_key": self._curve, "ciphertext": {device.curve: body}}

    def seal_in_room(
        self, session: vodozemac.GroupSession, room: str, kind: str, content: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The content of an `m.room.encrypted`."""
        said = {"type": kind, "content": content, "room_id": room}
        return {
            "algorithm": MEGOLM,
            "sender_key": self._curve,
            "ciphertext": session.encrypt(json.dumps(said).encode()).to_base64(),
            "session_id": session.session_id,
            "device_id": self._own.device,
        }

    # -- what is remembered ------------------------------------------------------------------------------------

    async def _olm_sessions(self, curve: str) -> list[vodozemac.Session]:
        """The sessions with the device of this key, the one used last first."""
        if curve not in self._sessions:
            stored = await self._notes.get(f"olm {self._curve} {curve}")
            pickles = json.loads(stored) if stored else []
            sessions = [vodozemac.Session.from_pickle(each, PICKLED_WITH) for each in pickles]
            self._sessions.setdefault(curve, sessions)
        return self._sessions[curve]

    def _remember(self, curve: str, session: vodozemac.Session) -> None:
        sessions = self._sessions.setdefault(curve, [])
        sessions.insert(0, session)
        del sessions[MOST_SESSIONS:]
        self._put_sessions(curve)

    def _put_sessions(self, curve: str) -> None:
        pickles = [session.pickle(PICKLED_WITH) for session in self._sessions[curve]]
        self._notes.put(f"olm {self._curve} {curve}", json.dumps(pickles).encode())

    def _put_account(self) -> None:
        self._notes.put(ACCOUNT, pickled(self._account).encode())

    async def _room_key(self, room: str, session: str) -> RoomKey | None:
        name = _name(room, session)
        if name not in self._room_keys:
            stored = await self._notes.get(name)
            self._room_keys.setdefault(name, RoomKey.read_stored(stored) if stored else None)
        return self._room_keys[name]


def _name(room: str, session: str) -> str:
    return f"megolm {room} {session}"
