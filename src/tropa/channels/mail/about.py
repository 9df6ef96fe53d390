"""Mail with OpenPGP in words and numbers, and the truth partners are told before they write.

A mail server's limits are its operator's; what stands here is below what they commonly allow.
"""

from __future__ import annotations

from tropa.channels.catalogue import About, Setting, Stage
from tropa.channels.texts import gettext_noop as _
from tropa.channels.values import LARGEST_IN, LARGEST_OUT, Caps, ChannelName, HandleKind, Limits, RemoteErase

ADDRESS = r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}"
SERVER = r"[A-Za-z0-9.-]{1,190}:[0-9]{1,5}"

TRUTH = _(
    "Before you write. This address is for organisations we work with; whoever is in danger should write to us another "
    "way. Between your device and us mail is encrypted with OpenPGP, but the mail servers see both addresses, when you "
    "write, how much, and the subject: leave it empty. A copy that somebody keeps opens for whoever gets your key or "
    "ours, even years later: delete mail you no longer need. Encrypt to our key and sign with the one you gave us: we "
    "do not take what came unencrypted and unsigned, and do not read what is signed with another key. We encrypt what "
    "you send on arrival and show your address to no volunteer."
)
SHORT_TRUTH = _(
    "Encrypted with OpenPGP; the mail servers see both addresses and the subject, and a copy that is kept opens for "
    "whoever gets a key later."
)

ABOUT = About(
    name=ChannelName("mail"),
    title="OpenPGP mail",
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
        text_max=20_000,
        timer=False,
        remote_erase=RemoteErase.NONE,
    ),
    limits=Limits(per_second=1.0, per_person=1.0),
    settings=(
        Setting("address", _("the account's mail address, as desk@example.org"), form=ADDRESS),
        Setting("password", _("the account's password"), secret=True),
        Setting("imap", _("where its mail is fetched by TLS, as mail.example.org:993"), form=SERVER),
        Setting("smtp", _("where its mail is sent by TLS, as mail.example.org:465"), form=SERVER),
        Setting(
            "keys_of_partners",
            _("a file with the public keys of your partners; delete it afterwards"),
            form=r"/.+",
            stage=Stage.ASKED_ONCE,
        ),
        Setting(
            "identity",
            _("the identity written down when this account was added before (empty for a new account)"),
            secret=True,
            default="",
            form=r"([A-Za-z0-9+/=]{300,20000})?",
            stage=Stage.ASKED_ONCE,
        ),
        Setting("key", "", secret=True, stage=Stage.MADE),
        Setting("partners", "", secret=True, stage=Stage.MADE),
    ),
)
