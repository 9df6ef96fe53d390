"""A double of a push service, over real TLS on loopback, and of the browsers behind it.

It encodes our reading of RFC 8030, 8188, 8291 and 8292; it was never compared with a push service. Each browser has
keys of its own and opens what it is handed with code that shares nothing with ours but the library of primitives; the
signature is checked as RFC 8292 has it. Modelled: subscriptions that are gone, refusals, redirects, an answer with
words. Not modelled: keeping for a browser that is away, topics, quotas.
"""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def keyed(key: bytes, data: bytes) -> bytes:
    digest = hmac.HMAC(key, hashes.SHA256())
    digest.update(data)
    return digest.finalize()


@dataclass
class BrowserDouble:
    """One browser: the keys it drew, and where the service reaches it."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def point(self) -> bytes:
        form = serialization.PublicFormat.UncompressedPoint
        return self.key.public_key().public_bytes(serialization.Encoding.X962, form)

    @property
    def said(self) -> str:
        """What `JSON.stringify(subscription)` gives in a browser."""
        keys = {"p256dh": base64url(self.point), "auth": base64url(self.secret)}
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": keys})

    def opened(self, body: bytes) -> bytes:
        """The notice, by the steps of RFC 8291, 3.4, and RFC 8188, 2; InvalidTag when it is not for this browser."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        )
        first = keyed(self.secret, shared)
        material = keyed(first, b"WebPush: info\0" + self.point + theirs + b"\x01")
        second = keyed(salt, material)
        content = keyed(second, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = keyed(second, b"Content-Encoding: nonce\0\x01")[:12]
        plain = AESGCM(content).decrypt(nonce, record, None).rstrip(b"\0")
        assert plain[-1:] == b"\x02"
        return plain[:-1]


@dataclass
class PushServiceDouble:
    """The service. `answers` is what it says next, by path; else 201."""

    port: int
    tls: ssl.SSLContext
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def browser(self, name: str) -> BrowserDouble:
        return BrowserDouble(f"https://{self.host}/push/{name}")

    def bodies(self, browser: BrowserDouble) -> list[bytes]:
        """What came for this browser."""
        return [body for path, _headers, body in self.requests if browser.endpoint.endswith(path)]

    def check_signature(self, headers: dict[str, str], sender: bytes, now: dt.datetime) -> dict[str, Any]:
        """The token's claims; InvalidSignature unless `sender` signed them (RFC 8292, 2 to 4.2)."""
        scheme, _space, rest = headers["Authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        assert unbase64url(parts["k"]) == sender
        signed, _dot, signature = parts["t"].rpartition(".")
        raw = unbase64url(signature)
        pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        public.verify(pair, signed.encode(), ec.ECDSA(hashes.SHA256()))
        claims: dict[str, Any] = json.loads(unbase64url(signed.split(".")[1]))
        assert claims["aud"] == f"https://{self.host}"
        assert 0 < claims["exp"] - now.timestamp() <= 24 * 3600
        return claims


@contextmanager
def push_service(folder: Path) -> Iterator[PushServiceDouble]:
    """The double, running; its certificate's authority is what `tls` trusts."""
    certificate, key = _certificate()
    (folder / "push.pem").write_bytes(certificate + key)
    double: list[PushServiceDouble] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            double[0].requests.append((self.path, dict(self.headers), body))
            status = double[0].answers.get(self.path, 201)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if 300 <= status < 400:
                self.send_header("Location", f"https://{double[0].host}/elsewhere")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(folder / "push.pem")
    server.socket = inside.wrap_socket(server.socket, server_side=True)
    outside = ssl.create_default_context(cadata=certificate.decode())
    double.append(PushServiceDouble(server.server_address[1], outside))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield double[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push double")])
    now = dt.datetime.now(dt.UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(host, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private
