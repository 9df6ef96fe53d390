"""OMEMO for one device: what opens, what may be encrypted, and what the library may not do by itself.

Kept true: keys move in the gateway's own state, with the messages they opened and before what they encrypted leaves;
what the library would publish or send in the middle of reading is held until that is stored; nothing is encrypted to
other devices of our own account, whatever the server says. Devices of people are believed as their account lists them.
Nothing that came makes this raise.

Source: XEP-0384 0.3 (`eu.siacs.conversations.axolotl`), the version people's apps speak.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree as ET

import oldmemo
import oldmemo.etree
from doubleratchet import DuplicateMessageException
from omemo import DeviceListDownloadFailed, NoEligibleDevices, TrustLevel
from omemo.session_manager import SessionManager
from omemo.storage import Just, Maybe, Nothing, Storage
from omemo.types import JSONType
from slixmpp.exceptions import IqError
from slixmpp_omemo.xep_0384 import _make_session_manager

from tropa.channels.errors import NotConfigured
from tropa.channels.notes import Notes

NAMESPACE = oldmemo.oldmemo.NAMESPACE
KNOWN = "devices:"
PASSING = ("remote-server-timeout", "resource-constraint")
GONE = b""
"""Stands for a key of the first day that was deleted since."""


class Shut(StrEnum):
    """Why a message does not open."""

    BROKEN = "broken"
    READ_BEFORE = "read_before"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a message says, None for one without words; `new_device` when a known person wrote from another device."""

    text: str | None = field(repr=False)
    new_device: bool = False


class NoKey(Exception):
    """There is no device to encrypt to; `passing` when the list could not be fetched."""

    def __init__(self, *, passing: bool) -> None:
        super().__init__()
        self.passing = passing


class KeyStore(Storage):
    """The library's store, over the state that is stored with batches."""

    def __init__(self, notes: Notes, first: Mapping[str, JSONType], device: str) -> None:
        super().__init__(disable_cache=True)  # a cache of its own would survive what was not stored
        self._notes, self._first, self._named = notes, first, named(device)

    async def _load(self, key: str) -> Maybe[JSONType]:
        stored = await self._notes.get(self._named + key)
        if stored is None:
            return Just(self._first[key]) if key in self._first else Nothing()
        return Nothing() if stored == GONE else Just(json.loads(stored))

    async def _store(self, key: str, value: JSONType) -> None:
        self._notes.put(self._named + key, json.dumps(value).encode())

    async def _delete(self, key: str) -> None:
        self._notes.put(self._named + key, GONE if key in self._first else None)


@dataclass(slots=True)
class _Held:
    bundle: Any = None
    messages: list[tuple[Any, str]] = field(default_factory=list)


class _Blind:
    """Every device an account lists is believed; no list of the library's own is kept of that."""

    _btbv_enabled = True


class _Client:
    """The connection as the library's plugin asks for it; the client's own way of asking is deprecated."""

    def __init__(self, client: Any) -> None:
        self.boundjid, self.make_message = client.boundjid, client.make_message
        self._plugins = client.plugin

    def __getitem__(self, name: str) -> Any:
        return self._plugins[name]


def _manager_of(client: Any, own: str, held: _Held) -> tuple[Any, type[SessionManager]]:
    """The library's own manager for this connection, and ours, which holds what that would publish and send."""
    base: Any = _make_session_manager(_Client(client), _Blind())  # type: ignore[arg-type]

    class Holding(base):  # type: ignore[misc]
        @staticmethod
        async def _upload_bundle(bundle: Any) -> None:
            held.bundle = bundle

        @staticmethod
        async def _send_message(message: Any, bare_jid: str) -> None:
            held.messages.append((message, bare_jid))

        async def _evaluate_custom_trust_level(self, device: Any) -> TrustLevel:
            return TrustLevel.DISTRUSTED if device.bare_jid == own else TrustLevel.TRUSTED

    return base, Holding


