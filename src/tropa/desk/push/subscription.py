"""Where one browser is reached, as its push service told it: an address and two keys.

Refused: every address that is not `https://` at a configured push service, so that nobody makes the sending process
ask other machines for anything; and keys that are none. Stored format 1: JSON in UTF-8, behind the signature of
whoever it belongs to.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from tropa.desk.conf import conf
from tropa.desk.push.errors import BadSubscription
from tropa.desk.push.key import CURVE
from tropa.envelope import Context

LONGEST = 4096
LONGEST_ADDRESS = 1024
POINT_BYTES = 65
AUTH_BYTES = 16
PRINTED = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Subscription:
    """An address at a push service, the browser's P-256 point (65 bytes) and shared secret (16), RFC 8291."""

    endpoint: str = field(repr=False)
    point: bytes = field(repr=False)
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not is_push_service(self.endpoint):
            raise BadSubscription("not a push service we send to")
        if len(self.point) != POINT_BYTES or len(self.secret) != AUTH_BYTES:
            raise BadSubscription("not the keys of a browser")
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(CURVE, self.point)
        except ValueError:
            raise BadSubscription("not a point of the curve") from None

    def encode(self) -> bytes:
        """Format 1."""
        keys = {"p256dh": _text(self.point), "auth": _text(self.secret)}
        return json.dumps({"endpoint": self.endpoint, "keys": keys}).encode()


def is_push_service(address: str) -> bool:
    """Whether this is an https address at a configured service; its port is 443 unless the setting names another."""
    if len(address) > LONGEST_ADDRESS or not PRINTED.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        return False
    if parts.scheme != "https" or "@" in parts.netloc or "\\" in address or not host:
        return False
    return any(_fits(host, port, allowed) for allowed in conf.push_hosts)


def read_subscription(content: str | bytes) -> Subscription:
    """What a browser said, or what was stored. Raises BadSubscription."""
    if len(content) > LONGEST:
        raise BadSubscription("too long")
    try:
        said = json.loads(content)
        endpoint, keys = said["endpoint"], said["keys"]
        point, secret = _bytes(keys["p256dh"]), _bytes(keys["auth"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadSubscription("not of the form browsers send") from None
    if not isinstance(endpoint, str):
        raise BadSubscription("not of the form browsers send")
    return Subscription(endpoint, point, secret)


def place(member_id: str) -> Context:
    """Where a subscription lies; its signature names the same place."""
    return Context("push subscription", 1, "push_pushsubscription", "sealed", member_id)


def _fits(host: str, port: int, allowed: str) -> bool:
    name, _colon, number = allowed.partition(":")
    if port != int(number or 443):
        return False
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > LONGEST or not re.fullmatch(r"[A-Za-z0-9_-]+=*", text):
        raise ValueError("no base64url")
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except binascii.Error:
        raise ValueError("no base64url") from None
