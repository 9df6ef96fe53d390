"""What a browser is asked for a passkey, and whether its answer is good; all of it by the library `webauthn`.

A challenge is made of a moment, random bytes and a tag under the service key that names what it is for, so strangers
fill no table by asking for some; it is good for ten minutes. Refused: an answer to another challenge, from another
origin or for another site than the desk's own address, without the person's PIN or finger, with a counter that did not
move on, or malformed in any way. Passkeys need a name in the desk's address: for an IP address there are none.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import ipaddress
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tropa.desk.conf import conf
from tropa.desk.staff.errors import PasskeyRefused
from tropa.desk.staff.service_key import service_seed

SIGN_IN = "sign in"
LIFE = timedelta(minutes=10)
MOMENT_BYTES, NONCE_BYTES, TAG_BYTES = 8, 16, 32
LONGEST_ANSWER = 16 * 1024
SITE_NAME = "Tropa"
LONGEST_WAIT = 60_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that was given out here: its bytes and when."""

    challenge: bytes = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that was just made, as its authenticator tells."""

    credential_id: bytes
    public_key: bytes = field(repr=False)
    count: int


def site() -> str | None:
    """The name passkeys are bound to, from the desk's address; None where there can be none."""
    host = urlsplit(conf.desk_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host or None
    return None


def purpose_of_adding(visit_id: str) -> str:
    """What a challenge is for that makes a passkey in this visit."""
    return f"add {visit_id}"


def new_challenge(purpose: str, now: datetime) -> bytes:
    """A challenge for this purpose, good for ten minutes."""
    head = _moment(now).to_bytes(MOMENT_BYTES, "big") + secrets.token_bytes(NONCE_BYTES)
    return head + _tag(purpose, head)


def asked(text: str, purpose: str, now: datetime) -> Asked:
    """The challenge a form brings back. Raises PasskeyRefused unless it was given out here, for this, and lately."""
    try:
        challenge = base64url_to_bytes(text)
    except ValueError:
        raise PasskeyRefused from None
    head, tag = challenge[:-TAG_BYTES], challenge[-TAG_BYTES:]
    if len(head) != MOMENT_BYTES + NONCE_BYTES or not hmac.compare_digest(tag, _tag(purpose, head)):
        raise PasskeyRefused
    at = datetime.fromtimestamp(int.from_bytes(head[:MOMENT_BYTES], "big") / 1_000_000, UTC)
    if not timedelta(0) <= now - at <= LIFE:
        raise PasskeyRefused
    return Asked(challenge, at)


def options_for_sign_in(challenge: bytes) -> str:
    """What the browser is asked, as JSON; the same for everybody, since nobody has said yet who they are.

    Written out: the page of signing in is shown to whoever asks, passkey or not, and the library costs 8 MB.
    """
    options = {
        "challenge": text_of(challenge),
        "timeout": LONGEST_WAIT,
        "rpId": _site(),
        "allowCredentials": [],
        "userVerification": "required",
    }
    return json.dumps(options)


def options_for_adding(challenge: bytes, *, member_id: str, pseudonym: str, known: Sequence[bytes]) -> str:
    """What the browser is asked to make a passkey, as JSON; one authenticator makes no second."""
    import webauthn  # noqa: PLC0415  # see above
    from webauthn.helpers import structs  # noqa: PLC0415

    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name=SITE_NAME,
        user_id=user_handle(member_id),
        user_name=pseudonym,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return webauthn.options_to_json(options)


def made(answer: str, challenge: Asked) -> NewKey:
    """The passkey an authenticator has made. Raises PasskeyRefused."""
    import webauthn  # noqa: PLC0415

    try:
        verified = webauthn.verify_registration_response(
            credential=_short(answer),
            expected_challenge=challenge.challenge,
            expected_rp_id=_site(),
            expected_origin=conf.desk_url,
            require_user_verification=True,
        )
    except _malformed():
        raise PasskeyRefused from None
    return NewKey(verified.credential_id, verified.credential_public_key, verified.sign_count)


def credential_in(answer: str) -> bytes:
    """Which passkey an answer says it is from; nothing is believed yet. Raises PasskeyRefused."""
    try:
        return base64url_to_bytes(json.loads(_short(answer))["rawId"])
    except _malformed():
        raise PasskeyRefused from None


def signed(answer: str, challenge: Asked, *, public_key: bytes, count: int, member_id: str) -> int:
    """The passkey's new counter, if it signed this challenge for this member's account. Raises PasskeyRefused."""
    import webauthn  # noqa: PLC0415

    try:
        handle = json.loads(answer)["response"].get("userHandle")
        if handle is not None and base64url_to_bytes(handle) != user_handle(member_id):
            raise PasskeyRefused
        verified = webauthn.verify_authentication_response(
            credential=_short(answer),
            expected_challenge=challenge.challenge,
            expected_rp_id=_site(),
            expected_origin=conf.desk_url,
            credential_public_key=public_key,
            credential_current_sign_count=count,
            require_user_verification=True,
        )
    except _malformed():
        raise PasskeyRefused from None
    return verified.new_sign_count


def user_handle(member_id: str) -> bytes:
    """What an authenticator keeps beside a passkey to tell accounts apart; it names nobody."""
    return hashlib.sha256(b"tropa passkey account 1\0" + member_id.encode()).digest()


def text_of(challenge: bytes) -> str:
    """A challenge as a form carries it."""
    return urlsafe_b64encode(challenge).rstrip(b"=").decode()


def base64url_to_bytes(text: str) -> bytes:
    """What `text_of` was made of. Raises ValueError."""
    return urlsafe_b64decode(f"{text}===")


def _malformed() -> tuple[type[Exception], ...]:
    """What the library raises for answers that are none; it lets some of its parsers' own errors through."""
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    return (
        WebAuthnException, ValueError, KeyError, TypeError, IndexError, AttributeError, binascii.Error, struct.error,
        RecursionError,
    )  # fmt: skip


def _site() -> str:
    name = site()
    if name is None:
        raise PasskeyRefused
    return name


def _short(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused
    return answer


def _moment(now: datetime) -> int:
    return int(now.timestamp() * 1_000_000)


def _tag(purpose: str, head: bytes) -> bytes:
    key = service_seed().subkey("passkey challenges").raw
    return hmac.digest(key, b"tropa passkey challenge 1\0" + purpose.encode() + b"\0" + head, hashlib.sha256)
