"""What is read in a first message in the moment it arrives, in memory, before it is sealed.

Danger raises the urgency and is never answered by a machine. Else, only when the person did not say that it is
urgent, and only in Russian or English clearly recognised, up to three sound answers of the library that fit are shown
at once, in the language of the message. What was recognised and shown is sealed
with the message for whoever reads it; nothing of it is logged or kept in clear but the class of urgency.
When anything goes wrong here, nothing is shown and a person answers as ever.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import DatabaseError

from tropa.atlas.errors import AtlasError
from tropa.counsel.errors import CounselError
from tropa.counsel.language import Language as Told
from tropa.counsel.language import language_of
from tropa.counsel.library import AnswerRefused, Given, Language
from tropa.counsel.library.answer import Lawyer
from tropa.desk.cases.models import Urgency
from tropa.desk.conf import conf
from tropa.desk.library.counting import Use, count
from tropa.desk.library.finding import surely_for
from tropa.desk.library.in_force import given_now, library
from tropa.desk.library.missing import NOTHING_FITS
from tropa.desk.talk.recognised import heard_in
from tropa.drop.message import Message, When

MOST: Final = 3
_ANSWERED: Final = {Told.RUSSIAN: Language.RU, Told.ENGLISH: Language.EN}
"""Languages a machine may answer in: those answers come in."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What follows from a first message: its urgency, answers to show at once, and codes to seal with it."""

    urgency: Urgency
    shown: tuple[Given, ...] = ()
    remarks: tuple[str, ...] = ()


def read_arrival(message: Message) -> Arrival:
    """The arrival of a message. Never fails."""
    heard = heard_in(message.text, message.when.urgency)
    urgency = heard.urgency
    if heard.dangerous:
        return Arrival(urgency, remarks=heard.remarks)
    if message.when is When.NOW or not message.text.strip():
        return Arrival(urgency)
    told = language_of(message.text)
    if not told.sure or told.language not in _ANSWERED:
        # danger is recognised less well in other languages, and an answer might not be understood
        return Arrival(urgency, remarks=(NOTHING_FITS,))
    try:
        shown = _fitting(message.text, _ANSWERED[told.language])
    except (AtlasError, CounselError, DatabaseError, OSError):
        return Arrival(urgency)
    if not shown:
        return Arrival(urgency, remarks=(NOTHING_FITS,))
    return Arrival(urgency, shown, tuple(f"shown.{one.answer_id}" for one in shown))


def _fitting(text: str, language: Language) -> tuple[Given, ...]:
    found: list[Given] = []
    for answer_id in surely_for(text, most=MOST):
        if not _may_be_shown(answer_id):
            continue
        try:
            found.append(given_now(answer_id, language))
        except (
            AnswerRefused
        ):  # it has expired: what fits second best is no substitute, but may stand by itself
            continue
    return tuple(found)


def _may_be_shown(answer_id: str) -> bool:
    """Only what a lawyer has read is given by a machine; in the example world, where facts count as reviewed, all."""
    return library().answer(answer_id).lawyer is Lawyer.REVIEWED or conf.as_of is not None


def count_shown(arrival: Arrival, day: date) -> None:
    """Count what was shown, by week; a message that is stored is not failed for a count."""
    if arrival.shown:
        with suppress(DatabaseError):
            count([one.answer_id for one in arrival.shown], Use.SHOWN, day=day)


def warm_arrivals() -> None:
    """Recognise and find once, so that the first to write after a start does not wait for what is read but once."""
    heard_in("", Urgency.UNSORTED)
    surely_for("-", most=1)
