"""Columns that hold one of a few words, read so that no other word in one row takes a page from everybody.

The database refuses other words too; this is for whoever gets round it. What cannot be read counts as not sorted.
"""

from __future__ import annotations

from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.talk.models import EntryKind

_URGENCIES = {one.value: one for one in Urgency}
_LANES = {one.value: one for one in Lane}
_KINDS = {one.value: one for one in EntryKind}


def urgency_of(stored: str) -> Urgency:
    """How urgent a row says something is."""
    return _URGENCIES.get(stored, Urgency.UNSORTED)


def lane_of(stored: str) -> Lane:
    """What kind of help a row says is wanted."""
    return _LANES.get(stored, Lane.UNSORTED)


def kind_of(stored: str) -> EntryKind:
    """What a row says an entry is; the sealed body says it too and is what counts once it is open."""
    return _KINDS.get(stored, EntryKind.APPLICANT)
