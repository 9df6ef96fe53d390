"""What a first message on the drop brings about at once: up to `MOST` answers under the nine words, never in danger."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Final

from django.db import DatabaseError

from tropa.desk.library.at_arrival import AtArrival, read_text
from tropa.desk.library.counting import Use, count
from tropa.drop.message import Message

MOST: Final = 3


def read_arrival(message: Message) -> AtArrival:
    """The arrival of a message. Never fails."""
    return read_text(message.text, said=message.when.urgency, most=MOST)


def count_shown(arrival: AtArrival, day: date) -> None:
    """Count what is shown, by week, in the transaction that stores the message; which is not failed for a count."""
    if arrival.given:
        with suppress(DatabaseError):
            count([one.answer_id for one in arrival.given], Use.SHOWN, day=day)
