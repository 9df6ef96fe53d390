"""Our key and those of partners, as the account holds them: who somebody is follows from a key an operator entered.

Kept true: a partner is their primary key, reached at the one address that key names; no key that comes by mail is ever
taken up. A key that has run out, was revoked, cannot be encrypted to, or is a secret one is refused when it is entered;
the library itself would encrypt to one that has run out.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pysequoia import Cert, PySigner, Tsk, encrypt
from pysequoia.packet import PacketPile, Tag

from tropa.channels.errors import NotConfigured
from tropa.channels.values import Handle

ADDRESS = re.compile(r"[^\s<>,;:\"\\\x00-\x1f]{1,190}@[^\s<>,;:\"\\\x00-\x1f]{1,190}")
SECRET = (Tag.SecretKey, Tag.SecretSubkey)
LARGEST_FILE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation we write with."""

    address: str = field(repr=False)
    cert: Cert = field(repr=False)

    @property
    def handle(self) -> Handle:
        """Canonical: the fingerprint of the primary key."""
        return Handle(f"key:{self.cert.fingerprint}")

    @property
    def route(self) -> bytes:
        """What `send` finds the key and its address by."""
        return self.cert.fingerprint.encode()

    @property
    def usable(self) -> bool:
        """Whether anything may still be encrypted to it."""
        end = self.cert.expiration
        return not self.cert.is_revoked and (end is None or end > datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything needed to open and to close a letter."""

    own: Tsk = field(repr=False)
    partners: Mapping[str, Partner] = field(repr=False)
    """By the fingerprint of the primary key."""

    @property
    def signer(self) -> PySigner:
        """What our letters are signed with."""
        return self.own.signer()

    @property
    def certs(self) -> list[Cert]:
        """Every partner's key."""
        return [partner.cert for partner in self.partners.values()]

    def at(self, address: str) -> Partner | None:
        """Whose address this is; a claim, for whoever it came from proves nothing by it."""
        found = (each for each in self.partners.values() if each.address == address.lower())
        return next(found, None)


def keys_of(settings: Mapping[str, str]) -> Keys:
    """The account's keys. Raises NotConfigured."""
    return Keys(own_key(settings["key"]), partners_in(_bytes(settings["partners"], "partners_malformed")))


def own_key(line: str) -> Tsk:
    """Our key from its one line. Raises NotConfigured."""
    try:
        key = Tsk.from_bytes(_bytes(line, "identity_malformed"))
        key.signer(), key.decryptor()
    except (RuntimeError, ValueError):
        raise NotConfigured("identity_malformed") from None
    return key


def line_of(content: bytes) -> str:
    """Keys in one line."""
    return base64.b64encode(content).decode()


def partners_in(content: bytes, *, entered: bool = False) -> dict[str, Partner]:
    """The partners of a file, armoured or not, one key after another. `entered`: an operator gives them now, and is
    told of a key nothing can be sent to. Raises NotConfigured.
    """
    if len(content) > LARGEST_FILE:
        raise NotConfigured("keys_of_partners_too_large")
    try:
        if b"PRIVATE KEY BLOCK" in content or any(
            packet.tag in SECRET for packet in PacketPile.from_bytes(content)
        ):
            raise NotConfigured("keys_of_partners_secret")
        certs = Cert.split_bytes(content)
    except (RuntimeError, ValueError):
        raise NotConfigured("keys_of_partners_malformed") from None
    partners = {cert.fingerprint: Partner(_address(cert), cert) for cert in certs}
    _check(partners.values(), len(certs), entered=entered)
    return partners


def _check(partners: Iterable[Partner], keys: int, *, entered: bool) -> None:
    addresses = {partner.address for partner in partners}
    if not keys or len(addresses) != keys:
        raise NotConfigured("keys_of_partners_share_an_address" if keys else "keys_of_partners_malformed")
    for partner in partners:
        if entered and not partner.usable:
            raise NotConfigured("key_of_a_partner_ran_out")
        if entered:
            _try(partner.cert)


def _try(cert: Cert) -> None:
    try:
        encrypt(b"", [cert])
    except RuntimeError:
        raise NotConfigured("key_of_a_partner_takes_nothing") from None


def _address(cert: Cert) -> str:
    for user in cert.user_ids:
        name = str(user)
        address = name[name.rfind("<") + 1 :].rstrip("> ") if "<" in name else name.strip()
        if ADDRESS.fullmatch(address):
            return address.lower()
    raise NotConfigured("key_of_a_partner_names_no_address")


def _bytes(line: str, code: str) -> bytes:
    try:
        return base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raise NotConfigured(code) from None
