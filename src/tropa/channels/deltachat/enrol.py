"""Adding an account: a key of its own, or the one written down before, and an invitation to everybody.

Kept true: nothing is sent to anybody; the key leaves the core's memory only as a sealed setting and for the paper.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from tropa.channels.catalogue import Enrolled
from tropa.channels.deltachat.core import Core, Gone, Refused
from tropa.channels.deltachat.own import exported_key, mailbox_of, make_account, program, revive
from tropa.channels.deltachat.store import Store
from tropa.channels.errors import Unreachable


async def enrol(settings: Mapping[str, str]) -> Enrolled:
    """Log in once and make the account's key. Raises NotConfigured, NotThere, AccountRefused, Unreachable."""
    await asyncio.to_thread(mailbox_of(settings).check)
    store = await asyncio.to_thread(Store.make, Path(settings["directory"]))
    core = Core(program(), store.path, lambda _event: None)
    try:
        await core.start()
        key, _, invite = settings["identity"].partition(" ")
        number = await make_account(core, settings, key, store.path.parent)
        if invite:
            await revive(core, number, invite)
        else:
            invite = str(await core.call("get_chat_securejoin_qr_code", number, None))
            key = await exported_key(core, number, store.path.parent / "key")
    except (Refused, Gone):
        raise Unreachable("core_failed") from None
    finally:
        await core.stop()
        await asyncio.to_thread(store.remove)
    kept = {name: value for name, value in settings.items() if name != "identity"}
    return Enrolled(kept | {"key": key, "invite": invite}, paper=f"{key} {invite}")
