"""Matrix in words and numbers, and the truth people are told before they write.

The homeserver's limits are its operator's; what stands here is below what Synapse allows unless it was told otherwise,
and an answer that asks us to wait is obeyed.
"""

from __future__ import annotations

from tropa.channels.catalogue import About, Setting, Stage
from tropa.channels.texts import gettext_noop as _
from tropa.channels.values import LARGEST_IN, LARGEST_OUT, Caps, ChannelName, HandleKind, Limits, RemoteErase

REACHED_SAFELY = r"https://[^/\s?#]+/?|http://(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]+)?/?"
"""By TLS, or without leaving the machine."""
USER_ID = r"@[a-z0-9._=/+-]{1,200}:[A-Za-z0-9.:\[\]-]{1,200}"

TRUTH = _(
    "Before you write. In this room messages are encrypted end to end: between your device and us nobody reads along. "
    "The Matrix servers see both accounts, who writes to whom, when, and how large files are; use an account that is "
    "not tied to your name. We encrypt what you send on arrival and show your account to no volunteer. What stands on "
    "your device can be read by whoever takes it. If your app does not send words that begin with a slash, begin them "
    "with an exclamation mark: !delete."
)
SHORT_TRUTH = _(
    "Encrypted end to end; the servers see which accounts write to each other, and what stands on your device is not "
    "hidden from whoever takes it."
)

ABOUT = About(
    name=ChannelName("matrix"),
    title="Matrix",
    caps=Caps(
        e2ee=True,
        truth=TRUTH,
        short_truth=SHORT_TRUTH,
        handle_kind=HandleKind.ACCOUNT,
        idempotent_send=True,
        can_ack=True,
        replayable=True,
        attachment_in_max=LARGEST_IN,
        attachment_out_max=LARGEST_OUT,
        text_max=8000,
        timer=False,
        remote_erase=RemoteErase.REQUEST,
    ),
    limits=Limits(per_second=5.0, per_person=1.0),
    settings=(
        Setting(
            "server", _("the address of the homeserver, as https://matrix.example.org"), form=REACHED_SAFELY
        ),
        Setting("user", _("the desk's account, as @desk:example.org"), form=USER_ID),
        Setting(
            "password", _("the account's password (used once, not kept)"), secret=True, stage=Stage.ASKED_ONCE
        ),
        Setting(
            "identity",
            _("the identity written down when this account was added before (empty for a new account)"),
            secret=True,
            default="",
            form=r"([0-9a-f]{64})?",
            stage=Stage.ASKED_ONCE,
        ),
        Setting("token", "", secret=True, stage=Stage.MADE),
        Setting("device", "", form=r"[A-Za-z0-9_-]{1,100}", stage=Stage.MADE),
        Setting("keys", "", secret=True, stage=Stage.MADE),
        Setting("since", "", form=r"[0-9]{1,15}", stage=Stage.MADE),
    ),
    command_mark="!",
)
