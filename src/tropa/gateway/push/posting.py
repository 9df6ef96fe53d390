"""One notice handed to one push service, by the standard library's HTTPS.

Nothing of the answer is read but its number: push services answer with words that may name the subscription. No
redirect is followed, no proxy of the environment is used, and no address stands in any error.
"""

from __future__ import annotations

import http
import http.client
import secrets
import ssl
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from tropa.desk.push.key import CURVE
from tropa.desk.push.subscription import Subscription, is_push_service
from tropa.gateway.accounts import refuse_in_training
from tropa.gateway.push.encryption import SALT_BYTES, authorization, encrypted

PATIENCE = 20.0
KEPT_FOR = 4 * 3600
"""Seconds a push service keeps a notice for a browser that is away."""
GONE = frozenset({404, 410})


class Posted(StrEnum):
    """How it went."""

    TAKEN = auto()
    GONE = auto()  # there is no such subscription any more
    REFUSED = auto()
    UNREACHED = auto()


@dataclass(frozen=True, slots=True)
class PushPost:
    """Hands notices over: `key` signs them, `subject` is where whoever runs a push service finds us (RFC 8292, 2.1)."""

    key: ec.EllipticCurvePrivateKey
    subject: str
    tls: ssl.SSLContext

    def post(self, subscription: Subscription, notice: bytes, *, now: datetime) -> Posted:
        """Hand over one notice. Raises TrainingWorld in one, before anything is asked of the network."""
        refuse_in_training()
        if not is_push_service(subscription.endpoint):
            return Posted.REFUSED
        parts = urlsplit(subscription.endpoint)
        body = encrypted(
            notice,
            subscription,
            key=ec.generate_private_key(CURVE),
            salt=secrets.token_bytes(SALT_BYTES),
        )
        audience = f"https://{parts.netloc}"
        headers = {
            "Authorization": authorization(self.key, audience=audience, subject=self.subject, now=now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_FOR),
            "Topic": "n",  # a newer notice takes the place of one that was not delivered
        }
        where = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port or 443, timeout=PATIENCE, context=self.tls
        )
        try:
            connection.request("POST", where or "/", body=body, headers=headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return Posted.UNREACHED
        finally:
            connection.close()
        return _went(status)


def _went(status: int) -> Posted:
    if status in GONE:
        return Posted.GONE
    if http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES:
        return Posted.TAKEN
    passing = status == http.HTTPStatus.TOO_MANY_REQUESTS or status >= http.HTTPStatus.INTERNAL_SERVER_ERROR
    return Posted.UNREACHED if passing else Posted.REFUSED
