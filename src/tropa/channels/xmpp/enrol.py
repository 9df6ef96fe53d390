"""Adding an account: a device of its own, with the identity written down before or a new one.

Kept true: an account is added only where everything people write is kept until it is read; other devices that the
server lists for the account are taken off the list, so that people's apps do not encrypt to them.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping

from omemo.types import JSONType

from tropa.channels.catalogue import Enrolled
from tropa.channels.errors import Unreachable
from tropa.channels.notes import Notes
from tropa.channels.xmpp.keys import Keys, named
from tropa.channels.xmpp.stream import Stream

SEED_BYTES = 32
SEED = "/ikp/key"


class _Nowhere:
    """Nothing was stored before."""

    async def get(self, _name: str) -> bytes | None:
        return None


async def enrol(settings: Mapping[str, str]) -> Enrolled:
    """Sign in once and publish the device. Raises NotConfigured, AccountRefused, Unreachable."""
    seed = bytes.fromhex(settings["identity"]) or secrets.token_bytes(SEED_BYTES)
    identity: dict[str, JSONType] = {
        "/ikp/is_seed": True,
        SEED: base64.urlsafe_b64encode(seed).decode("ASCII"),
    }
    notes, stream = Notes(_Nowhere()), Stream(settings)
    await stream.open()
    try:
        begun = await stream.newest()
        try:
            keys = await Keys.take_up(stream.client, stream.own, notes, identity)
            await keys.release()
            await keys.alone()
            device, fingerprint = await keys.identity()
            await keys.end()
        except Exception:  # noqa: BLE001  the library raises whatever the server's refusals become in it
            raise Unreachable("keys_not_published") from None
    finally:
        await stream.close()
    made = {name.removeprefix(named("")): json.loads(value) for name, value in notes.new.items() if value}
    kept = {name: value for name, value in settings.items() if name != "identity"}
    kept |= {
        "keys": json.dumps(identity | made),
        "device": f"{device}:{fingerprint}",
        "begun": begun,
    }
    return Enrolled(kept, paper=seed.hex())
