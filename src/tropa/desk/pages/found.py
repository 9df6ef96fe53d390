"""Everything that one line of words can lead to: people by pseudonym, pages, colleagues, countries, facts, answers.

Put together in memory for whoever asks and forgotten: nothing typed is stored, counted or logged. Only what the reader
may open is named, and nothing sealed is opened for it; what people wrote is looked for by the search, which is an act
of its own and leaves its record.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from tropa.atlas import Atlas, Country
from tropa.atlas.search import search
from tropa.desk import clock
from tropa.desk.atlas.commands import stop_asked
from tropa.desk.atlas.in_force import in_force
from tropa.desk.atlas.services import may_change_facts
from tropa.desk.library.finding import found_for
from tropa.desk.library.titles import title_of_answer
from tropa.desk.pages.destinations import destinations_for
from tropa.desk.pages.fact_words import title_of
from tropa.desk.pages.standing_words import standing_words
from tropa.desk.pages.term_words import term_words
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.staff.queries import colleagues_named
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.by_name import NamedThread, threads_named
from tropa.desk.words import lane_word, urgency_word

LONGEST_ASKED = 200
SHORTEST_ASKED = 2
MOST_COUNTRIES, MOST_FACTS, MOST_ANSWERS, MOST_PAGES, MOST_COLLEAGUES = 4, 6, 4, 6, 5


@dataclass(frozen=True, slots=True)
class Way:
    """One line that leads somewhere."""

    address: str
    title: str = field(repr=False)
    words: str = ""
    more: tuple[tuple[str, str], ...] = ()  # addresses and names of what belongs to it
    reason: str = field(default="", repr=False)  # typed for an act, and carried to its page by POST


@dataclass(frozen=True, slots=True)
class Ways:
    """Lines of one sort under their heading; `key` names the sort in the page."""

    key: str
    title: str
    lines: tuple[Way, ...]


def ways_for(*, reader: Reader, asked: str) -> list[Ways]:
    """What fits, by sort, sorts without any left out. With nothing typed: the pages."""
    coordinator = coordinates(reader)
    if len(asked) < SHORTEST_ASKED and not asked.isdigit():
        return [_pages("", coordinator=coordinator, most=None)] if not asked else []
    state, day = in_force(), clock.facts_day()
    facts = search(state.atlas, asked)
    countries = [fact for fact in facts if isinstance(fact.value, Country)]
    others = [fact for fact in facts if not isinstance(fact.value, Country)]
    groups = [
        Ways("people", _("People who wrote"), tuple(map(_thread, threads_named(reader=reader, asked=asked)))),
        _acts(state.atlas, asked) if may_change_facts(reader) else Ways("acts", "", ()),
        _pages(asked, coordinator=coordinator, most=MOST_PAGES),
        Ways(
            "countries",
            _("Countries"),
            tuple(_country(fact.id, title_of(fact)) for fact in countries[:MOST_COUNTRIES]),
        ),
        Ways(
            "answers",
            _("Answers"),
            tuple(
                Way(reverse("desk:answer", args=[one]), title_of_answer(one))
                for one in found_for(asked, most=MOST_ANSWERS)
            ),
        ),
        Ways(
            "facts",
            _("Facts"),
            tuple(
                Way(
                    reverse("desk:fact", args=[fact.id]),
                    title_of(fact),
                    f"{term_words(fact.kind)}, {standing_words(state.atlas.standing(fact, day))}",
                )
                for fact in others[:MOST_FACTS]
            ),
        ),
        Ways(
            "colleagues",
            _("Colleagues"),
            tuple(
                Way(reverse("desk:people"), member.pseudonym, member.team.name)
                for member in colleagues_named(asked, most=MOST_COLLEAGUES)
            ),
        ),
    ]
    return [group for group in groups if group.lines]


def empty_ways(asked: str) -> list[Ways]:
    """What an empty desk can lead to: its pages."""
    group = _pages(asked, coordinator=False, most=None, empty=True)
    return [group] if group.lines else []


def _pages(asked: str, *, coordinator: bool, most: int | None, empty: bool = False) -> Ways:
    found = destinations_for(asked, coordinator=coordinator, empty=empty)[:most]
    return Ways("pages", _("Pages"), tuple(Way(address, title) for address, title in found))


def _thread(one: NamedThread) -> Way:
    said = [lane_word(one.lane), urgency_word(one.urgency), one.lead or _("taken by nobody")]
    more: tuple[tuple[str, str], ...] = ()
    if one.case_id is not None:
        more = (
            (reverse("desk:triage", args=[one.case_id]), _("Card")),
            (reverse("desk:workbench", args=[one.case_id]), _("Plan")),
        )
    return Way(reverse("desk:thread", args=[one.id]), one.name.text, ", ".join(said), more)


def _country(code: str, title: str) -> Way:
    return Way(reverse("desk:country", args=[code]), title)


def _acts(atlas: Atlas, asked: str) -> Ways:
    """ "Kazakhstan: stop" leads to the page that stops it."""
    command = stop_asked(atlas, asked)
    if command is None:
        return Ways("acts", "", ())
    code, why = command
    title = _("Stop: %(what)s") % {"what": title_of(atlas.countries[code])}
    return Ways("acts", _("Do"), (Way(reverse("desk:stop", args=[code]), title, reason=why),))
