"""What is read in a message in the moment it arrives, in memory, before it is sealed: for the drop and for messengers.

Danger raises the urgency and is never answered by a machine. Else, only when the person did not say that it is
urgent, and only in Russian or English clearly recognised, a few sound answers of the library that fit are given
at once, in the language of the message. What was recognised and given is sealed with the message for whoever reads it;
nothing of it is logged or kept in clear but the class of urgency. When anything goes wrong here, nothing is given and
a person answers as ever.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from django.db import DatabaseError

from tropa.atlas.errors import AtlasError
from tropa.counsel.cues import forget_words
from tropa.counsel.dictionary import let_go
from tropa.counsel.errors import CounselError
from tropa.counsel.language import Language as Told
from tropa.counsel.language import language_of
from tropa.counsel.library import Answer, AnswerRefused, Given, Language, given
from tropa.counsel.library.answer import Lawyer
from tropa.desk.cases.models import Urgency
from tropa.desk.conf import conf
from tropa.desk.library.finding import surely_for, warm_finding
from tropa.desk.library.in_force import judged
from tropa.desk.library.missing import NOTHING_FITS
from tropa.desk.library.stored import stored
from tropa.desk.memory import give_back
from tropa.desk.talk.recognised import heard_in

_ANSWERED: Final = {Told.RUSSIAN: Language.RU, Told.ENGLISH: Language.EN}
"""Languages a machine may answer in: those answers come in."""


@dataclass(frozen=True, slots=True)
class AtArrival:
    """What follows from a message: its urgency, codes of the danger in it, answers that may be given at once, and
    whether answers were looked for and none fitted.
    """

    urgency: Urgency
    dangers: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()
    nothing_fits: bool = False

    def remarks(self, given_as: str) -> tuple[str, ...]:
        """Codes to seal with the message; `given_as` says how answers are given: `shown` or `offered`."""
        told = tuple(f"{given_as}.{one.answer_id}" for one in self.given)
        return (*self.dangers, *told, *((NOTHING_FITS,) if self.nothing_fits else ()))


def read_text(text: str, *, said: Urgency, most: int) -> AtArrival:
    """The arrival of a text by somebody who said how urgent it is (or did not: `UNSORTED`). Never fails."""
    heard = heard_in(text, said)
    if heard.dangerous:
        return AtArrival(heard.urgency, dangers=heard.remarks)
    if said is Urgency.NOW or not text.strip():
        return AtArrival(heard.urgency)
    told = language_of(text)
    if not told.sure or told.language not in _ANSWERED:
        # danger is recognised less well in other languages, and an answer might not be understood
        return AtArrival(heard.urgency, nothing_fits=True)
    try:
        found = _fitting(text, _ANSWERED[told.language], most)
    except (AtlasError, CounselError, DatabaseError, OSError):
        return AtArrival(heard.urgency)
    return AtArrival(heard.urgency, given=found, nothing_fits=not found)


def _fitting(text: str, language: Language, most: int) -> tuple[Given, ...]:
    texts = stored()  # asked for once: what is found and what is judged are the same
    named = surely_for(text, most=most, texts=texts)
    states = judged(texts) if named else {}
    found: list[Given] = []
    for answer_id in named:
        state = states.get(answer_id)
        if state is None or not may_be_given(state.answer):
            continue
        # it has expired: what fits second best is no substitute, but may stand by itself
        with suppress(AnswerRefused):
            found.append(given(state, language))
    return tuple(found)


def may_be_given(answer: Answer) -> bool:
    """Only what a lawyer has read is given by a machine; in the example world, where facts count as reviewed, all."""
    return answer.lawyer is Lawyer.REVIEWED or conf.as_of is not None


def warm_arrivals() -> None:
    """Recognise and find once, so that the first to write after a start does not wait for what is read but once."""
    heard_in("", Urgency.UNSORTED)
    warm_finding()
    with suppress(AtlasError, CounselError, DatabaseError, OSError):
        judged()
    forget_words()
    let_go()
    give_back()
