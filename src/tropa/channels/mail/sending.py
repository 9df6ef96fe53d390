"""One letter to one partner, once, to the key and the address an operator entered.

Kept true: nothing leaves for somebody without a key, to a key that has run out, or in clear; the line of the subject
says nothing. What was said to the server before the letter itself surely did not go out; from then on only a clear
refusal is one.
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from pysequoia import encrypt

from tropa.channels.errors import AccountRefused, Unreachable
from tropa.channels.imap import context_for
from tropa.channels.mail.keys import Keys, Partner, line_of
from tropa.channels.values import Failed, Outgoing, Retry, SendResult, Sent, Unknown

WITHIN = 30.0
LATER = 5.0
REFUSED_FOR = 300.0
HIDDEN = "..."
VERSION = "application/pgp-encrypted"


def send(out: Outgoing, keys: Keys, settings: Mapping[str, str]) -> SendResult:
    """One attempt. Blocks."""
    fingerprint = out.reply_route.decode("ascii", "replace")
    partner = keys.partners.get(fingerprint)
    if partner is None or partner.handle != out.handle:
        return Failed("no_key" if fingerprint == "" else "no_such_person")
    if not partner.usable:
        return Failed("key_ran_out")
    try:
        letter = _closed(out, partner, keys, settings["address"])
    except RuntimeError:
        return Failed("key_ran_out")  # the library says in words alone why a key takes nothing
    try:
        server = connected(settings)
    except Unreachable:
        return Retry(LATER, "unreachable")
    except AccountRefused:
        return Retry(REFUSED_FOR, "account_refused")
    try:
        return _handed_in(server, settings["address"], partner.address, letter) or Sent(_id(out, settings))
    finally:
        server.close()


def connected(settings: Mapping[str, str]) -> smtplib.SMTP_SSL:
    """The sending server, signed in. Raises Unreachable, AccountRefused."""
    host, _, port = settings["smtp"].rpartition(":")
    try:
        server = smtplib.SMTP_SSL(
            host, int(port), local_hostname="localhost", timeout=WITHIN, context=context_for(host)
        )
    except (OSError, smtplib.SMTPException):
        raise Unreachable("unreachable") from None
    try:
        server.login(settings["address"], settings["password"])
    except smtplib.SMTPAuthenticationError as refused:
        server.close()
        if 500 <= refused.smtp_code < 600:
            raise AccountRefused("account_refused") from None
        raise Unreachable("unreachable") from None
    except (OSError, smtplib.SMTPException):
        server.close()
        raise Unreachable("unreachable") from None
    return server


def _handed_in(server: smtplib.SMTP_SSL, sender: str, to: str, letter: bytes) -> SendResult | None:
    """None when the server took it."""
    try:
        for code, _words in (server.mail(sender, [f"size={len(letter)}"]), server.rcpt(to)):
            if code >= 500:
                return Failed("too_long" if code == 552 else "no_such_person")
            if code >= 400:
                return Retry(LATER, "rate_limited")
    except (OSError, smtplib.SMTPException):
        return Retry(LATER, "unreachable")
    try:
        code, _words = server.data(letter)
    except smtplib.SMTPDataError as refused:
        code = refused.smtp_code
    except (OSError, smtplib.SMTPException):
        return Unknown("no_answer")
    if 200 <= code < 300:
        return None
    if 400 <= code < 500:
        return Retry(LATER, "rate_limited")
    return Failed("too_long" if code == 552 else "refused") if 500 <= code < 600 else Unknown("no_answer")


def _closed(out: Outgoing, partner: Partner, keys: Keys, address: str) -> bytes:
    """The letter, signed and encrypted. Raises RuntimeError when the key takes nothing."""
    inner = EmailMessage(policy=SMTP)
    inner.set_content(out.text, cte="base64")
    for file in out.attachments:
        main, _, sub = file.media_type.partition("/")
        kind = (main, sub) if main.isalnum() and sub else ("application", "octet-stream")
        inner.add_attachment(file.content, maintype=kind[0], subtype=kind[1], filename=file.name)
    blob = encrypt(inner.as_bytes(), [partner.cert], signer=keys.signer)
    outer = EmailMessage(policy=SMTP)
    outer["From"], outer["To"], outer["Subject"] = address, partner.address, HIDDEN
    outer["Date"], outer["Message-ID"] = formatdate(), f"<{out.key}@{address.rpartition('@')[2]}>"
    outer["MIME-Version"] = "1.0"
    outer["Content-Type"] = f'multipart/encrypted; protocol="{VERSION}"'
    outer.set_payload([_part(VERSION, b"Version: 1\r\n"), _part("application/octet-stream", blob)])
    return _autocrypt(address, bytes(keys.own.extract_certificate())) + outer.as_bytes()


def _autocrypt(address: str, cert: bytes) -> bytes:
    """Our key, as a line of the head that says so; folded by hand, for the standard library would encode it."""
    own = line_of(cert)
    lines = [f"Autocrypt: addr={address}; prefer-encrypt=mutual; keydata="]
    lines += [f" {own[begin : begin + 70]}" for begin in range(0, len(own), 70)]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _part(kind: str, content: bytes) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = kind
    part.set_payload(content.decode("ascii"))
    return part


def _id(out: Outgoing, settings: Mapping[str, str]) -> str:
    return f"{out.key}@{settings['address'].rpartition('@')[2]}"
