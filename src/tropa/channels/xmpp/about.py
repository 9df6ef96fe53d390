"""XMPP in words and numbers, and the truth people are told before they write.

A server's limits are its operator's; what stands here is below what Prosody and ejabberd allow unless told otherwise.
"""

from __future__ import annotations

from tropa.channels.catalogue import About, Setting, Stage
from tropa.channels.texts import gettext_noop as _
from tropa.channels.values import LARGEST_IN, LARGEST_OUT, Caps, ChannelName, HandleKind, Limits, RemoteErase

ACCOUNT = r"[^\s@/\"'<>&:]{1,200}@[^\s@/\"'<>&:]{1,200}"
SERVER = r"[A-Za-z0-9.-]{1,190}:[0-9]{1,5}"
HOSTS = r"([A-Za-z0-9.-]{1,190}(:[0-9]{1,5})?( [A-Za-z0-9.-]{1,190}(:[0-9]{1,5})?){0,50})?"

TRUTH = _(
    "Before you write. If your app shows that OMEMO is on, messages are encrypted end to end: between your device and "
    "us nobody reads along. The XMPP servers see both accounts, when you write, and how large files are; use an "
    "account that is not tied to your name. We encrypt what you send on arrival and show your account to no volunteer. "
    "Write to us alone, not in a group. What you change or take back in the app does not change here: write it again, "
    "or write /delete. What stands on your device can be read by whoever takes it."
)
SHORT_TRUTH = _(
    "Encrypted end to end if your app shows OMEMO on; the servers see which accounts write to each other, and what "
    "stands on your device is not hidden from whoever takes it."
)

ABOUT = About(
    name=ChannelName("xmpp"),
    title="XMPP",
    caps=Caps(
        e2ee=True,
        truth=TRUTH,
        short_truth=SHORT_TRUTH,
        handle_kind=HandleKind.ACCOUNT,
        idempotent_send=False,
        can_ack=True,
        replayable=True,
        attachment_in_max=LARGEST_IN,
        attachment_out_max=LARGEST_OUT,
        text_max=4000,
        timer=False,
        remote_erase=RemoteErase.NONE,
    ),
    limits=Limits(per_second=5.0, per_person=1.0),
    settings=(
        Setting("account", _("the desk's account, as desk@example.org"), form=ACCOUNT),
        Setting("password", _("the account's password"), secret=True),
        Setting(
            "server",
            _("where its server takes TLS from the first byte (direct TLS), as xmpp.example.org:5223"),
            form=SERVER,
        ),
        Setting(
            "files",
            _("the hosts files may be fetched from, with spaces between (empty: no files are fetched)"),
            default="",
            form=HOSTS,
        ),
        Setting(
            "identity",
            _("the identity written down when this account was added before (empty for a new account)"),
            secret=True,
            default="",
            form=r"([0-9a-f]{64})?",
            stage=Stage.ASKED_ONCE,
        ),
        Setting("keys", "", secret=True, stage=Stage.MADE),
        Setting("device", "", form=r"[0-9]{1,10}:[0-9a-f]{64}", stage=Stage.MADE),
        Setting("begun", "", default="", form=r".{0,500}", stage=Stage.MADE),
    ),
)
