"""Going on here what was begun in a messenger, and the other way round, with a one-time code.

Whoever comes gets nine words of their own. The thread keeps the keys it was begun with: its seed is sealed under the
words, so that nothing is sealed anew, nobody else's key is believed, and the words alone open it, as they do a thread
that was begun here. Whoever goes keeps their words: they still open this page.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from tropa.channels.catalogue import about
from tropa.channels.errors import NotThere
from tropa.channels.texts import in_language
from tropa.desk.messengers.models import ChannelHealth
from tropa.desk.messengers.move_code import MoveCode
from tropa.desk.messengers.moving import MOVED, Leaving, Moving, arrive_at_drop, offer, use
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import TalkError
from tropa.desk.vault.errors import VaultError
from tropa.drop.admission import Admission
from tropa.drop.conversation import Conversation, NotStored, door_key, door_place, find
from tropa.drop.form_token import FormToken, dedupe_tag
from tropa.envelope import applicant_keys, wrap

DROP = "drop"
NONCE = b"move"


@dataclass(frozen=True, slots=True)
class Messenger:
    """One that is in use here, and what it can read."""

    title: str
    truth: str


def messengers() -> tuple[str, ...]:
    """The channels of our accounts."""
    return tuple(ChannelHealth.objects.order_by("channel").values_list("channel", flat=True).distinct())


def messengers_in(language: str) -> list[Messenger]:
    """Each with the truth about it."""
    found = []
    for name in messengers():
        try:
            known = about(name)
        except NotThere:
            continue
        found.append(Messenger(known.title, in_language(known.caps.short_truth, language)))
    return found


def code_for(found: Conversation, now: datetime) -> MoveCode:
    """A fresh code for this conversation, which ends an earlier one. Raises NotStored."""
    code = MoveCode.generate(os.urandom)
    tag = found.keys.look_up_tag.hex()
    began_here = found.thread.look_up_tag == tag
    left = Leaving(DROP, door=tag if began_here else "")
    try:
        offer(thread=found.thread, seed=found.keys.seed, code=code, left=left, now=now)
    except DatabaseError:
        raise NotStored from None
    return code


def arrive(*, token: FormToken, code: MoveCode | None, language: str, now: datetime) -> bool:
    """Bring a conversation here, under the words of this form; False for a code that is not good, whatever the reason.
    A form sent twice is one move. Raises NotStored.
    """
    entropy = token.entropy()
    if find(Admission(entropy)) is not None:
        return True
    if code is None:
        return False
    try:
        with transaction.atomic():
            moving = use(code=code, now=now)
            if moving is not None:
                _settle(moving, entropy, language, now)
    except (DatabaseError, VaultError, TalkError, OSError):
        raise NotStored from None
    return moving is not None


def _settle(moving: Moving, entropy: bytes, language: str, now: datetime) -> None:
    keys = applicant_keys(entropy)
    tag = keys.look_up_tag.hex()
    receive_more(
        thread=moving.thread,
        signing=moving.seed.signing(),
        body=EntryBody(
            text=_("The conversation moved here with a one-time code."),
            at=now,
            language=language,
            remarks=(f"{MOVED}.{moving.left.channel}.{DROP}",),
        ),
        dedupe_tag=dedupe_tag(entropy=entropy, nonce=NONCE, parts=()),
        now=now,
    )
    sealed = wrap(door_key(keys), door_place(tag, moving.thread.pk), moving.seed.raw, random=os.urandom)
    arrive_at_drop(moving, tag=tag, sealed=sealed)
