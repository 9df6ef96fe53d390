"""How a fact is called and what it says, in the language of the page: a title and its values as labelled lines."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import singledispatch
from typing import assert_never

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tropa.atlas import (
    Clock,
    Contact,
    Country,
    Crossing,
    Decisions,
    Departure,
    EntryCheck,
    EntryRule,
    ExitCheck,
    Extradition,
    Fact,
    Figure,
    Gap,
    Hazard,
    HazardSubject,
    Incident,
    Leg,
    Living,
    Obtain,
    Paper,
    PaperRefusal,
    PartialDate,
    Place,
    ProfileClass,
    Protection,
    Provision,
    Range,
    Requirement,
    Settling,
    StayRule,
    Stop,
    Text,
    Treaty,
    Value,
)
from tropa.atlas.importing.territories import by_code2
from tropa.desk.atlas.figures import partial_words, percent
from tropa.desk.facts import atlas
from tropa.desk.pages.field_words import FIELDS
from tropa.desk.pages.term_words import term_words
from tropa.desk.pages.union_words import UNIONS
from tropa.desk.plans.wording import NBSP

NAMED_ABOVE = frozenset({"name", "iso2"})
CHANCES = frozenset({"chance", "share_positive", "refusal", "turned_back"})
"""Fields that hold a chance, which is said in per cent."""


def in_page_language(text: Text) -> str:
    """The half of a text that the page's language asks for."""
    return text.ru if (get_language() or "ru").startswith("ru") else text.en


def named(reference: str) -> str:
    """What a country, place, paper, union of states or other fact is called; the text itself where nothing has a name.

    Countries of which the atlas knows no more than a figure or two have the names of ISO 3166-1's table.
    """
    world = atlas()
    for shelf in (world.places, world.papers, world.countries):
        fact = shelf.get(reference)
        if fact is not None:
            return in_page_language(fact.value.name)
    other = world.facts.get(reference)
    if other is not None:
        return title_of(other)
    if reference in UNIONS:
        return str(UNIONS[reference])
    known = by_code2().get(reference)
    return in_page_language(Text(known.english, known.russian)) if known is not None else reference


def title_of(fact: Fact[Value]) -> str:
    """A short name for a fact, to stand in lists."""
    return _title(fact.value) or fact.id


@singledispatch
def _title(_value: object) -> str:
    return ""


@_title.register
def _named_thing(value: Country | Place | Paper | Contact) -> str:
    return in_page_language(value.name)


@_title.register
def _leg(value: Leg) -> str:
    return _("%(origin)s to %(target)s") % {"origin": named(value.origin), "target": named(value.target)}


@_title.register
def _entry(value: EntryRule) -> str:
    return _("%(country)s: entry") % {"country": named(value.country)}


@_title.register
def _exit(value: ExitCheck) -> str:
    return _("%(country)s: who is stopped on leaving") % {"country": named(value.country)}


@_title.register
def _stay(value: StayRule) -> str:
    return _("%(country)s: legal stay") % {"country": named(value.country)}


@_title.register
def _refusal(value: PaperRefusal) -> str:
    words = {"country": named(value.country), "paper": named(value.paper)}
    return _("%(country)s does not accept: %(paper)s") % words


@_title.register
def _obtain(value: Obtain) -> str:
    return _("How to get: %(paper)s") % {
        "paper": f"{named(value.paper)}; {_within(term_words(value.office))}"
    }


@_title.register
def _protection(value: Protection) -> str:
    return f"{named(value.country)}: {_within(term_words(value.what))}"


@_title.register
def _hazard(value: Hazard) -> str:
    danger = f"{_danger_of(value.subject)}: {named(value.scope)}"
    if len(value.classes) == len(ProfileClass):
        return danger
    return f"{danger}; {', '.join(term_words(one) for one in value.classes)}"


def _danger_of(subject: HazardSubject) -> str:
    """What the danger belongs to."""
    match subject:
        case HazardSubject.LEG:
            return _("Danger on the way")
        case HazardSubject.EXIT_CHECK:
            return _("Danger at the exit check")
        case HazardSubject.ENTRY_CHECK:
            return _("Danger at the entry check")
        case HazardSubject.DAY_OF_STAY:
            return _("Danger of a day there")
        case HazardSubject.OFFICE:
            return _("Danger at the office")
        case HazardSubject.RESIDUAL:
            return _("Danger afterwards")
        case _unknown:
            assert_never(_unknown)


