"""Adding an account: a key of its own, or the one written down before, and the keys of the partners.

Kept true: nothing is sent to anybody; every partner's key is tried before it is taken; the file they came in is read
once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from tropa.channels.catalogue import Enrolled
from tropa.channels.errors import NotConfigured
from tropa.channels.mail.keys import line_of, own_key, partners_in
from tropa.channels.mail.mailbox import Mailbox
from tropa.channels.mail.making import new_key
from tropa.channels.mail.sending import connected


async def enrol(settings: Mapping[str, str]) -> Enrolled:
    """Sign in once on both servers. Raises NotConfigured, AccountRefused, Unreachable."""
    return await asyncio.to_thread(_enrol, settings)


def _enrol(settings: Mapping[str, str]) -> Enrolled:
    try:
        content = Path(settings["keys_of_partners"]).read_bytes()
    except OSError:
        raise NotConfigured("keys_of_partners_not_there") from None
    partners = partners_in(content, entered=True)
    key = own_key(settings["identity"]) if settings["identity"] else new_key(settings["address"])
    box = Mailbox(settings)
    try:
        box.check()
    finally:
        box.leave()
    connected(settings).close()
    kept = {name: settings[name] for name in ("address", "password", "imap", "smtp")}
    certs = b"".join(bytes(partner.cert) for partner in partners.values())
    line = line_of(bytes(key))
    return Enrolled(kept | {"key": line, "partners": line_of(certs)}, paper=line)
