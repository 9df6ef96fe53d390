"""The interview's own words in either language; everything else people read stands in the rule texts.

Kept true: a day is written out with its year, in the genitive in Russian; a term in years comes from the atlas and is
never typed into a rule.
"""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from tropa.atlas import (
    Atlas,
    Clock,
    Country,
    EntryRule,
    ExitCheck,
    Fact,
    Paper,
    PaperRefusal,
    Provision,
    Text,
    Value,
)
from tropa.atlas.day_words import day_words as day_words_of
from tropa.counsel.interview.engine import WhyPerson
from tropa.counsel.interview.errors import Reason
from tropa.counsel.interview.model import TERM, DateRole

LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("ru", "en")
NO_BREAK: Final = "\u00a0"


def gettext_noop(message: str) -> str:
    """Mark a message for translation where it stands."""
    return message


ROLES: Final[Mapping[DateRole, str]] = {
    DateRole.SINCE: gettext_noop("Since: {day}"),
    DateRole.BY: gettext_noop("By: {day}"),
    DateRole.UNTIL: gettext_noop("Until: {day}"),
}
DAY_MISSING: Final = gettext_noop("not counted: the day it starts from is not known")
WHY: Final[Mapping[WhyPerson, str]] = {
    WhyPerson.RULE: gettext_noop("Ask a person."),
    WhyPerson.RULES_CLASH: gettext_noop("Two rules say different things here. Ask a person."),
    WhyPerson.NOT_KNOWN: gettext_noop("It hangs on what is not known. A person can help to find it out."),
    WhyPerson.HANGS: gettext_noop("It hangs on something a person must look at first."),
    WhyPerson.CONTRADICTED: gettext_noop("Held back until it is clear which of the answers is right."),
    WhyPerson.FACTS_WAIT: gettext_noop(
        "Nobody has confirmed the facts behind this in time, so it is not said as certain. Ask a person."
    ),
    WhyPerson.ANOTHER_TIME: gettext_noop("The rule was not in force on this day. Ask a person what was."),
}
REFUSED: Final[Mapping[Reason, str]] = {
    Reason.NO_QUESTION: gettext_noop("there is no such question"),
    Reason.NO_OPTION: gettext_noop("there is no such answer to this question"),
    Reason.NO_DAY: gettext_noop("this is not a day; write it like 22.11.2026 or 2026-11-22"),
    Reason.NO_AGE: gettext_noop("this is not an age in full years"),
    Reason.IN_THE_FUTURE: gettext_noop("this day is still to come; a day that has passed is asked for"),
    Reason.TOO_FAR: gettext_noop("this day is too far away to be right"),
    Reason.TWICE: gettext_noop("answered twice, differently"),
    Reason.TOO_LONG: gettext_noop("this is too long for an answer"),
}
NOTHING_CHOSEN: Final = gettext_noop("choose or type an answer, or skip the question")
NOT_TOGETHER: Final = gettext_noop(
    "“None of these” and “I do not know” do not go together with another answer"
)
YES, NO, NOT_KNOWN = gettext_noop("Yes"), gettext_noop("No"), gettext_noop("I do not know")
NONE_OF_THESE: Final = gettext_noop("None of these")
NO_TERM: Final = gettext_noop("the term is not on record")
UP_TO: Final = gettext_noop("up to {most} years")
FROM_TO: Final = gettext_noop("{least} to {most} years")
CHECKS: Final[Mapping[type, str]] = {
    ExitCheck: gettext_noop("who is stopped on leaving: {country}"),
    EntryRule: gettext_noop("rule of entry: {country}"),
    PaperRefusal: gettext_noop("paper not accepted: {country}"),
}
ANSWERED_TWICE: Final = gettext_noop("This was answered twice, differently.")
BEGINS: Final = gettext_noop("From {day} on: {sentence}")
ENDS: Final = gettext_noop("From {day} on no longer: {sentence}")


@cache
def translator(language: str) -> Callable[[str], str]:
    """The catalogue of a language; English is the message itself, any other must exist."""
    if language == "en":
        return catalogues.NullTranslations().gettext
    return catalogues.translation("interview", str(LOCALE), languages=[language]).gettext


def pick(text: Text, language: str) -> str:
    """The text in a language."""
    return text.ru if language == "ru" else text.en


def day_words(day: date, language: str) -> str:
    """A day written out; its number stands beside its month."""
    return day_words_of(day, language).replace(" ", NO_BREAK, 1)


def sentence(text: Text, atlas: Atlas, language: str) -> str:
    """A rule's sentence with its terms put in from the atlas."""
    return TERM.sub(lambda match: _term(atlas.facts.get(match.group(1)), language), pick(text, language))


def _term(fact: Fact[Value] | None, language: str) -> str:
    say = translator(language)
    value = fact.value if fact is not None else None
    if not isinstance(value, Provision) or value.term_max_years is None:
        return say(NO_TERM)
    least, most = value.term_min_years, value.term_max_years
    if not least:
        return say(UP_TO).format(most=f"{most:g}")
    return say(FROM_TO).format(least=f"{least:g}", most=f"{most:g}")


def fact_words(fact: Fact[Value], atlas: Atlas, language: str) -> str:
    """What a fact is called when it is cited."""
    value = fact.value
    match value:
        case Provision():
            return pick(value.article, language)
        case Clock():
            return pick(value.consequence, language)
        case Paper() | Country():
            return pick(value.name, language)
        case ExitCheck() | EntryRule() | PaperRefusal():
            country = atlas.countries.get(value.country)
            name = pick(country.value.name, language) if country else value.country
            return translator(language)(CHECKS[type(value)]).format(country=name)
        case _:
            return fact.id
