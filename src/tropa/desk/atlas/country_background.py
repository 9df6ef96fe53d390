"""What is known around a country and opens no way: border posts, lists looked into at the entry, treaties, handing
over, partners, settling in, published figures.

Kept true: each line leads to its fact, and only kinds on which no plan rests stand here. A partner's contact and advice
for every country stand on each country's page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tropa.atlas import (
    Atlas,
    Confidence,
    Contact,
    Crossing,
    EntryCheck,
    Extradition,
    Fact,
    Figure,
    Kind,
    Settling,
    Treaty,
    Value,
)
from tropa.desk.atlas.figures import partial_words
from tropa.desk.atlas.paging import FEW
from tropa.desk.atlas.rule_words import rule_line
from tropa.desk.pages.fact_words import in_page_language

ANYWHERE = ""

SECTIONS: Mapping[tuple[Kind, ...], Promise] = {
    (Kind.CROSSING, Kind.ENTRY_CHECK): _("Border posts, and lists looked into at the entry"),
    (Kind.EXTRADITION, Kind.TREATY): _("Handing over to Russia, and treaties"),
    (Kind.CONTACT,): _("Partners who help here"),
    (Kind.SETTLING,): _("Settling in"),
    (Kind.FIGURE,): _("Published figures"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A fact in one sentence. `unsure`: no text is at hand for it."""

    id: str
    said: str
    note: str
    as_of: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A card of the page."""

    id: str
    title: str
    lines: tuple[Line, ...]

    @property
    def some(self) -> tuple[Line, ...]:
        """Those that stand there before all are asked for."""
        return self.lines[:FEW]


def background_of(atlas: Atlas, code: str) -> list[Section]:
    """The cards that have anything to say about a country."""
    known = _by_country(atlas)
    facts = (*known.get(code, ()), *known.get(ANYWHERE, ()))
    return [
        Section(kinds[0].value, str(title), lines)
        for kinds, title in SECTIONS.items()
        if (lines := tuple(_lines(facts, kinds)))
    ]


def _lines(facts: tuple[Fact[Value], ...], kinds: tuple[Kind, ...]) -> Iterator[Line]:
    chosen = [fact for fact in facts if fact.kind in kinds]
    chosen.sort(key=lambda fact: (kinds.index(fact.kind), _order(fact), fact.id))
    for fact in chosen:
        unsure = fact.confidence is not Confidence.SOURCED
        note = in_page_language(fact.note) if fact.note else ""
        yield Line(fact.id, rule_line(fact), note, partial_words(fact.as_of), unsure)


def _order(fact: Fact[Value]) -> tuple[int, str]:
    """The newest figure first; partners by what they are asked for; what holds there before what holds anywhere."""
    match fact.value:
        case Figure():
            return -fact.as_of.latest.toordinal(), ""
        case Contact(what=what):
            return 0, what.value
        case Settling(country=country):
            return int(not country), ""
        case _:
            return 0, ""


@lru_cache(maxsize=2)
def _by_country(atlas: Atlas) -> Mapping[str, tuple[Fact[Value], ...]]:
    found: dict[str, list[Fact[Value]]] = {}
    for fact in atlas.facts.values():
        match fact.value:
            case (
                Treaty(country=code)
                | Extradition(country=code)
                | Contact(country=code)
                | Crossing(country=code)
                | EntryCheck(country=code)
                | Figure(country=code)
            ):
                found.setdefault(code, []).append(fact)
            case Settling(country=code):
                found.setdefault(code or ANYWHERE, []).append(fact)
            case _:
                pass
    return {code: tuple(facts) for code, facts in found.items()}
