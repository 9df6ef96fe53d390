"""What does not go away by itself: somebody is asked to look until they have.

Kept true: nothing listed here has opened by waiting. A stop past its day is still a stop.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tropa.atlas.overlay.acts import Nag, NagKind, Overlaid
from tropa.atlas.world import Atlas


def nags(state: Overlaid, on: date) -> tuple[Nag, ...]:
    """Everything to be looked at on a day: stops first, then doubted hazards, lapsed reviews and open conflicts."""
    return (*_stops(state.atlas, on), *_others(state))


def _stops(atlas: Atlas, on: date) -> Iterator[Nag]:
    for stop in atlas.stops:
        if stop.review_by < on:
            yield Nag(NagKind.STOP_OVERDUE, stop.id, stop.review_by)
        if stop.value.scope not in atlas.facts:
            yield Nag(NagKind.STOP_OF_NOTHING, stop.id, stop.recorded)


def _others(state: Overlaid) -> Iterator[Nag]:
    doubts = state.atlas.doubts
    for hazard in sorted((*doubts.doubted, *doubts.refuted)):
        yield Nag(NagKind.CONTRADICTED, hazard, None)
    for change in state.lapsed:
        yield Nag(NagKind.REVIEW_LAPSED, change.fact_id, change.day)
    for conflict in state.conflicts:
        yield Nag(NagKind.UNSETTLED, conflict.fact_id, None)
