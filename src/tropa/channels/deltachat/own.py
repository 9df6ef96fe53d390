"""Our own account in a core that knows nothing yet: its key, its settings, its place on the server, its invitation.

Kept true: the key and the invitation are those the account was added with, so a new core is the same somebody to
everybody. The core tells nobody that we read, keeps no copy on other devices, takes no calls, reports no statistics;
and it leaves a mail on the server until we say that it is stored (with `bcc_self` off it would delete what it fetched).
"""

from __future__ import annotations

import importlib.util
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tropa.channels.deltachat.core import Core, Refused
from tropa.channels.deltachat.mailbox import Mailbox
from tropa.channels.errors import NotConfigured, NotThere, Unreachable
from tropa.channels.imap import LOOPBACK
from tropa.channels.values import LARGEST_IN

BEFORE = {"bot": "1", "mdns_enabled": "0", "last_msg_id": "0"}
AFTER = {
    "bcc_self": "1",
    "sync_msgs": "0",
    "stats_sending": "0",
    "webxdc_realtime_enabled": "0",
    "who_can_call_me": "2",
    "force_encryption": "0",  # so that what came in clear is seen, and labelled
    "download_limit": str(2 * LARGEST_IN),
}
CONFIGURE_WITHIN = 50.0
ARMOUR = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{}\n-----END PGP PRIVATE KEY BLOCK-----\n"


def program() -> Path:
    """The core's program, which comes as a package. Raises NotThere."""
    found = importlib.util.find_spec("deltachat_rpc_server")
    if found is None or found.origin is None:
        raise NotThere("library_missing")
    return Path(found.origin).parent / "deltachat-rpc-server"


def mailbox_of(settings: Mapping[str, str]) -> Mailbox:
    """The account's mailbox."""
    host, _, port = settings["imap"].rpartition(":")
    return Mailbox(settings["address"], settings["password"], host, int(port))


async def make_account(core: Core, settings: Mapping[str, str], key: str, folder: Path) -> int:
    """The account in this core, with this key if there is one; its number. Nothing is fetched yet. Raises
    NotConfigured, Unreachable, Gone.
    """
    number = int(await core.call("add_account"))
    await core.call("batch_set_config", number, BEFORE)
    if key:
        await _take_key(core, number, key, folder)
    try:
        await core.call("add_or_update_transport", number, _login(settings), within=CONFIGURE_WITHIN)
    except Refused:
        raise Unreachable("not_configured") from None
    await core.call("batch_set_config", number, AFTER)
    if await core.call("get_config", number, "bcc_self") != "1":
        raise NotConfigured("mail_would_be_deleted")
    return number


async def _take_key(core: Core, number: int, key: str, folder: Path) -> None:
    file = folder / "key.asc"
    file.write_text(ARMOUR.format("\n".join(textwrap.wrap(key, 64))))
    try:
        await core.call("import_self_keys", number, str(file), None)
    except Refused:
        raise NotConfigured("identity_malformed") from None
    finally:
        file.unlink()


async def exported_key(core: Core, number: int, folder: Path) -> str:
    """The account's key in one line. Raises NotConfigured, Refused, Gone."""
    folder.mkdir(mode=0o700)
    await core.call("export_self_keys", number, str(folder), None)
    files = [path for path in folder.iterdir() if path.name.startswith("private-key-default-")]
    if len(files) != 1:
        raise NotConfigured("no_key")
    lines = files[0].read_text().splitlines()[1:-1]
    body = [line for line in lines if line and ":" not in line and not line.startswith("=")]
    return "".join(body)


async def revive(core: Core, number: int, invite: str) -> None:
    """Take the invitation for ours again. Raises NotConfigured when it is of another key, Refused, Gone."""
    fresh = str(await core.call("get_chat_securejoin_qr_code", number, None))
    if fresh.partition("&")[0] != invite.partition("&")[0]:  # the core itself looks at the address alone
        raise NotConfigured("identity_is_another")
    try:
        found: Mapping[str, Any] = await core.call("check_qr", number, invite)
    except Refused:
        raise NotConfigured("identity_malformed") from None
    match found.get("kind"):
        case "reviveVerifyContact":
            await core.call("set_config_from_qr", number, invite)
        case "withdrawVerifyContact":
            return
        case _:
            raise NotConfigured("identity_is_another")


def _login(settings: Mapping[str, str]) -> dict[str, object]:
    imap, _, imap_port = settings["imap"].rpartition(":")
    smtp, _, smtp_port = settings["smtp"].rpartition(":")
    loopback = LOOPBACK.fullmatch(imap) and LOOPBACK.fullmatch(smtp)
    return {
        "addr": settings["address"],
        "password": settings["password"],
        "imapServer": imap,
        "imapPort": int(imap_port),
        "imapSecurity": "ssl",
        "smtpServer": smtp,
        "smtpPort": int(smtp_port),
        "smtpSecurity": "ssl",
        "certificateChecks": "acceptInvalidCertificates" if loopback else "strict",
    }
