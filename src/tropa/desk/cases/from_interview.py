"""What the interview and the triage card tell each other.

Kept true: the interview fills only what the card leaves open; what a volunteer has answered stays. What the two cannot
say of each other (whether "somebody else" is a relative, which country "abroad" is) is left open, never guessed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tropa.counsel.interview import Answers, Interview, State
from tropa.counsel.interview.answering import Answer
from tropa.counsel.interview.model import DateRole
from tropa.desk.cases.card import AskingFor, Ban, Card, Deadline, PaperInHand, Situation, Whereabouts, Wish

SERVICE = {
    Situation.CONSCRIPT: "conscript",
    Situation.CONTRACT: "contract",
    Situation.MOBILISED: "mobilised",
}
SITUATION = {word: situation for situation, word in SERVICE.items()}
PAPERS = {
    PaperInHand.INTERNAL: "internal",
    PaperInHand.FOREIGN_5: "fp5",
    PaperInHand.FOREIGN_10: "fp10",
}
BANS = {"accused": Ban.CASE, "wanted": Ban.WANTED, "debts": Ban.DEBTS, "secrets": Ban.SECRETS}
WISHES = {"exit": Wish.LEAVE, "options": Wish.DEFERRAL, "summons": Wish.LAW, "penalties": Wish.LAW}
DEADLINES = (
    (0, Deadline.TODAY),
    (3, Deadline.THREE_DAYS),
    (14, Deadline.TWO_WEEKS),
    (61, Deadline.TWO_MONTHS),
)
"""Days until a deadline, both included, and the answer of the card."""


def answers_of(card: Card) -> Answers:
    """What a card answers already."""
    given: dict[str, Answer] = {}
    if card.asking_for not in (None, AskingFor.NOT_SAID):
        given["who"] = "self" if card.asking_for is AskingFor.SELF else "other"
    if card.situation in SERVICE:
        given["service"] = SERVICE[card.situation]
    elif card.situation is Situation.NO_SUMMONS:
        given |= {"service": "civilian", "summons": "none"}
    if card.whereabouts is Whereabouts.RUSSIA:
        given["place"] = "russia"
    elif card.whereabouts in (Whereabouts.OTHER_COUNTRY, Whereabouts.INTERNAL_PASSPORT_COUNTRY):
        given["place"] = "abroad"
    if card.papers and not card.papers & {PaperInHand.UNKNOWN, PaperInHand.TAKEN}:
        given["passports"] = frozenset(PAPERS[one] for one in card.papers if one in PAPERS)
    return Answers(given)


def filled(card: Card, result: Interview) -> Card:
    """The card with what it left open filled from the interview."""
    said = result.answers.given
    new = Card(
        asking_for=AskingFor.SELF if said.get("who") == "self" else None,
        situation=_situation(result.answers),
        whereabouts=Whereabouts.RUSSIA if said.get("place") == "russia" else None,
        deadline=_deadline(result),
        papers=_papers(said.get("passports")),
        bans=_bans(result.answers),
        wishes=frozenset({WISHES[topic]}) if (topic := str(said.get("about"))) in WISHES else frozenset(),
    )
    return replace(
        card,
        asking_for=card.asking_for or new.asking_for,
        situation=card.situation or new.situation,
        whereabouts=card.whereabouts or new.whereabouts,
        deadline=card.deadline or new.deadline,
        papers=card.papers or new.papers,
        bans=card.bans or new.bans,
        wishes=card.wishes or new.wishes,
    )


def _situation(answers: Answers) -> Situation | None:
    said = answers.given
    if said.get("absent") == "yes":
        return Situation.ABSENT
    if said.get("service") in SITUATION:
        return SITUATION[str(said["service"])]
    if said.get("summons") in ("none", "notice"):
        return Situation.NO_SUMMONS
    return Situation.SUMMONS if said.get("summons") in ("conscription", "check", "mobilisation") else None


def _papers(said: Answer | None) -> frozenset[PaperInHand]:
    if not isinstance(said, frozenset):
        return frozenset()
    return frozenset(paper for paper, word in PAPERS.items() if word in said) or frozenset({PaperInHand.NONE})


def _bans(answers: Answers) -> frozenset[Ban]:
    said, bars = answers.given, answers.given.get("bars")
    found = {ban for word, ban in BANS.items() if isinstance(bars, frozenset) and word in bars}
    if "yes" in (said.get("told-of-ban"), said.get("in-register")):
        found.add(Ban.EXIT_BAN)
    if not found and bars == frozenset() and said.get("told-of-ban") == "no":
        found.add(Ban.NONE)
    return frozenset(found)


def _deadline(result: Interview) -> Deadline | None:
    """The nearest day something that holds is due by; none known: left open."""
    days: list[date] = [
        dated.day
        for finding in result.findings
        if finding.state is State.HOLDS
        for reason in finding.reasons
        for dated in reason.dates
        if dated.role is DateRole.BY and dated.day is not None and dated.day >= result.day
    ]
    left = (min(days) - result.day).days if days else None
    return next((word for most, word in DEADLINES if left is not None and left <= most), None)