@_title.register
def _incident(value: Incident) -> str:
    what = _within(term_words(value.what))
    where = named(value.country)
    return f"{where}, {partial_words(value.happened)}: {what}" if value.happened else f"{where}: {what}"


def _within(words: str) -> str:
    """Words of a list in the middle of a title."""
    return words[:1].lower() + words[1:]


@_title.register
def _gap(value: Gap) -> str:
    return _("Not known: %(about)s") % {"about": named(value.about)}


@_title.register
def _stop(value: Stop) -> str:
    return _("Stopped: %(scope)s") % {"scope": named(value.scope)}


@_title.register
def _crossing(value: Crossing) -> str:
    return _("%(country)s: border post %(name)s") % {
        "country": named(value.country),
        "name": in_page_language(value.name),
    }


@_title.register
def _decisions(value: Decisions) -> str:
    words = {"country": named(value.country), "year": value.year}
    return _("%(country)s: asylum decisions of %(year)s") % words


@_title.register
def _entry_check(value: EntryCheck) -> str:
    return _("%(country)s: which lists are looked into at the entry") % {"country": named(value.country)}


@_title.register
def _treaty(value: Treaty) -> str:
    return f"{named(value.country)}: {term_words(value.what)}"


@_title.register
def _extradition(value: Extradition) -> str:
    return _("%(country)s: handing over to Russia") % {"country": named(value.country)}


@_title.register
def _figure(value: Figure) -> str:
    return f"{named(value.country)}: {in_page_language(value.measure)}"


@_title.register
def _settling(value: Settling) -> str:
    return f"{named(value.country)}: {term_words(value.topic)}" if value.country else term_words(value.topic)


@_title.register
def _living(value: Living) -> str:
    return _("%(country)s: what a day costs") % {"country": named(value.country)}


@_title.register
def _clock(value: Clock) -> str:
    return in_page_language(value.trigger)


@_title.register
def _provision(value: Provision) -> str:
    return f"{in_page_language(value.article)}: {in_page_language(value.what)}"


def lines_of(value: Value) -> list[tuple[str, str]]:
    """Every field of a value as (field, what it says), both in the language of the page."""
    return [
        (str(FIELDS[field.name]), said)
        for field in fields(value)
        if field.name not in NAMED_ABOVE and (said := _said_of(field.name, getattr(value, field.name)))
    ]


def _said_of(field: str, value: object) -> str:
    """One value in words; chances in per cent."""
    if field in CHANCES and isinstance(value, Range):
        return f"{percent(value.low)} – {percent(value.point)} – {percent(value.high)}{NBSP}%"
    if field == "departures" and isinstance(value, tuple):
        return departures_in_words(value)
    return _said(value)


def departures_in_words(departures: tuple[str, ...]) -> str:
    """A timetable: days of the week and times."""
    parsed = map(Departure.parse, departures)
    return ", ".join(f"{str(WEEKDAYS[one.weekday]).lower()} {one.clock}" for one in parsed)


@singledispatch
def _said(value: object) -> str:
    """One value of a field in words; empty when there is nothing to say."""
    if is_dataclass(value):
        return "; ".join(said for field in fields(value) if (said := _said(getattr(value, field.name))))
    return "" if value is None else str(value)


@_said.register
def _truth(value: bool) -> str:  # chosen by the type of a stored value
    return _("yes") if value else _("no")


@_said.register
def _number(value: float) -> str:
    return f"{value:g}"


@_said.register
def _text(value: Text) -> str:
    return in_page_language(value)


@_said.register
def _range(value: Range) -> str:
    return f"{value.low:g} – {value.point:g} – {value.high:g}"


@_said.register
def _date(value: PartialDate) -> str:
    return partial_words(value)


@_said.register
def _requirement(value: Requirement) -> str:
    if value.asks_nothing:
        return _("nothing")
    sets = (" + ".join(named(paper) for paper in sorted(one)) for one in value.alternatives)
    return _(" or ").join(sets)


@_said.register
def _term(value: StrEnum) -> str:
    return term_words(value)


@_said.register
def _several(value: tuple | frozenset) -> str:  # type: ignore[type-arg]  # of whatever the field holds
    return ", ".join(_said(part) for part in value)


@_said.register
def _reference(value: str) -> str:
    return named(value)
