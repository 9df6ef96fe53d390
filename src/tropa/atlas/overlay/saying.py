"""What our own changes come to, as lines of text for `tropa atlas`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from tropa.atlas.overlay.acts import Change, Conflict, NagKind, Overlaid, Said
from tropa.atlas.overlay.nagging import nags
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.report import Translate

NAGS: Final[dict[NagKind, Phrase]] = {
    NagKind.STOP_OVERDUE: _("stopped, and past its day of review: it stays closed"),
    NagKind.STOP_OF_NOTHING: _("stopped, but the pack no longer has it"),
    NagKind.CONTRADICTED: _(
        "an incident speaks against it: at its upper end or closed until two have looked"
    ),
    NagKind.REVIEW_LAPSED: _("the pack changed what we had reviewed"),
    NagKind.UNSETTLED: _("two sides say different things"),
}


def open_questions(state: Overlaid, on: date, translate: Translate) -> Iterator[str]:
    """Both sides of every conflict, then everything that nags, then the numbers."""
    for conflict in state.conflicts:
        yield from _conflict(conflict, translate)
    waiting = nags(state, on)
    for nag in waiting:
        yield f"{nag.fact_id}: {NAGS[nag.kind].say(translate)}"
    numbers = {"n": len(state.taken), "conflicts": len(state.conflicts), "nags": len(waiting)}
    yield _("our changes: {n}; in conflict: {conflicts}; to look at: {nags}", **numbers).say(translate)


def _conflict(conflict: Conflict, translate: Translate) -> Iterator[str]:
    yield f"{conflict.fact_id}  {conflict.kind}  [{conflict.id}]"
    yield "  " + _("ours: {told}", told=_told(conflict.ours)).say(translate)
    yield "  " + _("theirs: {told}", told=_told(conflict.theirs)).say(translate)


def _told(said: Said) -> str:
    record = json.dumps(dict(said.record), ensure_ascii=False) if said.record else "∅"
    sources = ", ".join(source.id for source in said.sources)
    return " ".join(part for part in (record, sources, said.as_of.text if said.as_of else "") if part)


def acted(changes: Iterable[Change]) -> Iterator[str]:
    """A line for each change: when, what, which fact, who, and why."""
    for one in changes:
        people = ", ".join(person for person in (one.by, one.second) if person)
        yield f"{one.on:%Y-%m-%d %H:%M}  {one.act}  {one.concerns}  {people}: {one.reason}"
