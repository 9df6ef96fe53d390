"""One connection to the one configured server, signed in: archive pages, single messages, and what became of them.

Kept true: TLS from the first byte, and nothing is looked up; a connection is used once, so that nothing waits in it and
leaves late; a message that surely did not leave, one that was refused and one without an answer end differently.
Refused here: people's requests to see when we are there, and everything the library would answer by itself about them.
Source: RFC 6120 (stanzas are processed in order, 10.1), XEP-0313, XEP-0368, XEP-0199.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import ssl
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from slixmpp.clientxmpp import ClientXMPP
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath
from slixmpp.xmlstream.xmlstream import NotConnectedError

from tropa.channels.errors import AccountRefused, ChannelError, NotConfigured, Unreachable
from tropa.channels.values import Failed, Retry, SendResult, Sent, Unknown

CONNECT_WITHIN = 20.0
CALL_WITHIN = 20.0
PAGE = 30
MOST_LOOSE = 200
LIMITED_FOR = 5.0
MAM = "{urn:xmpp:mam:2}"
PLUGINS = (
    "xep_0004",
    "xep_0030",
    "xep_0059",
    "xep_0060",
    "xep_0191",
    "xep_0313",
    "xep_0334",
    "xep_0363",
    "xep_0441",
)
LOOPBACK = ("127.0.0.1", "localhost")
THEIR_LOGS = ("slixmpp", "slixmpp_omemo", "omemo", "oldmemo", "twomemo", "doubleratchet", "x3dh")

for _name in THEIR_LOGS:  # they write plaintext, keys and addresses
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Archived:
    """One message of the archive. `key` is the archive's own id for it."""

    key: str
    message: ET.Element = field(repr=False)
    stamp: datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer to a message that was not taken."""

    kind: str
    condition: str


def tls(host: str) -> ssl.SSLContext:
    """Certificates are looked at, except where nothing leaves the machine."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if host in LOOPBACK:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Stream:
    """A connection, from signing in to its end."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.own = settings["account"].lower()
        self._host, _, port = settings["server"].rpartition(":")
        self._port = int(port)
        client = ClientXMPP(settings["account"], settings["password"], ssl_context=tls(self._host))
        client.enable_starttls = client.enable_plaintext = False
        client.auto_authorize, client.auto_subscribe = None, False
        for plugin in PLUGINS:
            client.register_plugin(plugin)
        client.register_handler(Callback("heard", MatchXPath("{jabber:client}message"), self._heard))
        self.client: Any = client
        self.knocked = asyncio.Event()
        self.lost = asyncio.Event()
        self.loose: deque[ET.Element] = deque(maxlen=MOST_LOOSE)
        """What came live and will never be in the archive."""
        self._outcomes: dict[str, asyncio.Future[Refusal]] = {}

    # -- beginning and end -------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Sign in. Raises AccountRefused, Unreachable."""
        began: asyncio.Future[ChannelError | None] = asyncio.get_running_loop().create_future()

        def say(error: ChannelError | None) -> None:
            if not began.done():
                began.set_result(error)

        def gone(_event: object) -> None:
            self.lost.set()
            self.client.cancel_connection_attempt()
            say(Unreachable("unreachable"))

        self.client.add_event_handler("session_start", lambda _event: say(None))
        self.client.add_event_handler(
            "failed_all_auth", lambda _event: say(AccountRefused("account_refused"))
        )
        for name in ("connection_failed", "disconnected", "bind_failed"):
            self.client.add_event_handler(name, gone)
        self.client.connect(self._host, self._port)
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                error = await began
        except TimeoutError:
            error = Unreachable("unreachable")
        if error is not None:
            await self.close()
            raise error
        self.client.send_presence()  # nobody is subscribed to it; the server hands us what comes
        self.knocked.set()

    async def close(self) -> None:
        """Let go of everything."""
        client = self.client
        with contextlib.suppress(NotConnectedError):
            if client.transport is not None:
                client.send_raw("<presence type='unavailable'/></stream:stream>")
        client.cancel_connection_attempt()
        client.abort()
        sending = client._run_out_filters  # noqa: SLF001  the library leaves this task behind
        if sending is not None:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        self.lost.set()

    # -- what comes --------------------------------------------------------------------------------------------

    def _heard(self, stanza: Any) -> None:
        """A message came live: a knock, since the archive has it; or an answer to one of ours."""
        message: ET.Element = stanza.xml
        if message.get("type") == "error":
            waiting = self._outcomes.get(message.get("id") or "")
            if waiting is not None and not waiting.done():
                waiting.set_result(_refusal(message))
            return
        if message.find(f"{MAM}result") is not None:
            return
        if not self._is_archived(message):
            self.loose.append(message)
        self.knocked.set()

    def _is_archived(self, message: ET.Element) -> bool:
        stamps = message.findall("{urn:xmpp:sid:0}stanza-id")
        return any((stamp.get("by") or "").lower() == self.own for stamp in stamps)

    async def page(self, after: str) -> list[Archived]:
        """The oldest messages of the archive behind `after`, or from its beginning. Raises Unreachable."""
        try:
            return await self._retrieve({"max": PAGE} | ({"after": after} if after else {}))
        except IqError as error:
            if after and error.condition == "item-not-found":
                return await self.page("")  # the server let go of where we were
            self.client.abort()  # a new connection is asked anew, and says how it does
            raise Unreachable("archive_refused") from None

    async def newest(self) -> str:
        """The archive's last place; empty for an empty archive. Raises NotConfigured where nothing is kept."""
        prefs = self.client.plugin["xep_0441"]
        try:
            await self._call(prefs.set_preferences(default="always", timeout=CALL_WITHIN))
            newest = await self._retrieve({"max": 1, "before": ""})
        except IqError:
            raise NotConfigured("no_archive") from None
        return newest[-1].key if newest else ""

    async def _retrieve(self, rsm: Mapping[str, object]) -> list[Archived]:
        archive = self.client.plugin["xep_0313"]
        answer = await self._call(archive.retrieve(rsm=rsm, timeout=CALL_WITHIN))
        results = [message for message in answer["mam"]["results"] if self._is_ours(message)]
        read = [_archived(message.xml) for message in results]
        return [each for each in read if each is not None]

    def _is_ours(self, message: Any) -> bool:
        return message["from"].bare in ("", self.own)

    # -- what goes ---------------------------------------------------------------------------------------------

    async def say(self, name: str, text: str) -> SendResult:
        """One message as it stands, once. The server took it when it answers what was asked behind it."""
        outcome: asyncio.Future[Refusal] = asyncio.get_running_loop().create_future()
        self._outcomes[name] = outcome
        try:
            if self.lost.is_set() or not self.client.is_connected():
                return Retry(2.0, "unreachable")
            self.client.send_raw(text)
            with contextlib.suppress(IqError):  # a refusal is an answer too
                await self._call(self._ping())
            return result_of(outcome.result()) if outcome.done() else Sent(name)
        except NotConnectedError:
            return Retry(2.0, "unreachable")
        except Unreachable:
            return Unknown("no_answer")
        finally:
            self._outcomes.pop(name, None)

    async def alive(self) -> None:
        """Raises Unreachable when the server no longer answers."""
        with contextlib.suppress(IqError):
            await self._call(self._ping())

    async def slot(self, size: int) -> tuple[str, str, dict[str, str]]:
        """Where a file of so many bytes may be put and fetched, and with which headers. Raises IqError, Unreachable."""
        upload = self.client.plugin["xep_0363"]
        service = await self._call(upload.find_upload_service(timeout=CALL_WITHIN))
        if service is None:
            raise Unreachable("no_upload")
        name = f"{secrets.token_hex(8)}.bin"  # stands on the server in clear
        ask = upload.request_slot(
            service["from"], name, size, "application/octet-stream", timeout=CALL_WITHIN
        )
        slot = (await self._call(ask))["http_upload_slot"]
        headers = {header["name"]: header["value"] for header in slot["put"]["headers"]}
        return slot["put"]["url"], slot["get"]["url"], headers

    def _ping(self) -> Any:
        ask = self.client.make_iq_get(ito=self.own.rpartition("@")[2])
        ask.xml.append(ET.Element("{urn:xmpp:ping}ping"))
        return ask.send(timeout=CALL_WITHIN)

    async def _call(self, asked: Any) -> Any:
        """The answer, unless the connection ends before. Raises IqError, Unreachable."""
        answer, ended = asyncio.ensure_future(asked), asyncio.ensure_future(self.lost.wait())
        try:
            await asyncio.wait({answer, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise Unreachable("unreachable")
            return answer.result()
        except IqTimeout:
            self.client.abort()
            raise Unreachable("unreachable") from None
        finally:
            ended.cancel()
            answer.cancel()


def _archived(outer: ET.Element) -> Archived | None:
    result = outer.find(f"{MAM}result")
    if result is None:
        return None
    message = result.find("{urn:xmpp:forward:0}forwarded/{jabber:client}message")
    key = result.get("id")
    if message is None or not key:
        return None
    delay = result.find("{urn:xmpp:forward:0}forwarded/{urn:xmpp:delay}delay")
    return Archived(key, message, _moment(delay.get("stamp") if delay is not None else None))


def _moment(stamp: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stamp or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refusal(message: ET.Element) -> Refusal:
    error = message.find("{jabber:client}error")
    if error is None:
        return Refusal("cancel", "")
    conditions = [child.tag.rpartition("}")[2] for child in error]
    return Refusal(error.get("type") or "cancel", conditions[0] if conditions else "")


def result_of(refusal: Refusal) -> SendResult:
    """What a refusal means for the message (RFC 6120, 8.3.3)."""
    match refusal.condition:
        case "resource-constraint":
            return Retry(LIMITED_FOR, "rate_limited")
        case "policy-violation" if refusal.kind == "wait":
            return Retry(LIMITED_FOR, "rate_limited")
        case (
            "item-not-found" | "gone" | "recipient-unavailable" | "remote-server-not-found" | "jid-malformed"
        ):
            return Failed("no_such_person")
        case "service-unavailable" | "forbidden" | "not-allowed" | "not-authorized" | "subscription-required":
            return Failed("blocked")
        case "policy-violation":
            return Failed("too_long")
        case _:
            return Unknown("no_answer") if refusal.kind == "wait" else Failed("refused")
