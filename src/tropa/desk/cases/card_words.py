"""The ten questions and their answers in words, and why a card gives the urgency and lane it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tropa.desk.cases.card import SEVERAL, SINGLE, Card
from tropa.desk.cases.triage import Verdict, Why
from tropa.desk.words import lane_word, urgency_word

QUESTIONS: Mapping[str, Promise] = {
    "asking_for": _("Are you writing about yourself or about somebody else?"),
    "situation": _("What is happening?"),
    "whereabouts": _("Where is the person, roughly?"),
    "deadline": _("Is there a date to meet?"),
    "danger": _("Is life or health in danger right now?"),
    "papers": _("Which papers are in hand?"),
    "bans": _("Is an exit ban, a case or a search known?"),
    "dependants": _("Who depends on this person?"),
    "other_readers": _("Who else can read this conversation?"),
    "wishes": _("What is wanted?"),
}

ANSWERS: Mapping[str, Mapping[str, Promise]] = {
    "asking_for": {
        "self": _("about themselves"),
        "relative": _("about a relative"),
        "friend": _("about a friend"),
        "not-said": _("not said"),
    },
    "situation": {
        "no-summons": _("no summons"),
        "summons": _("summons received"),
        "commission-decision": _("decision of the commission"),
        "collection-point": _("held at a collection point"),
        "conscript": _("conscript"),
        "pressed-to-sign": _("pressed to sign a contract"),
        "mobilised": _("mobilised"),
        "contract": _("under contract"),
        "convict-recruit": _("recruited in prison"),
        "officer": _("officer"),
        "on-leave": _("on leave"),
        "hospital": _("in hospital"),
        "absent-from-unit": _("absent from the unit"),
        "pit-or-cellar": _("held in a pit or cellar"),
        "custody": _("in custody"),
        "suspended-sentence": _("suspended sentence"),
        "prisoner-of-war": _("prisoner of war"),
        "abroad": _("abroad"),
        "not-said": _("not said"),
    },
    "whereabouts": {
        "russia": _("Russia, region only"),
        "front-area": _("near the front"),
        "occupied-area": _("occupied area"),
        "country-admitting-internal-passport": _("a country that admits an internal passport"),
        "other-country": _("another country"),
        "not-said": _("not said"),
    },
    "deadline": {
        "today": _("today"),
        "three-days": _("within 3 days"),
        "two-weeks": _("within 2 weeks"),
        "two-months": _("within 2 months"),
        "none": _("no date"),
        "unknown": _("not known"),
    },
    "danger": {"yes": _("yes"), "no": _("no"), "unknown": _("not known")},
    "papers": {
        "internal-passport": _("internal passport"),
        "foreign-passport-5": _("foreign passport, 5 years"),
        "foreign-passport-10": _("foreign passport, 10 years"),
        "military-id": _("military ID"),
        "none": _("none"),
        "taken-away": _("taken away"),
        "unknown": _("not known"),
    },
    "bans": {
        "none-known": _("none known"),
        "exit-ban": _("exit ban"),
        "case": _("criminal case"),
        "wanted": _("wanted"),
        "debts-or-court": _("debts or a court"),
        "state-secrets": _("state secrets"),
        "unknown": _("not known"),
    },
    "dependants": {
        "nobody": _("nobody"),
        "children": _("children"),
        "partner": _("partner"),
        "elderly-or-ill": _("elderly or ill relatives"),
        "several": _("several people"),
        "not-said": _("not said"),
    },
    "other_readers": {
        "nobody": _("nobody"),
        "family": _("the family"),
        "commander-or-police": _("a commander or the police, possibly"),
        "work-device": _("it is a device from work"),
        "unknown": _("not known"),
    },
    "wishes": {
        "understand-the-law": _("understand the law"),
        "deferral-or-alternative-service": _("deferral or alternative service"),
        "leave": _("leave the country"),
        "leave-the-unit": _("leave the unit"),
        "protection-abroad": _("protection abroad"),
        "record-abuse": _("record abuse"),
        "settle": _("settle"),
        "find-a-missing-man": _("find a missing man"),
        "money-or-things": _("money or things"),
        "other": _("something else"),
    },
}

REASONS: Mapping[Why, Promise] = {
    Why.DANGER: _("life or health is in danger"),
    Why.TODAY: _("the date is today"),
    Why.HELD: _("the person is held"),
    Why.THREE_DAYS: _("the date is within 3 days"),
    Why.SERVING: _("the person is serving"),
    Why.OTHERS_READ: _("somebody dangerous may read along"),
    Why.WANTED: _("the person is wanted"),
    Why.TWO_WEEKS: _("the date is within 2 weeks"),
    Why.SUMMONS: _("there is a summons or a decision"),
    Why.NOTHING_PRESSES: _("nothing answered so far presses"),
    Why.NOTHING_ANSWERED: _("nothing is answered yet"),
    Why.WISH: _("because of what is wanted"),
    Why.SITUATION: _("because of what is happening"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers; `kind` is the type of the inputs."""

    name: str
    label: str
    kind: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class CardLine:
    """A question and what was answered, to read."""

    question: str
    answer: str


def questions_of(card: Card) -> list[Question]:
    """The ten questions with the card's answers chosen."""
    return [_question(name, _values(card, name)) for name in QUESTIONS]


def lines_of(card: Card) -> list[CardLine]:
    """The ten questions with their answers in words; a dash where none was given."""
    return [
        CardLine(
            question=str(QUESTIONS[name]),
            answer=", ".join(str(ANSWERS[name][value]) for value in sorted(_values(card, name))) or "–",
        )
        for name in QUESTIONS
    ]


def verdict_words(verdict: Verdict) -> str:
    """Lane and urgency as one line."""
    return f"{lane_word(verdict.lane).capitalize()}, {urgency_word(verdict.urgency)}"


def reason_words(verdict: Verdict) -> list[str]:
    """Why, one line a reason."""
    return [str(REASONS[why]) for why in verdict.reasons]


def _question(name: str, chosen: frozenset[str]) -> Question:
    options = tuple(
        Option(value=value, label=str(label), chosen=value in chosen)
        for value, label in ANSWERS[name].items()
    )
    return Question(
        name=name,
        label=str(QUESTIONS[name]),
        kind="checkbox" if name in SEVERAL else "radio",
        options=options,
    )


def _values(card: Card, name: str) -> frozenset[str]:
    answer = getattr(card, name)
    if name in SINGLE:
        return frozenset({answer.value}) if answer else frozenset()
    return frozenset(one.value for one in answer)
