"""A person's facts as the workbench reads them out beside the plans; the form that changes them is a part of its own.

Kept true: everything that was said stands here, in the words of the form; what was not said is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tropa.desk.facts import atlas
from tropa.desk.pages.fact_words import in_page_language, named, title_of
from tropa.desk.plans import wording
from tropa.desk.plans.forms import wish_words
from tropa.planning.person import HeldPaper, PersonFacts, Wish, WishKind, WishVerdict


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One fact. `long`: what is said needs a line of its own."""

    what: str
    said: str = field(repr=False)
    long: bool = False


@dataclass(frozen=True, slots=True)
class SaidGroup:
    """Facts under the heading they have in the form; `nothing` is said where there are none."""

    icon: str
    title: str
    lines: tuple[SaidLine, ...]
    nothing: str = ""


def said_of(person: PersonFacts, *, placed: bool = True) -> list[SaidGroup]:
    """Every group of the form, in its order. `placed`: whether somebody has said where the person is."""
    nobody, none = _("nobody"), _("none said")
    return [
        SaidGroup("pin", _("Where and who"), tuple(_self(person, placed=placed))),
        SaidGroup("paper", _("Papers"), tuple(map(_paper, person.papers)), none),
        SaidGroup("info", _("Statuses"), tuple(_statuses(person)), none),
        SaidGroup("coins", _("Money"), tuple(_money(person))),
        SaidGroup("people", _("Travel together"), tuple(_companions(person)), nobody),
        SaidGroup("haven", _("Wishes"), tuple(_wishes(person))),
    ]


def _self(person: PersonFacts, *, placed: bool) -> Iterator[SaidLine]:
    place = atlas().places.get(person.place)
    where = in_page_language(place.value.name) if place else person.place
    if not placed:
        where = _("not said")
    yield SaidLine(_("Where now"), where, long=True)
    yield SaidLine(_("Service"), wording.profile(person.profile), long=True)
    if person.entered:
        yield SaidLine(_("Entered this country"), date_format(person.entered, "j E Y"))
    if person.deadline:
        yield SaidLine(_("Must have left by"), date_format(person.deadline, "j E Y"))


def _paper(held: HeldPaper) -> SaidLine:
    until = _("until %(day)s") % {"day": date_format(held.valid_until, "j E Y")} if held.valid_until else ""
    return SaidLine(named(held.paper), until)


def _statuses(person: PersonFacts) -> Iterator[SaidLine]:
    for known in person.statuses:
        yield SaidLine(wording.status(known.status), wording.answer(known.answer))


def _money(person: PersonFacts) -> Iterator[SaidLine]:
    yield SaidLine(_("In hand, €"), wording.grouped(person.money_euros))
    yield SaidLine(_("A month, €"), wording.grouped(person.income_euros))


def _companions(person: PersonFacts) -> Iterator[SaidLine]:
    for companion in person.companions:
        papers = ", ".join(named(held.paper) for held in companion.papers)
        said = "; ".join(filter(None, [wording.profile(companion.profile), papers]))
        yield SaidLine(companion.relation, said, long=True)


def _wishes(person: PersonFacts) -> Iterator[SaidLine]:
    least = person.least_haven
    yield SaidLine(_("At least"), wording.haven(least) if least else _("any"))
    yield SaidLine(_("Papers to apply for, at most"), str(person.further_papers))
    verdicts = {
        WishVerdict.PIN: _("pin"),
        WishVerdict.ALLOW: _("may"),
        WishVerdict.NEVER: pgettext("wish", "never"),
    }
    for wish in person.wishes:
        yield SaidLine(_about(wish), verdicts[wish.verdict])


def _about(wish: Wish) -> str:
    fact = atlas().facts.get(wish.about) if wish.kind is WishKind.LEG else None
    return title_of(fact) if fact else wish_words(wish.kind, wish.about)
