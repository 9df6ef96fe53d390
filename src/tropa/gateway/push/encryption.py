"""What a push service is handed: a notice only the browser opens, and a signature that says whose it is.

Message encryption after RFC 8291 (content coding aes128gcm, RFC 8188), signatures after RFC 8292 (VAPID). Every notice
is made up to one length, so that neither its words nor their language show.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tropa.desk.push.key import CURVE
from tropa.desk.push.subscription import Subscription

RECORD = 4096
PADDED = 256
"""Bytes of every notice before it is encrypted."""
SALT_BYTES = 16
GOOD_FOR = timedelta(hours=1)
LAST_RECORD = b"\x02"
NUMBER_BYTES = 32  # each half of a signature over P-256


def encrypted(
    notice: bytes,
    subscription: Subscription,
    *,
    key: ec.EllipticCurvePrivateKey,
    salt: bytes,
    length: int = PADDED,
) -> bytes:
    """The body of the request: head and one record (RFC 8188, 2.1). `key` and `salt` are good for this one alone.

    ValueError for a notice that does not fit.
    """
    if len(notice) >= length or len(salt) != SALT_BYTES:
        raise ValueError("a notice that does not fit, or a salt of another length")
    ours = public_bytes(key.public_key())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, subscription.point)
    content_key, nonce = content_keys(
        key.exchange(ec.ECDH(), theirs),
        subscription.secret,
        b"WebPush: info\0" + subscription.point + ours,
        salt,
    )
    plain = notice + LAST_RECORD + bytes(length - len(notice) - 1)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(content_key).encrypt(nonce, plain, None)


def content_keys(shared: bytes, secret: bytes, info: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """Key (16 bytes) and nonce (12) of the one record: RFC 8291, 3.3 and 3.4."""
    material = HKDF(SHA256(), 32, secret, info).derive(shared)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(material)
    return key, HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(material)


def authorization(key: ec.EllipticCurvePrivateKey, *, audience: str, subject: str, now: datetime) -> str:
    """The header that says whose notice this is: a token for one push service, good for an hour (RFC 8292, 2 and 3)."""
    head = _text(b'{"typ":"JWT","alg":"ES256"}')
    claims = {"aud": audience, "exp": int((now + GOOD_FOR).timestamp()), "sub": subject}
    signed = f"{head}.{_text(json.dumps(claims, separators=(',', ':')).encode())}"
    left, right = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = left.to_bytes(NUMBER_BYTES, "big") + right.to_bytes(NUMBER_BYTES, "big")
    return f"vapid t={signed}.{_text(signature)}, k={_text(public_bytes(key.public_key()))}"


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """The point, uncompressed: 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
