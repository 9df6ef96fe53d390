"""What counts say beside the interval in force, as pages show it: one line for all harm, one for each kind of event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tropa.atlas import Fact, Hazard, ProfileClass
from tropa.atlas.overlay import Act
from tropa.atlas.reckoning import Estimate, estimates_of
from tropa.desk.atlas.figures import chance_words, on_bar, percent
from tropa.desk.atlas.history_page import changes_about
from tropa.desk.atlas.in_force import InForce
from tropa.desk.pages.fact_words import in_page_language
from tropa.desk.pages.term_words import term_words
from tropa.desk.plans.wording import NBSP

SETTING = frozenset({Act.SET, Act.ADDED})


@dataclass(frozen=True, slots=True)
class CountLine:
    """An estimate in words, and its bar of 0 to 100. `outside`: the interval in force ends below its mean."""

    profile: str
    event: str
    counted: str
    text: str
    middle: str
    start: float
    wide: float
    tick: float
    outside: bool


def counts_of(state: InForce, fact: Fact[Any], profile: ProfileClass | None = None) -> tuple[CountLine, ...]:
    """The lines of a hazard, for one class or all; none where nobody counted how many were at risk, or for another
    kind of fact.
    """
    found = estimates_of(state.atlas, fact) if isinstance(fact.value, Hazard) else ()
    return tuple(_line(one, fact) for one in found if profile is None or one.profile is profile)


def _line(one: Estimate, fact: Fact[Hazard]) -> CountLine:
    start, end = on_bar(one.chance.low), on_bar(one.chance.high)
    return CountLine(
        profile=term_words(one.profile),
        event=term_words(one.event) if one.event else _("any harm"),
        counted=_("%(counted)d in %(units)s: %(what)s")
        % {"counted": one.counted, "units": f"{one.units:g}", "what": in_page_language(one.what)},
        text=chance_words(one.chance),
        middle=f"{percent(one.chance.point)}{NBSP}%",
        start=start,
        wide=round(max(end - start, 1.0), 1),
        tick=min(on_bar(one.chance.point), 98.0),
        outside=one.event is None and fact.value.chance.high < one.chance.point,
    )


def reason_of(state: InForce, fact: Fact[Hazard]) -> str:
    """Why the interval in force is what it is: the sentence of who set it last, else the note of the pack."""
    set_by = [one for one in changes_about(state, fact.id, SETTING) if one.counts]
    if set_by:
        return f"{set_by[0].who}: {set_by[0].why}"
    return in_page_language(fact.note) if fact.note else ""