class Keys:
    """The device's keys, for as long as one connection lasts."""

    def __init__(self, own: str, notes: Notes, base: Any, manager: SessionManager, held: _Held) -> None:
        self._own, self._notes = own, notes
        self._base, self._manager, self._held = base, manager, held
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    async def take_up(
        cls, client: Any, own: str, notes: Notes, first: Mapping[str, JSONType], device: str = ""
    ) -> Keys:
        """The device as it was stored last, or as it was made; a new one where none is named. May raise whatever
        the library raises when the server refuses.
        """
        held, store = _Held(), KeyStore(notes, first, device)
        base, holding = _manager_of(client, own, held)
        manager = await holding.create(
            [oldmemo.Oldmemo(store)],
            store,
            own,
            initial_own_label=None,
            undecided_trust_level_name="UNDECIDED",
        )
        keys = cls(own, notes, base, manager, held)
        await manager.ensure_data_consistency()
        return keys

    async def others(self) -> bool:
        """Whether the server lists another device of our account."""
        _own, others = await self._manager.get_own_device_information()
        return any(dict(device.active).get(NAMESPACE) for device in others)

    async def identity(self) -> tuple[int, str]:
        """The device's number, and its key as apps show it."""
        own, _others = await self._manager.get_own_device_information()
        return own.device_id, "".join(self._manager.format_identity_key(own.identity_key))

    async def alone(self) -> None:
        """Take every other device of our account off the list. May raise whatever the library raises."""
        own, _others = await self._manager.get_own_device_information()
        only: dict[int, Any] = {own.device_id: None}
        await self._base._upload_device_list(NAMESPACE, only)  # noqa: SLF001
        await self._manager.update_device_list(NAMESPACE, self._own, only)

    async def open(self, encrypted: ET.Element, sender: str) -> Opened | Shut:
        """What it says."""
        async with self._one_at_a_time:
            try:
                message = await oldmemo.etree.parse_message(encrypted, sender, self._own, self._manager)
                text, device, _key = await self._manager.decrypt(message)
                said = None if text is None else text.decode("utf-8", "replace")
                new = await self._is_new(sender, device.identity_key) if said is not None else False
            except Exception as trouble:  # noqa: BLE001  whatever a stranger made
                return Shut.READ_BEFORE if _was_read(trouble) else Shut.BROKEN
        return Opened(said, new)

    async def encrypted(self, to: str, text: str) -> ET.Element:
        """For every device of this person. Raises NoKey; what moved has to be stored before it leaves."""
        async with self._one_at_a_time:
            passing = False
            try:
                await self._manager.refresh_device_list(NAMESPACE, to)
            except DeviceListDownloadFailed as trouble:
                passing = _passes(trouble.__cause__)  # those we know of will do
            try:
                made, _errors = await self._manager.encrypt(frozenset({to}), {NAMESPACE: text.encode()})
            except NoEligibleDevices:
                raise NoKey(passing=passing) from None
            (message,) = made
        return oldmemo.etree.serialize_message(message)

    async def settle(self) -> None:
        """Everything that waited on the server is read: keys that were kept for it go."""
        async with self._one_at_a_time:
            await self._manager.after_history_sync()

    async def release(self) -> None:
        """What was held may leave: all it depends on is stored. Raises what the library raises."""
        bundle, self._held.bundle = self._held.bundle, None
        messages, self._held.messages = self._held.messages, []
        if bundle is not None:
            await self._base._upload_bundle(bundle)  # noqa: SLF001  what the library would have done at once
        for message, to in messages:
            await self._base._send_message(message, to)  # noqa: SLF001

    async def end(self) -> None:
        """Its tasks end."""
        await self._manager.shutdown()

    async def _is_new(self, sender: str, key: bytes) -> bool:
        """Whether a person who wrote before writes from a device that did not; it is known from now on."""
        stored = await self._notes.get(KNOWN + sender)
        known = stored.split() if stored else []
        if key.hex().encode() in known:
            return False
        self._notes.put(KNOWN + sender, b" ".join([*known, key.hex().encode()][-20:]))
        return bool(known)


def named(device: str) -> str:
    """How names of this device's keys begin: an account that is added again meets nothing of the device before."""
    return f"omemo:{device}:"


def first_keys(text: str) -> dict[str, JSONType]:
    """The keys of the first day. Raises NotConfigured."""
    try:
        read = json.loads(text)
    except ValueError:
        read = None
    if not isinstance(read, dict) or "/own_device_id" not in read:
        raise NotConfigured("keys_damaged")
    return read


def _passes(cause: BaseException | None) -> bool:
    """Whether a list may be had later; a server's refusal is its word."""
    return not isinstance(cause, IqError) or cause.condition in PASSING


def _was_read(trouble: BaseException) -> bool:
    """Whether a message was opened before; the library says so beneath what it raises."""
    cause: BaseException | None = trouble
    while cause is not None:
        if isinstance(cause, DuplicateMessageException):
            return True
        cause = cause.__cause__
    return False
