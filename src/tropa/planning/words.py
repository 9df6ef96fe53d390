"""Renders reasons in a person's language: a code of the planner becomes a sentence, ids become names.

Kept true: every code the planner uses has a sentence in English and Russian (a test holds it), and every id in it is
shown by the name its note carries. Sentences name things after a colon or in the nominative; where a name is declined
("из Ростова-на-Дону в Ереван") its forms come from a table (`forms_ru.json`, made by tools/place_forms.py), and a name
the table does not hold stays as it is, with an arrow. An unknown code raises: a reason that cannot be said must not
be left out.
"""

from __future__ import annotations

import gettext as catalogues
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from tropa.atlas.day_words import day_words
from tropa.planning.plan import Outlook, PlanSet, PlanTitle, Reason, Span, StepKind
from tropa.planning.sentences import (
    CONFIDENCE,
    DEPARTURES,
    JOURNEY,
    NAMES,
    NO_MORE_DAYS,
    NO_MORE_EUROS,
    OUTLOOK,
    OWNERS,
    RELATIONS,
    RISK_ALIKE,
    RISK_INSTEAD,
    RISK_THERE_ALIKE,
    RISK_THERE_INSTEAD,
    SENTENCES,
    STEP_KINDS,
    SURE,
    SURE_INSTEAD,
    TEAM,
    TEAMS,
    THERE,
    TITLES,
    WISHES,
)

LOCALE = Path(__file__).parent / "locale"
NO_BREAK = "\u00a0"
CERTAIN = f"100{NO_BREAK}%"


@cache
def catalogue(language: str) -> catalogues.NullTranslations:
    """The planner's catalogue; English is the message itself, any other language must exist."""
    if language == "en":
        return catalogues.NullTranslations()
    return catalogues.translation("planning", localedir=str(LOCALE), languages=[language])


@cache
def russian_forms() -> Mapping[str, tuple[str, str, str]]:
    """For each name of the shipped pack: from there, to there, there, with prepositions."""
    table = json.loads((Path(__file__).parent / "forms_ru.json").read_text(encoding="utf-8"))
    return {name: (away, to, there) for name, (away, to, there) in table.items()}


