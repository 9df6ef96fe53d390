"""Delta Chat in words and numbers, and the truth people are told before they write.

A mail server's limits are its operator's; what stands here is below what relays allow that are made for it.
"""

from __future__ import annotations

from tropa.channels.catalogue import About, Setting, Stage
from tropa.channels.texts import gettext_noop as _
from tropa.channels.values import LARGEST_IN, LARGEST_OUT, Caps, ChannelName, HandleKind, Limits, RemoteErase

ADDRESS = r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}"
SERVER = r"[A-Za-z0-9.-]{1,190}:[0-9]{1,5}"
IDENTITY = r"([A-Za-z0-9+/=]{100,8000} https://i\.delta\.chat/#[^\s]{50,600})?"

TRUTH = _(
    "Before you write. Delta Chat is encrypted end to end: between your device and us nobody reads along, and it asks "
    "for no phone number. The mail servers see both addresses, when you write and how much, but no text. Make a new "
    "address for this, not tied to your name. We encrypt what you send on arrival and show your address to no "
    "volunteer. Write to us alone, not in a group. What you change or delete in the app after sending does not change "
    "here: write it again. What stands on your device can be read by whoever takes it."
)
SHORT_TRUTH = _(
    "Encrypted end to end; the mail servers see both addresses, and what stands on your device is not hidden from "
    "whoever takes it."
)

ABOUT = About(
    name=ChannelName("deltachat"),
    title="Delta Chat",
    caps=Caps(
        e2ee=True,
        truth=TRUTH,
        short_truth=SHORT_TRUTH,
        handle_kind=HandleKind.ADDRESS_AND_KEY,
        idempotent_send=False,
        can_ack=True,
        replayable=True,
        attachment_in_max=LARGEST_IN,
        attachment_out_max=LARGEST_OUT,
        text_max=4000,
        timer=True,
        remote_erase=RemoteErase.NONE,
    ),
    limits=Limits(per_second=1.0, per_person=1.0),
    settings=(
        Setting("address", _("the account's mail address, as desk@example.org"), form=ADDRESS),
        Setting("password", _("the account's password"), secret=True),
        Setting("imap", _("where its mail is fetched by TLS, as mail.example.org:993"), form=SERVER),
        Setting("smtp", _("where its mail is sent by TLS, as mail.example.org:465"), form=SERVER),
        Setting(
            "directory",
            _("a directory in memory (tmpfs) for what Delta Chat's core keeps while it runs"),
            default="/dev/shm/tropa-deltachat",  # noqa: S108  made for its owner alone, and checked
            form=r"/.+",
        ),
        Setting(
            "identity",
            _("the identity written down when this account was added before (empty for a new account)"),
            secret=True,
            default="",
            form=IDENTITY,
            stage=Stage.ASKED_ONCE,
        ),
        Setting("key", "", secret=True, stage=Stage.MADE),
        Setting("invite", "", secret=True, stage=Stage.MADE),
    ),
)
