"""Partners who write with OpenPGP: a key each, mails as their programs make them, and what their programs show."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from itertools import count

from pysequoia import Cert, Profile, PySigner, SignatureMode, Tsk, decrypt, encrypt, sign

from tests.channels.mail_server import DOMAIN, MailServer

KNOWN = ("7", "8", "9", "100", "101", "7734561902")
"""Whose keys an operator has entered."""
RAN_OUT = (
    "xVgEawRCQRYJKwYBBAHaRw8BAQdAy+xG2PSXJ2JwYWqvkVTJGhFJrgLiYzJGJKc2KP4XW1YAAP9XpTX4lcTIb2qMwf80bHDwaFwp"
    "UubEeEW/mMEIh1MkaxGdwsARBB8WCgCDBYJrBEJBBYkAAAABAwsJBwkQBaqzttkgvJFHFAAAAAAAHgAgc2FsdEBub3RhdGlvbnMu"
    "c2VxdW9pYS1wZ3Aub3JnlGIS++XWW/MxuJc5nGNwWBzgAttZKlQmo8GJgzStJjwDFQoIApsBAh4JFiEECfr+Yfc/c7sixSkVBaqz"
    "ttkgvJEAAIO6AQCShb40B3u3dyVlLlsFdZbL2LqiLaifZ5OZTgLcCQEHiAD7BBVzPOSv9HyZqwf5JkxQpxnXtBz2sxlHuGIVEbNR"
    "SQTNDzcgPDdAY2hhdC50ZXN0PsLAFAQTFgoAhgWCawRCQQWJAAAAAQMLCQcJEAWqs7bZILyRRxQAAAAAAB4AIHNhbHRAbm90YXRp"
    "b25zLnNlcXVvaWEtcGdwLm9yZzAxTmuOQUPtzo2NHCTG1NXvfuTl+iVMTHSn40nOBzHTAxUKCAKZAQKbAQIeCRYhBAn6/mH3P3O7"
    "IsUpFQWqs7bZILyRAACvGwD5AUI08YJ7XNlcUC18PUCDWG6GrJ3KHz3+VSW8kfGh5LMBALwU26Bofd59pc+3QT38sXfC7SzinNw3"
    "BQwq90BigecMx1gEawRCQRYJKwYBBAHaRw8BAQdAwaN64dQdVp3NlbHlzZLJ8GQl2+GB3MIqnjblbTzaq0UAAP47bzTKYGkP2wuE"
    "9E8aU2GqGbXFJ+1P/n4rXuz4dOnC9xGYwsDFBBgWCgE3BYJrBEJBBYkAAAABCRAFqrO22SC8kUcUAAAAAAAeACBzYWx0QG5vdGF0"
    "aW9ucy5zZXF1b2lhLXBncC5vcmeHpNJkIV359aRWyGLDn9VKPqWP3+HwakjdqS0DM3D6xwKbAr6gBBkWCgBvBYJrBEJBCRATlqr+"
    "W3LUHkcUAAAAAAAeACBzYWx0QG5vdGF0aW9ucy5zZXF1b2lhLXBncC5vcmfNoYIuWhH9t0RHfIckgx4s0jHK/kqIeVDYz5AyUOMi"
    "kxYhBBJ2f6OnEtbV7u9d2xOWqv5bctQeAAD7PgEA/WzW4TG2+Ps7tNz2egy1YWjFPZRgmnLPDvuY4Ap8MIkBALlsYNOB1hdnOlvJ"
    "MBCj1ETczmklGHeSvIIiGVgZuVwGFiEECfr+Yfc/c7sixSkVBaqzttkgvJEAADEMAP9FFfOBEyZK4UYw6w1mOLQD5b2uOd6m/iTc"
    "VxnVQBjqcAD+P6LniqidAVGe/ceey8Pje4mseKj/ZZmQxu6AmZoBfADHXQRrBEJBEgorBgEEAZdVAQUBAQdAZKWMPzbZ2negjKdd"
    "RrosfGITbbm6692bNVPXdZTMMUEDAQgHAAD/cgtcHg0K756B4Q5C2eQSbuVlrdEhd+1phWFSS/nNvvARNsLABgQYFgoAeAWCawRC"
    "QQWJAAAAAQkQBaqzttkgvJFHFAAAAAAAHgAgc2FsdEBub3RhdGlvbnMuc2VxdW9pYS1wZ3Aub3JnrDga00c7j4KUMU2Vy81f37aX"
    "7KsGlgmQQ1reZxbppxACmwwWIQQJ+v5h9z9zuyLFKRUFqrO22SC8kQAAHwsA/0n3HBxH6bA0EqVsBYNUIekTwAwaW7fpOYioWK3A"
    "uLwRAQCoyVEX07X0m91PB+8mfls5UsWnEmZcga9Li3H2PGT7Cg=="
)
"""A key of 7 that was good for one second, in November 2026."""
numbers = count()


def address_of(person: str) -> str:
    return f"{person}@{DOMAIN}"


@cache
def key_of(person: str) -> Tsk:
    """The key, of the older form, as GnuPG makes it."""
    return Tsk.generate(f"{person} <{address_of(person)}>", profile=Profile.RFC4880)


def cert_of(person: str) -> Cert:
    return key_of(person).extract_certificate()


def mime(text: str, *files: tuple[str, bytes]) -> bytes:
    """What is written, before anybody seals it."""
    inner = EmailMessage(policy=policy.SMTP)
    inner.set_content(text)
    for name, content in files:
        inner.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return inner.as_bytes()


def sealed(content: bytes, to: Cert, signer: PySigner | None) -> bytes:
    return encrypt(content, [to], signer=signer)


def wrapped(blob: bytes) -> bytes:
    """The encrypted blob as RFC 3156 sends it, without a head."""
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"'
        b"\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n"
        b"--b\r\nContent-Type: application/octet-stream\r\n\r\n" + blob + b"\r\n--b--\r\n"
    )


def signed_only(content: bytes, signer: PySigner) -> bytes:
    """A letter that is signed and readable on its way, without a head."""
    content = content.rstrip(b"\r\n") + b"\r\n"
    signature = sign(signer, content, mode=SignatureMode.DETACHED)
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/signed; micalg=pgp-sha512; boundary="s"; '
        b'protocol="application/pgp-signature"\r\n\r\n--s\r\n' + content + b"\r\n--s\r\n"
        b"Content-Type: application/pgp-signature\r\n\r\n" + signature + b"\r\n--s--\r\n"
    )


def headed(sender: str, to: str, rest: bytes, subject: str = "...") -> bytes:
    """With a head."""
    head = f"From: Partner <{sender}>\r\nTo: <{to}>\r\nSubject: {subject}\r\n"
    return head.encode() + b"Message-ID: <%d@chat.test>\r\n" % next(numbers) + rest


class Partners:
    """Everybody who has a key, on the running server."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._opened: dict[tuple[str, bytes], EmailMessage] = {}

    def shown(self, person: str, sender: str, desk: Cert) -> list[EmailMessage]:
        """What a partner's program shows of one sender's letters, which are all signed with the desk's key."""
        found = []
        for mail in self.server.mails(address_of(person)):
            if f"\nFrom: {sender}".encode() not in mail:
                continue
            if (desk.fingerprint, mail) not in self._opened:
                self._opened[desk.fingerprint, mail] = _opened(mail, person, desk)
            found.append(self._opened[desk.fingerprint, mail])
        return found


def _opened(mail: bytes, person: str, desk: Cert) -> EmailMessage:
    outer = message_from_bytes(mail, policy=policy.default)
    assert outer.get_content_type() == "multipart/encrypted"
    assert str(outer["Subject"]) == "..."
    _version, blob = outer.iter_parts()
    opened = decrypt(blob.get_payload(decode=True), key_of(person).decryptor(), lambda _ids: [desk])
    assert [each.certificate for each in opened.valid_sigs] == [desk.fingerprint]
    assert opened.bytes is not None
    inner = message_from_bytes(opened.bytes, policy=policy.default)
    assert isinstance(inner, EmailMessage)
    return inner
