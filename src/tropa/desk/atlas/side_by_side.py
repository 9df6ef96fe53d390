"""Where somebody says otherwise: the two sides of each conflict, with who says so and on what."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tropa.atlas.overlay import Against, Conflict, Said
from tropa.desk.atlas.figures import partial_words
from tropa.desk.atlas.history_page import Line, lines_of_record
from tropa.desk.atlas.in_force import InForce
from tropa.desk.pages.fact_words import in_page_language, title_of
from tropa.desk.staff.models import Member


@dataclass(frozen=True, slots=True)
class SideShown:
    """One side: where it comes from, for when, and what it says."""

    cap: str
    lines: tuple[Line, ...]
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A conflict as the page shows it. `id` names it in a settlement."""

    id: str
    fact_id: str
    title: str
    ours: SideShown
    theirs: SideShown
    with_pack: bool


def disputes_of(state: InForce, among: AbstractSet[str] | None = None) -> list[Dispute]:
    """The open conflicts, of these facts where some are given."""
    chosen = [one for one in state.overlaid.conflicts if among is None or one.fact_id in among]
    names = (
        dict(Member.objects.filter(pk__in=_people(chosen)).values_list("pk", "pseudonym")) if chosen else {}
    )
    return [_dispute(state, one, names) for one in chosen]


def _people(conflicts: list[Conflict]) -> set[str]:
    return {side.by for one in conflicts for side in (one.ours, one.theirs) if side.by}


def _dispute(state: InForce, one: Conflict, names: dict[str, str]) -> Dispute:
    fact = state.atlas.facts.get(one.fact_id)
    return Dispute(
        id=one.id,
        fact_id=one.fact_id,
        title=title_of(fact) if fact else one.fact_id,
        ours=_side(_("in force with us"), one.ours, names),
        theirs=_side(
            _("the shared pack now") if one.against is Against.PACK else _("another source"),
            one.theirs,
            names,
        ),
        with_pack=one.against is Against.PACK,
    )


def _side(cap: str, said: Said, names: dict[str, str]) -> SideShown:
    who = names.get(said.by or "", "")
    return SideShown(
        cap=f"{cap}, {who}" if who else cap,
        lines=tuple(lines_of_record(said.record)),
        source="; ".join(in_page_language(source.title) for source in said.sources),
        as_of=partial_words(said.as_of) if said.as_of else "",
    )
