"""People on a real Prosody, each on a device with slixmpp-omemo's own plugin, in a thread with a loop of its own."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import secrets
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from aiohttp import ClientSession, TCPConnector, ThreadedResolver
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from omemo.storage import Just, Maybe, Nothing, Storage
from slixmpp.clientxmpp import ClientXMPP
from slixmpp.jid import JID
from slixmpp.plugins import register_plugin
from slixmpp.xmlstream.handler import CoroutineCallback
from slixmpp.xmlstream.matcher import MatchXPath
from slixmpp_omemo import XEP_0384

from tests.channels.prosody import DOMAIN, Prosody, any_certificate
from tests.channels.synapse import PASSWORD

PATIENCE = 90.0
PLUGINS = ("xep_0199", "xep_0191", "xep_0308", "xep_0363", "xep_0060", "xep_0380")

for _name in ("slixmpp", "slixmpp_omemo", "omemo", "oldmemo", "twomemo"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Memory(Storage):
    """Keys of a device, for as long as the tests run."""

    def __init__(self) -> None:
        super().__init__(disable_cache=True)
        self.values: dict[str, Any] = {}

    async def _load(self, key: str) -> Maybe[Any]:
        return Just(self.values[key]) if key in self.values else Nothing()

    async def _store(self, key: str, value: Any) -> None:
        self.values[key] = value

    async def _delete(self, key: str) -> None:
        self.values.pop(key, None)


class Omemo(XEP_0384):  # type: ignore[misc]
    name = "xep_0384"
    default_config = {"fallback_message": "encrypted", "memory": None}

    @property
    def storage(self) -> Storage:
        return self.memory

    @property
    def _btbv_enabled(self) -> bool:
        return True

    async def _prompt_manual_trust(self, *_: Any) -> None:
        raise AssertionError


register_plugin(Omemo)


@dataclass(slots=True)
class Shown:
    """What a person's device showed of one account, in order."""

    texts: list[str] = field(default_factory=list)
    in_clear: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    unopened: int = 0


class Client(ClientXMPP):
    """The plugin asks for others in a way the library has come to warn of."""

    def __getitem__(self, name: str) -> Any:
        return self.plugin[name]


class Device:
    """One device of somebody."""

    def __init__(self, name: str, port: int) -> None:
        client = Client(f"{name}@{DOMAIN}", PASSWORD, ssl_context=any_certificate(), sasl_mech="PLAIN")
        client.enable_starttls = False
        self.client: Any = client
        self.port = port
        self.shown: dict[str, Shown] = defaultdict(Shown)
        self._one = asyncio.Lock()
        for plugin in PLUGINS:
            client.register_plugin(plugin)
        client.register_plugin("xep_0384", {"memory": Memory()}, module=sys.modules[__name__])
        handler = CoroutineCallback("came", MatchXPath("{jabber:client}message"), self._came)
        client.register_handler(handler)

    async def begin(self) -> None:
        ready = asyncio.Event()
        self.client.add_event_handler("omemo_initialized", lambda _event: ready.set())
        self.client.connect("127.0.0.1", self.port)
        await asyncio.wait_for(ready.wait(), PATIENCE)
        self.client.send_presence()
        await self.passed()

    async def passed(self) -> None:
        """Everything said so far reached the server."""
        await self.client.plugin["xep_0199"].ping(JID(DOMAIN), timeout=PATIENCE)

    async def say(self, to: str, text: str, *, replaces: str = "") -> str:
        async with self._one:
            message = self.client.make_message(mto=JID(to), mtype="chat", mbody=text)
            message.set_from(self.client.boundjid)
            sealed, _problems = await self.client.plugin["xep_0384"].encrypt_message(message, {JID(to)})
            assert sealed is not None
            if replaces:
                sealed["replace"]["id"] = replaces
            sealed.send()
            await self.passed()
            return str(sealed["id"])

    async def raw(self, to: str, *children: ET.Element, body: str = "", kind: str = "chat") -> None:
        message = self.client.make_message(mto=JID(to), mtype=kind, mbody=body or None)
        for child in children:
            message.append(child)
        message.send()
        await self.passed()

    async def all_of(self, messages: Iterable[str]) -> None:
        """Messages as they stand."""
        for each in messages:
            self.client.send_raw(each)
        await self.passed()

    async def look_again(self, account: str) -> None:
        """Which devices an account has now."""
        await self.client.plugin["xep_0384"].refresh_device_lists({JID(account)}, force_download=True)

    async def put(self, name: str, content: bytes) -> str:
        """The link to a file on the server."""
        key, begins = secrets.token_bytes(32), secrets.token_bytes(12)
        sealed = await asyncio.to_thread(AESGCM(key).encrypt, begins, content, None)
        ask = self.client.plugin["xep_0363"].request_slot(JID(f"up.{DOMAIN}"), quote(name), len(sealed))
        slot = (await ask)["http_upload_slot"]
        connector = TCPConnector(ssl=any_certificate(), resolver=ThreadedResolver())
        headers = {each["name"]: each["value"] for each in slot["put"]["headers"]}
        async with (
            ClientSession(connector=connector) as http,
            http.put(slot["put"]["url"], data=io.BytesIO(sealed), headers=headers) as answer,
        ):
            assert answer.status == 201, answer.status
        return str(slot["get"]["url"]).replace("https://", "aesgcm://", 1) + "#" + (begins + key).hex()

    async def block(self, account: str) -> None:
        await self.client.plugin["xep_0191"].block({JID(account)})

    async def _came(self, stanza: Any) -> None:
        if stanza["type"] not in ("chat", "normal"):
            return
        shown, omemo = self.shown[stanza["from"].bare], self.client.plugin["xep_0384"]
        if not omemo.is_encrypted(stanza):
            if stanza["body"]:
                shown.in_clear.append(stanza["body"])
            return
        async with self._one:
            try:
                opened, _device = await omemo.decrypt_message(stanza)
            except Exception:  # noqa: BLE001  counted, and judged by the test
                shown.unopened += 1
                return
        text = opened["body"]
        if text:
            (shown.links if text.startswith("aesgcm://") else shown.texts).append(text)

    async def end(self) -> None:
        self.client.cancel_connection_attempt()
        await self.client.disconnect(wait=1.0)


class People:
    """Everybody, in one thread."""

    def __init__(self, server: Prosody) -> None:
        self.server = server
        self.devices: dict[str, Device] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """Something in their thread, done when this returns."""
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(PATIENCE)

    def device(self, person: str, number: int = 0) -> Device:
        """A person's device, made the first time."""
        name = f"{person}/{number}"
        if name not in self.devices:
            if number == 0:
                self.server.register(person)
            self.devices[name] = self.do(self._made(person))
        return self.devices[name]

    def signed_in(self, name: str) -> Device:
        """One more device of an account there is."""
        return self.devices.setdefault(f"{name}/spy", self.do(self._made(name)))

    async def _made(self, person: str) -> Device:
        device = Device(person, self.server.port)
        await device.begin()
        return device

    def end(self) -> None:
        for device in self.devices.values():
            with contextlib.suppress(Exception):
                self.do(device.end())
        self.do(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextlib.contextmanager
def people(server: Prosody) -> Iterator[People]:
    """Everybody on a running server."""
    everybody = People(server)
    try:
        yield everybody
    finally:
        everybody.end()


def until(holds: Callable[[], Any]) -> None:
    """Wait for what another thread does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
