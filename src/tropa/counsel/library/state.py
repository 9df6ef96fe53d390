"""Whether an answer may be given on a day, and if not, why.

Kept true: an answer is sound only while every fact it rests on exists, may be used on that day, has been looked at in
time (a prohibition past its review binds a plan, but nobody may be told a sentence of it as fresh), is neither stopped
nor disputed, and says what it said when the text was last read beside it. Whatever speaks against it is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from tropa.atlas import Atlas, Review, Standing
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _
from tropa.counsel.library.answer import Answer
from tropa.counsel.library.figures import unsupported
from tropa.counsel.library.saying import said_by


class State(StrEnum):
    """What may be done with an answer."""

    SOUND = "sound"
    EXPIRED = "expired"
    CONTRADICTED = "contradicted"


class Why(StrEnum):
    """What speaks against an answer."""

    FACT_GONE = "fact_gone"
    FACT_CHANGED = "fact_changed"
    FACT_DISPUTED = "fact_disputed"
    FACT_STOPPED = "fact_stopped"
    FIGURE = "figure"
    TEXT_GONE = "text_gone"
    FACT_UNREVIEWED = "fact_unreviewed"
    FACT_OVERDUE = "fact_overdue"
    FACT_NOT_YET = "fact_not_yet"
    FACT_OVER = "fact_over"
    ANSWER_OVERDUE = "answer_overdue"


CONTRADICTS = frozenset(
    {Why.FACT_GONE, Why.FACT_CHANGED, Why.FACT_DISPUTED, Why.FACT_STOPPED, Why.FIGURE, Why.TEXT_GONE}
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against an answer; `about` is a fact's id or a figure, empty for the answer itself.
    `owner`: the role that keeps the fact and can confirm it.
    """

    why: Why
    about: str = ""
    day: date | None = None
    owner: str = ""

    def phrase(self, called: str | None = None) -> Phrase:
        """The reason as a sentence; `called`: what people call the fact, where more than its id is to stand."""
        day = self.day.isoformat() if self.day else ""
        about = called or self.about
        match self.why:
            case Why.FACT_GONE:
                return _("The fact {fact} is no longer in the atlas.", fact=about)
            case Why.FACT_CHANGED:
                return _("The fact {fact} says something else than when this was written.", fact=about)
            case Why.FACT_DISPUTED:
                return _("Sources dispute the fact {fact}, and nobody has settled it.", fact=about)
            case Why.FACT_STOPPED:
                return _("An emergency stop covers the fact {fact}.", fact=about)
            case Why.FIGURE:
                return _("The figure {figure} stands in none of the facts.", figure=self.about)
            case Why.TEXT_GONE:
                return _("A text that two people approved is gone, and this one may be what it put right.")
            case Why.FACT_UNREVIEWED:
                return _("Nobody has reviewed the fact {fact}.", fact=about)
            case Why.FACT_OVERDUE:
                return _("The fact {fact} had to be checked by {day}.", fact=about, day=day)
            case Why.FACT_NOT_YET:
                return _("The fact {fact} is not yet in force.", fact=about)
            case Why.FACT_OVER:
                return _("The fact {fact} is no longer in force.", fact=about)
            case Why.ANSWER_OVERDUE:
                return _("This text had to be checked by {day}.", day=day)
            case _:
                assert_never(self.why)

    def asks(self) -> Phrase | None:
        """Whom to ask about the fact."""
        return _("Can be confirmed by the team: {owner}.", owner=self.owner) if self.owner else None


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer's state on a day with every reason; none for a sound one. `earliest`: the first day on which a review
    of the text or of a fact falls due.
    """

    answer: Answer
    state: State
    reasons: tuple[Reason, ...]
    earliest: date


def judge(
    answer: Answer, atlas: Atlas, on: date, *, disputed: AbstractSet[str] = frozenset(), gone: bool = False
) -> Judged:
    """The state of an answer. `disputed`: facts over which two sources stand against each other, unsettled; `gone`: the
    text that took its place was taken away.
    """
    reasons = tuple(_reasons(answer, atlas, on, disputed))
    if gone:
        reasons = (Reason(Why.TEXT_GONE, owner=answer.owner), *reasons)
    state = State.SOUND
    if reasons:
        contradicted = any(reason.why in CONTRADICTS for reason in reasons)
        state = State.CONTRADICTED if contradicted else State.EXPIRED
    due = [atlas.facts[fact_id].review_by for fact_id in answer.facts if fact_id in atlas.facts]
    return Judged(answer, state, reasons, min([answer.review_by, *due]))


def _reasons(answer: Answer, atlas: Atlas, on: date, disputed: AbstractSet[str]) -> Iterator[Reason]:
    for fact_id in answer.facts:
        owner = atlas.facts[fact_id].owner if fact_id in atlas.facts else ""
        for reason in _reasons_of_fact(answer, fact_id, atlas, on):
            yield replace(reason, owner=owner)
        if fact_id in disputed:
            yield Reason(Why.FACT_DISPUTED, fact_id, owner=owner)
    for figure in unsupported(answer, atlas):
        yield Reason(Why.FIGURE, figure)
    if answer.review_by < on:
        yield Reason(Why.ANSWER_OVERDUE, day=answer.review_by, owner=answer.owner)


def _reasons_of_fact(answer: Answer, fact_id: str, atlas: Atlas, on: date) -> Iterator[Reason]:
    fact = atlas.facts.get(fact_id)
    if fact is None:
        yield Reason(Why.FACT_GONE, fact_id)
        return
    if said_by(fact) != answer.says[fact_id]:
        yield Reason(Why.FACT_CHANGED, fact_id)
    standing = atlas.standing(fact, on)
    match standing:
        case Standing.USABLE:
            if fact.review is Review.UNVERIFIED and (
                atlas.reviewed_as_of is None or on < atlas.reviewed_as_of
            ):
                yield Reason(
                    Why.FACT_UNREVIEWED, fact_id
                )  # it binds plans, but nobody may be told it as checked
            elif fact.review_by < on:
                yield Reason(Why.FACT_OVERDUE, fact_id, fact.review_by)
        case Standing.UNVERIFIED:
            yield Reason(Why.FACT_UNREVIEWED, fact_id)
        case Standing.REVIEW_OVERDUE:
            yield Reason(Why.FACT_OVERDUE, fact_id, fact.review_by)
        case Standing.NOT_YET_VALID:
            yield Reason(Why.FACT_NOT_YET, fact_id)
        case Standing.NO_LONGER_VALID:
            yield Reason(Why.FACT_OVER, fact_id)
        case Standing.STOPPED:
            yield Reason(Why.FACT_STOPPED, fact_id)
        case _:
            assert_never(standing)
