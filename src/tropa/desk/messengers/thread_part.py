"""What a thread's page shows of channel and deliveries, for somebody who may open it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tropa.desk.messengers.delivery_words import DROP, ChannelLine, channel_line, state_words, trouble_words
from tropa.desk.messengers.models import OutgoingKind, OutgoingState
from tropa.desk.messengers.queries import NOT_DELIVERED, Delivery, deliveries
from tropa.desk.messengers.queueing import is_reached_by_messenger
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.applicants import OWN_KINDS
from tropa.desk.talk.keys import thread_keys
from tropa.desk.talk.models import Thread
from tropa.desk.talk.queries import OpenEntry

MAY_GO_AGAIN = (OutgoingState.UNKNOWN, OutgoingState.FAILED, OutgoingState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A message that needs somebody. `text` is the answer, to be sent again; empty for a step."""

    key: str
    title: str
    words: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MessengerPart:
    """Channel, states by entry, and troubles. `unreachable`: an answer would go nowhere."""

    channel: ChannelLine | None
    states: dict[str, Delivery]
    troubles: tuple[Trouble, ...]
    unreachable: bool

    def state_of(self, entry_id: str) -> str:
        """Where an answer stands; empty for everything that does not go through the gateway."""
        delivery = self.states.get(entry_id)
        return state_words(delivery) if delivery else ""

    def is_bad(self, entry_id: str) -> bool:
        """Whether it did not arrive, or may not have."""
        delivery = self.states.get(entry_id)
        return delivery is not None and delivery.state in NOT_DELIVERED


def messenger_part(reader: Reader, thread: Thread, entries: Sequence[OpenEntry]) -> MessengerPart:
    """Three queries at most; none but the entries' for a thread of the drop."""
    code = next((each.channel for each in reversed(entries) if each.kind in OWN_KINDS and each.channel), "")
    channel = channel_line(code) if code else None
    if code in {"", DROP}:
        return MessengerPart(channel, {}, (), unreachable=False)
    found = deliveries(thread=thread, keys=thread_keys(reader=reader, thread=thread))
    texts = {entry.id: entry.text for entry in entries}
    return MessengerPart(
        channel=channel,
        states={each.entry_id: each for each in found if each.entry_id},
        troubles=tuple(_trouble(each, texts) for each in found if each.needs_somebody),
        unreachable=not is_reached_by_messenger(thread),
    )


def _trouble(delivery: Delivery, texts: dict[str, str]) -> Trouble:
    if delivery.kind == OutgoingKind.STEP:
        title = _("Step %(number)d: %(state)s") % {
            "number": delivery.step_number or 0,
            "state": state_words(delivery),
        }
        return Trouble(delivery.key, title, trouble_words(delivery), "")
    text = texts.get(delivery.entry_id or "", "") if delivery.state in MAY_GO_AGAIN else ""
    title = _("An answer: %(state)s") % {"state": state_words(delivery)}
    return Trouble(delivery.key, title, trouble_words(delivery), text)
