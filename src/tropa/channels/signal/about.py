"""Signal in words and numbers, and the truth people are told before they write.

Signal publishes no limits; what stands here is what we allow ourselves, and an answer that asks us to wait is obeyed.
"""

from __future__ import annotations

from tropa.channels.catalogue import About, Setting
from tropa.channels.texts import gettext_noop as _
from tropa.channels.values import LARGEST_IN, LARGEST_OUT, Caps, ChannelName, HandleKind, Limits, RemoteErase

TRUTH = _(
    "Before you write. Signal is encrypted end to end: between your phone and us nobody reads along. Signal knows your "
    "phone number, and a SIM card is usually registered to a name. We see your Signal account, and your number only if "
    "you did not hide it; we encrypt what you send on arrival and show your account to no volunteer. Turn on "
    "disappearing messages, and remember that what stands on your phone can be read by whoever takes it."
)
SHORT_TRUTH = _(
    "Signal is encrypted end to end; what stands on your phone is not hidden from whoever takes it."
)

ABOUT = About(
    name=ChannelName("signal"),
    title="Signal",
    caps=Caps(
        e2ee=True,
        truth=TRUTH,
        short_truth=SHORT_TRUTH,
        handle_kind=HandleKind.ACCOUNT,
        idempotent_send=False,
        can_ack=False,
        replayable=True,
        attachment_in_max=LARGEST_IN,
        attachment_out_max=LARGEST_OUT,
        text_max=2000,
        timer=True,
        remote_erase=RemoteErase.REQUEST,
    ),
    limits=Limits(per_second=5.0, per_person=1.0),
    settings=(
        Setting("account", _("the account's phone number, as +15550100"), secret=True, form=r"\+[0-9]{5,16}"),
        Setting(
            "socket", _("the socket of the signal-cli daemon"), default="/run/signal-cli/socket", form=r"/.+"
        ),
        Setting(
            "directory", _("the daemon's --config directory"), default="/var/lib/signal-cli", form=r"/.+"
        ),
        Setting(
            "link",
            _("the link people reach you by, from the account's settings (may be left empty)"),
            default="",
            form=r"(https://signal\.me/\S+)?",
        ),
    ),
)
