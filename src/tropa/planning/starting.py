"""Where a party starts: its papers as bits, the stay it is in, the wishes that are fulfilled before the first step.

Kept true: abroad, a stay whose day of entry is not known is lawful for today only; one that has run out already forbids
all waiting, but not leaving or asking for protection today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from tropa.atlas import StayKind
from tropa.planning.borders import Borders, passed_days
from tropa.planning.graph import ALWAYS_FIRST, ALWAYS_LAST, SafetyGraph, State
from tropa.planning.person import Companion, PersonFacts, Wish, WishKind
from tropa.planning.plan import Reason
from tropa.planning.stays import NO_LIMIT, Stay, StayLimit, last_lawful_day

HeldDates = tuple[tuple[int, int, int], ...]
HOME_STAY = StayLimit(StayKind.NOT_LIMITED, 0, 0, "")


def held_dates(members: Sequence[Companion], papers: Mapping[str, int], on: date) -> tuple[HeldDates, ...]:
    """For each member the papers in hand with the first and last day they are good for."""
    return tuple(
        tuple(
            (
                1 << papers[held.paper],
                passed_days(on, held.valid_from) if held.valid_from else ALWAYS_FIRST,
                passed_days(on, held.valid_until) if held.valid_until else ALWAYS_LAST,
            )
            for held in member.papers
        )
        for member in members
    )


def start_state(graph: SafetyGraph, borders: Borders, pins: Sequence[Wish]) -> SafetyGraph:
    """The graph with its start."""
    person, on = graph.person, graph.on
    number = graph.compiled.place_numbers[person.place]
    spot = graph.spots[number]
    bits = _bits(graph, pins)
    past = tuple(
        Stay(_zone(graph, stay.country), passed_days(on, stay.first), passed_days(on, stay.last))
        for stay in person.past_stays
    )
    if spot.home:
        start = State(number, 0, bits, 0, NO_LIMIT, (HOME_STAY,), past)
        return replace(graph, start=start)
    limits = limits_there(person, borders, spot.country)
    if person.entered is None:
        return replace(
            graph,
            start=State(number, 0, bits, 0, 0, limits, past),
            fragile_start=(Reason("entry_day_unknown", (("country", spot.country),)),),
        )
    entry = passed_days(on, person.entered)
    before = tuple((stay.first, stay.last) for stay in past if stay.zone == spot.zone)
    last = last_lawful_day(limits, entry, before, on)
    fragile = (Reason("overstayed", (("country", spot.country),)),) if last < 0 else ()
    return replace(
        graph, start=State(number, 0, bits, entry, max(last, 0), limits, past), fragile_start=fragile
    )


def _bits(graph: SafetyGraph, pins: Sequence[Wish]) -> int:
    person = graph.person
    country = graph.atlas.places[person.place].value.country
    bits = 0
    for n, wish in enumerate(pins):
        at_start = wish.kind is WishKind.COUNTRY and wish.about == country
        in_hand = wish.kind is WishKind.PAPER and any(held.paper == wish.about for held in person.papers)
        if at_start or in_hand:
            bits |= 1 << n
    papers = {id_: n for n, id_ in enumerate(graph.paper_ids)}
    for member, facts in enumerate(person.members):
        for held in facts.papers:
            bits |= graph.held_bit(member, papers[held.paper])
        for given in graph.setting.given_papers:
            bits |= graph.obtained_bit(member, papers[given])
    return bits


def limits_there(person: PersonFacts, borders: Borders, country: str) -> tuple[StayLimit, ...]:
    """The rules that bind the party where it is; every rule any member's papers fall under, the tightest counts."""
    found: dict[StayLimit, None] = {}
    for member in person.members:
        held = frozenset(paper.paper for paper in member.papers)
        found.update(dict.fromkeys(borders.limits_for(country, held)))
    return tuple(found)


def _zone(graph: SafetyGraph, country: str) -> str:
    return graph.atlas.countries[country].value.zone
