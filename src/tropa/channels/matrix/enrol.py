"""Adding an account: a device of its own, its keys, and an identity that signs it.

Kept true: the password is used once and not kept; an account that another identity signs already is refused, because a
second one looks like an impostor to everybody who knows the first; what fails leaves no device behind.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Mapping
from typing import Any

from tropa.channels.catalogue import Enrolled
from tropa.channels.errors import AccountRefused, NotConfigured, Unreachable
from tropa.channels.matrix.devices import read_person
from tropa.channels.matrix.machine import device_keys, new_account, one_time_keys, pickled
from tropa.channels.matrix.server import NoAnswer, NotSent, Refused, Server
from tropa.channels.matrix.signing import Identity

SEED_BYTES = 32
NAMED = "desk"


async def enrol(settings: Mapping[str, str]) -> Enrolled:
    """Log in and make the device known. Raises NotConfigured, AccountRefused, Unreachable."""
    server = Server(settings["server"])
    try:
        token, device = await _log_in(server, settings)
    except Refused as refused:
        raise _unless_limited(refused) from None
    except (NotSent, NoAnswer):
        raise Unreachable("unreachable") from None
    finally:
        await server.close()
    server = Server(settings["server"], token)
    done = False
    try:
        enrolled = await _introduce(server, settings, token, device)
        done = True
    except Refused as refused:
        raise _unless_limited(refused) from None
    except (NotSent, NoAnswer):
        raise Unreachable("unreachable") from None
    finally:
        if not done:
            with contextlib.suppress(Refused, NotSent, NoAnswer):
                await server.call("POST", "logout", body={})
        await server.close()
    return enrolled


async def _log_in(server: Server, settings: Mapping[str, str]) -> tuple[str, str]:
    answer = await server.call(
        "POST", "login", body=_password(settings) | {"initial_device_display_name": NAMED}
    )
    token, device = answer.get("access_token"), answer.get("device_id")
    if answer.get("user_id") != settings["user"] or not isinstance(token, str) or not isinstance(device, str):
        raise NotConfigured("user_is_another")
    return token, device


async def _introduce(server: Server, settings: Mapping[str, str], token: str, device: str) -> Enrolled:
    user, account = settings["user"], new_account()
    identity = await _identity(server, settings)
    account.generate_one_time_keys(account.max_number_of_one_time_keys)
    described = device_keys(account, user, device)
    keys = {"device_keys": described, "one_time_keys": one_time_keys(account, user, device)}
    await server.call("POST", "keys", "upload", body=keys)
    account.mark_keys_as_published()
    answer = await server.call("POST", "keys", "query", body={"device_keys": {user: []}})
    if read_person(answer, user).master != identity.public("master"):
        await _publish(server, settings, identity)
    signed = {user: {device: identity.signed("self_signing", described)}}
    answer = await server.call("POST", "keys", "signatures", "upload", body=signed)
    if answer.get("failures"):
        raise AccountRefused("signature_refused")
    kept = {
        "server": settings["server"],
        "user": user,
        "token": token,
        "device": device,
        "keys": pickled(account),
        "since": str(int(time.time() * 1000)),
    }
    return Enrolled(kept, paper=identity.seed.hex())


async def _identity(server: Server, settings: Mapping[str, str]) -> Identity:
    """The one written down before, or a new one. Raises NotConfigured when the account has another."""
    user, written = settings["user"], settings["identity"]
    seed = bytes.fromhex(written) if written else secrets.token_bytes(SEED_BYTES)
    identity = Identity(user, seed)
    answer = await server.call("POST", "keys", "query", body={"device_keys": {user: []}})
    known = read_person(answer, user).master
    if known and known != identity.public("master"):
        raise NotConfigured("identity_is_another" if written else "identity_needed")
    return identity


async def _publish(server: Server, settings: Mapping[str, str], identity: Identity) -> None:
    path, published = ("keys", "device_signing", "upload"), identity.published()
    try:
        await server.call("POST", *path, body=published)
    except Refused as refused:
        session = refused.answer.get("session")
        if refused.status != 401 or not isinstance(session, str):
            raise
        await server.call(
            "POST", *path, body=published | {"auth": _password(settings) | {"session": session}}
        )


def _password(settings: Mapping[str, str]) -> dict[str, Any]:
    identifier = {"type": "m.id.user", "user": settings["user"]}
    return {"type": "m.login.password", "identifier": identifier, "password": settings["password"]}


def _unless_limited(refused: Refused) -> AccountRefused | Unreachable:
    if refused.status == 429:
        return Unreachable("rate_limited", after=refused.after)
    return Unreachable("unreachable") if refused.status >= 500 else AccountRefused("account_refused")
