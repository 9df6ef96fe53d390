"""What of the atlas does not go away by itself, as lines for Today of those who change facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tropa.atlas.freshness import never_reviewed
from tropa.atlas.overlay import Nag, NagKind, nags
from tropa.desk import clock
from tropa.desk.atlas.change_views import waiting_of
from tropa.desk.atlas.in_force import InForce, in_force
from tropa.desk.atlas.services import may_change_facts
from tropa.desk.pages.fact_words import title_of
from tropa.desk.staff.reader import Reader


@dataclass(frozen=True, slots=True)
class Reminder:
    """One line: what, where it is looked at, and why."""

    title: str
    address: str
    tag: str
    why: str


def reminders(reader: Reader) -> list[Reminder]:
    """Proposals of others first, then stops past their day, doubts, conflicts, and facts nobody ever reviewed."""
    if not may_change_facts(reader):
        return []
    state, day = in_force(), clock.facts_day(reader.now)
    told = nags(state.overlaid, day)
    return [
        *_proposals(state, reader),
        *_stops(state, told),
        *_doubts(state),
        *_unsettled(state),
        *_never(state),
    ]


def _proposals(state: InForce, reader: Reader) -> Iterator[Reminder]:
    names = {row.id: row.by for row in state.rows}
    count = sum(1 for one in waiting_of(state) if names[one.id] != reader.member.pk)
    if count:
        title = ngettext("%(count)d proposal waits for you", "%(count)d proposals wait for you", count)
        why = _("Somebody else has to approve what opens a way or weighs a danger.")
        yield Reminder(title % {"count": count}, reverse("desk:changes"), _("to decide"), why)


def _stops(state: InForce, told: tuple[Nag, ...]) -> Iterator[Reminder]:
    for nag in told:
        if nag.kind is NagKind.STOP_OVERDUE:
            stop = state.atlas.fact(nag.fact_id)
            why = _("It stands all the same; say whether it still has to.")
            yield Reminder(title_of(stop), reverse("desk:fact", args=[stop.id]), _("stop, look again"), why)


def _doubts(state: InForce) -> Iterator[Reminder]:
    count = len(state.atlas.doubts.doubted) + len(state.atlas.doubts.refuted)
    if count:
        title = ngettext("%(count)d danger is contradicted", "%(count)d dangers are contradicted", count)
        why = _(
            "Something happened that they did not foresee; until somebody looks they count at their worst."
        )
        yield Reminder(title % {"count": count}, reverse("desk:atlas"), _("doubted"), why)


def _unsettled(state: InForce) -> Iterator[Reminder]:
    count = len(state.overlaid.conflicts)
    if count:
        title = ngettext("%(count)d conflict of sources", "%(count)d conflicts of sources", count)
        yield Reminder(
            title % {"count": count},
            reverse("desk:conflicts"),
            _("to settle"),
            _("Side by side, one sentence."),
        )


def _never(state: InForce) -> Iterator[Reminder]:
    if state.atlas.reviewed_as_of is not None:
        return
    count = sum(1 for _fact in never_reviewed(state.atlas))
    if count:
        title = ngettext("%(count)d fact was never reviewed", "%(count)d facts were never reviewed", count)
        why = _("They open nothing. Go by source: one text, one look, one sentence.")
        yield Reminder(title % {"count": count}, reverse("desk:atlas"), _("closed"), why)
