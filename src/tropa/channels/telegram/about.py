"""Telegram in words and numbers, and the truth people are told before they write.

Sizes and rates are the Bot API's as its documentation gives them; the real limits are unpublished, so 429 is obeyed
whatever they are.
"""

from __future__ import annotations

from tropa.channels.catalogue import About, Setting
from tropa.channels.texts import gettext_noop as _
from tropa.channels.values import LARGEST_OUT, Caps, ChannelName, HandleKind, Limits, RemoteErase

MIB = 1024 * 1024
LARGEST_DOWNLOAD = 20 * MIB
SERVER = "https://api.telegram.org"
AS_BOTFATHER_GIVES_IT = r"[0-9]{1,20}:[A-Za-z0-9_-]{20,100}"
REACHED_SAFELY = r"https://[^/\s]+(/\S*)?|http://(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]+)?(/\S*)?"
"""By TLS, or without leaving the machine."""

TRUTH = _(
    "Before you write. This is a Telegram bot. Messages to bots are not end-to-end encrypted: Telegram can read them "
    "and stores them on its servers, and may hand data to authorities under its own rules. Telegram also knows your "
    "phone number, your device and when you write. We receive your Telegram id and what you send; we encrypt it on "
    "arrival and show your id to no volunteer. We delete it at once when you write /delete, and otherwise some time "
    "after your case is closed. We cannot delete what Telegram keeps. Do not send your name, documents, unit, place or "
    "plans here."
)
SHORT_TRUTH = _("Telegram can read this conversation. Do not write names, documents, places or plans here.")

ABOUT = About(
    name=ChannelName("telegram"),
    title="Telegram",
    caps=Caps(
        e2ee=False,
        truth=TRUTH,
        short_truth=SHORT_TRUTH,
        handle_kind=HandleKind.NUMERIC_ID,
        idempotent_send=False,
        can_ack=True,
        replayable=True,
        attachment_in_max=LARGEST_DOWNLOAD,
        attachment_out_max=LARGEST_OUT,
        text_max=4096,
        timer=False,
        remote_erase=RemoteErase.REQUEST,
    ),
    limits=Limits(per_second=30.0, per_person=1.0),
    settings=(
        Setting("token", _("the bot's token, as BotFather gave it"), secret=True, form=AS_BOTFATHER_GIVES_IT),
        Setting("server", _("the address of the Bot API server"), default=SERVER, form=REACHED_SAFELY),
    ),
)
