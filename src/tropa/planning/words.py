"""Renders reasons in a person's language: a code of the planner becomes a sentence, ids become names.

Kept true: every code the planner uses has a sentence in English and Russian (a test holds it), and every id in it is
shown by the name its note carries. Sentences name things after a colon or in the nominative, so that no name has to be
declined. An unknown code raises: a reason that cannot be said must not be left out.
"""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from tropa.planning.plan import Outlook, PlanSet, PlanTitle, Reason, Span, StepKind
from tropa.planning.sentences import NAMES, OUTLOOK, OWNERS, SENTENCES, STEP_KINDS, TEAM, TEAMS, TITLES

LOCALE = Path(__file__).parent / "locale"
NO_BREAK = "\u00a0"


@cache
def catalogue(language: str) -> catalogues.NullTranslations:
    """The planner's catalogue; English is the message itself, any other language must exist."""
    if language == "en":
        return catalogues.NullTranslations()
    return catalogues.translation("planning", localedir=str(LOCALE), languages=[language])


class Words:
    """Speaks one language about one answer."""

    def __init__(self, language: str, answer: PlanSet) -> None:
        self.language = language
        self._catalogue = catalogue(language)
        russian = language == "ru"
        self._names: dict[str, str] = {}
        self._ages = {note.id: note.age_days for note in answer.facts}
        for place in answer.places:
            self._names[place.id] = place.name_ru if russian else place.name_en
        for paper in answer.papers:
            self._names[paper.id] = paper.name_ru if russian else paper.name_en
        for country in answer.countries:
            self._names[country.iso2] = country.name_ru if russian else country.name_en

    def say(self, reason: Reason) -> str:
        """The sentence of a reason, and who keeps the facts in it where it names them. Raises KeyError for a code
        that has none."""
        values = {name: self._value(name, value) for name, value in reason.values}
        sentence = self.text(SENTENCES[reason.code]).format_map(values)
        return (
            f"{sentence} {self.text(TEAMS).format(teams=values['owners'])}"
            if "owners" in values
            else sentence
        )

    def title(self, title: PlanTitle) -> str:
        """Why a plan is shown, in two or three words."""
        return self.text(TITLES[title])

    def kind(self, kind: StepKind) -> str:
        """What is done in a step, in a word."""
        return self.text(STEP_KINDS[kind])

    def name(self, id_: str) -> str:
        """The name of a place, paper, country, or of a word the atlas counts with; unknown ids stand for themselves."""
        if id_ in self._names:
            return self._names[id_]
        return self.text(NAMES[id_]) if id_ in NAMES else id_

    def age(self, fact: str) -> str:
        """How many days ago a fact was true by its source; "" for one the answer has no note of."""
        return self.number_of_days(self._ages[fact]) if fact in self._ages else ""

    def percent(self, span: Span) -> str:
        """A chance as a range in percent."""
        low, high = (_percent(value) for value in (span.low, span.high))
        return f"{low}{NO_BREAK}%" if low == high else f"{low}–{high}{NO_BREAK}%"

    def days(self, span: Span) -> str:
        """Days as a range, rounded up to whole ones."""
        low, high = round(span.low), -int(-span.high // 1)
        if low == high:
            return self.number_of_days(high)
        return f"{low}–{self.number_of_days(high)}"

    def euros(self, span: Span) -> str:
        """Euros as a range."""
        low, high = (f"{value:,.0f}".replace(",", NO_BREAK) for value in (span.low, span.high))
        return f"€{low}" if low == high else f"€{low}–{high}"

    def outlook(self, outlook: Outlook) -> str:
        """What a plan comes to with refusals counted, in one line."""
        return self.text(OUTLOOK).format(
            risk=self.percent(outlook.failure),
            days=self.days(outlook.days),
            euros=self.euros(outlook.euros),
            worst_days=self.number_of_days(-int(-outlook.worst_days // 1)),
            worst_euros=f"€{-int(-outlook.worst_euros // 1):,}".replace(",", NO_BREAK),
        )

    def number_of_days(self, days: int) -> str:
        """So many days, in the right form."""
        ngettext = self._catalogue.ngettext
        return ngettext("{days} day", "{days} days", abs(days)).format(days=days)

    def day(self, day: date) -> str:
        """A calendar day."""
        return day.strftime("%d.%m.%Y") if self.language == "ru" else day.isoformat()

    def text(self, message: str) -> str:
        """A message of this package's own, translated."""
        return self._catalogue.gettext(message)

    def _value(self, name: str, value: str) -> str:
        render: Mapping[str, Callable[[str], str]] = {
            "days": lambda text: self._signed(text, self.number_of_days(abs(int(text)))),
            "euros": lambda text: self._signed(text, f"€{abs(int(text)):,}".replace(",", NO_BREAK)),
            "needed": lambda text: f"€{int(text):,}".replace(",", NO_BREAK),
            "date": lambda text: self.day(date.fromisoformat(text)),
            "sure_was": _percent_text(self.language),
            "until": lambda text: self.day(date.fromisoformat(text)),
            "owners": lambda text: ", ".join(map(self._team, text.split())),
            "facts": lambda text: ", ".join(text.split()),
            "statuses": lambda text: ", ".join(self.name(one) for one in text.split()),
            "risk": _percent_text(self.language),
            "was": _percent_text(self.language),
            "sure": _percent_text(self.language),
        }
        return render.get(name, self.name)(value)

    def _team(self, owner: str) -> str:
        return self.text(TEAM).format(name=self.text(OWNERS[owner]) if owner in OWNERS else owner)

    @staticmethod
    def _signed(text: str, amount: str) -> str:
        return {"+": "+", "-": "−"}.get(text[:1], "") + amount


def _percent_text(language: str) -> Callable[[str], str]:
    return lambda text: (text.replace(".", ",") if language == "ru" else text) + NO_BREAK + "%"


def _percent(probability: float) -> str:
    percent = probability * 100
    return f"{percent:.0f}" if percent >= 1 or percent == 0 else f"{percent:.1f}"