class Words:
    """Speaks one language about one answer."""

    def __init__(self, language: str, answer: PlanSet) -> None:
        self.language = language
        self._catalogue = catalogue(language)
        russian = language == "ru"
        self.names: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self._ages = {note.id: note.age_days for note in answer.facts}
        for place in answer.places:
            self.names[place.id] = place.name_ru if russian else place.name_en
        for paper in answer.papers:
            self.names[paper.id] = paper.name_ru if russian else paper.name_en
        for country in answer.countries:
            self.names[country.iso2] = country.name_ru if russian else country.name_en

    def say(self, reason: Reason) -> str:
        """The sentence of a reason, and who keeps the facts in it where it names them. Raises KeyError for a code
        that has none."""
        values = {name: self._value(name, value) for name, value in reason.values}
        if "wish" in values:
            values["wished"] = self.wish(**dict(reason.values))
        sentence = self.text(SENTENCES[reason.code])
        if "risk" in values and values["risk"] == values.get("was"):
            for instead, alike in ((RISK_INSTEAD, RISK_ALIKE), (RISK_THERE_INSTEAD, RISK_THERE_ALIKE)):
                sentence = sentence.replace(self.text(instead), self.text(alike))
        return " ".join((sentence.format_map(values), *self._besides(values)))

    def _besides(self, values: Mapping[str, str]) -> Iterator[str]:
        """How likely nobody refuses on the way that was named, and who keeps the facts."""
        sure, was = values.get("sure", CERTAIN), values.get("sure_was")
        if was is not None and sure != was:
            yield self.text(SURE_INSTEAD).format(sure=sure, sure_was=was)
        elif was is None and sure != CERTAIN:
            yield self.text(SURE).format(sure=sure)
        if "owners" in values:
            yield self.text(TEAMS).format(teams=values["owners"])

    def title(self, title: PlanTitle) -> str:
        """Why a plan is shown, in two or three words."""
        return self.text(TITLES[title])

    def kind(self, kind: StepKind) -> str:
        """What is done in a step, in a word."""
        return self.text(STEP_KINDS[kind])

    def name(self, id_: str) -> str:
        """The name of a place, paper, country, or of a word the atlas counts with; unknown ids stand for themselves."""
        if id_ in self.names:
            return self.names[id_]
        return self.text(NAMES[id_]) if id_ in NAMES else id_

    def fact(self, id_: str, *, bare: bool = False) -> str:
        """A fact by its title, if whoever speaks has given any, else by its id; `bare`: without the id behind it."""
        title = self.titles.get(id_, id_)
        return title.removesuffix(f" [{id_}]") if bare else title

    def wish(self, *, wish: str, about: str, verdict: str = "never", **_more: str) -> str:
        """What somebody wished: "not by: plane"."""
        what = self.fact(about) if wish == "leg" else self.name(about)
        return self.text(WISHES[verdict, wish]).format(about=what)

    def relation(self, relation: str) -> str:
        """Who somebody is to the person ("child, 9"): what is known of it translated, the rest as it was written."""
        head, comma, rest = relation.partition(",")
        known = RELATIONS.get(head.strip().lower())
        return (self.text(known) if known else head) + comma + rest

    def journey(self, origin: str, target: str) -> str:
        """ "from Moscow to Yerevan"."""
        one, other = self.name(origin), self.name(target)
        if self.language != "ru":
            return self.text(JOURNEY).format(origin=one, target=other)
        forms = russian_forms()
        if one not in forms or other not in forms:
            return f"{one} → {other}"
        return f"{forms[one][0]} {forms[other][1]}"

    def there(self, place: str) -> str:
        """ "in Yerevan"; a name whose forms are not known stands in brackets."""
        name = self.name(place)
        if self.language != "ru":
            return self.text(THERE).format(place=name)
        return russian_forms()[name][2] if name in russian_forms() else f"({name})"

    def towards(self, country: str) -> str:
        """A country as somewhere to go: "Germany", "в Германию"."""
        name = self.name(country)
        return russian_forms()[name][1] if self.language == "ru" and name in russian_forms() else name

    def age(self, fact: str) -> str:
        """How many days ago a fact was true by its source; "" for one the answer has no note of."""
        return self.number_of_days(self._ages[fact]) if fact in self._ages else ""

    def confidence(self, value: str) -> str:
        """How sure a fact is, in words."""
        return self.text(CONFIDENCE[value]) if value in CONFIDENCE else value

    def percent(self, span: Span) -> str:
        """A chance as a range in percent."""
        low, high = (_percent(value, self.language) for value in (span.low, span.high))
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
            worst_euros=self.whole_euros(outlook.worst_euros),
        )

    @staticmethod
    def whole_euros(euros: float) -> str:
        """An amount, rounded up to whole euros."""
        return f"€{-int(-euros // 1):,}".replace(",", NO_BREAK)

    def number_of_days(self, days: int) -> str:
        """So many days, in the right form."""
        ngettext = self._catalogue.ngettext
        return ngettext("{days} day", "{days} days", abs(days)).format(days=days)

    def day(self, day: date) -> str:
        """A calendar day, written out."""
        return day_words(day, self.language)

    def text(self, message: str) -> str:
        """A message of this package's own, translated."""
        return self._catalogue.gettext(message)

    def _value(self, name: str, value: str) -> str:
        render: Mapping[str, Callable[[str], str]] = {
            "days": self._days,
            "euros": self._euros,
            "needed": lambda text: f"€{int(text):,}".replace(",", NO_BREAK),
            "date": lambda text: self.day(date.fromisoformat(text)),
            "sure_was": _percent_text(self.language),
            "until": lambda text: self.day(date.fromisoformat(text)),
            "owners": lambda text: ", ".join(map(self._team, text.split())),
            "departures": lambda text: ", ".join(map(self._departure, text.split(";"))),
            "fact": self.fact,
            "facts": lambda text: "; ".join(map(self.fact, text.split())),
            "statuses": lambda text: ", ".join(self.name(one) for one in text.split()),
            "risk": _percent_text(self.language),
            "was": _percent_text(self.language),
            "sure": _percent_text(self.language),
        }
        return render.get(name, self.name)(value)

    def _departure(self, text: str) -> str:
        weekday, clock = text.split()
        return self.text(DEPARTURES[weekday]).format(clock=clock)

    def _team(self, owner: str) -> str:
        return self.text(TEAM).format(name=self.text(OWNERS[owner]) if owner in OWNERS else owner)

    def _days(self, text: str) -> str:
        same = text == "+0"
        return self.text(NO_MORE_DAYS) if same else self._signed(text, self.number_of_days(abs(int(text))))

    def _euros(self, text: str) -> str:
        amount = f"€{abs(int(text)):,}".replace(",", NO_BREAK)
        return self.text(NO_MORE_EUROS) if text == "+0" else self._signed(text, amount)

    @staticmethod
    def _signed(text: str, amount: str) -> str:
        return {"+": "+", "-": "−"}.get(text[:1], "") + amount


def _percent_text(language: str) -> Callable[[str], str]:
    return lambda text: (text.replace(".", ",") if language == "ru" else text) + NO_BREAK + "%"


def _percent(probability: float, language: str) -> str:
    percent = probability * 100
    text = f"{percent:.0f}" if percent >= 1 or percent == 0 else f"{percent:.1f}"
    return text.replace(".", ",") if language == "ru" else text
