"""What an import says, as changes that change nothing until a person settles them.

Kept true: every proposal and every conflict becomes exactly one change; the same result gives the same changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tropa.atlas.importing.results import Import
from tropa.atlas.overlay.acts import Act, Change


def proposed(result: Import, *, file: str, on: datetime, source_id: str | None = None) -> Iterator[Change]:
    """A change of act PROPOSED for each proposal, then for each conflict. `source_id`: what the table is cited as."""
    prefix = f"{result.kind}-{on:%Y%m%d%H%M%S}"
    by = f"import {result.kind}"
    number = 0
    for number, one in enumerate(result.proposals, 1):
        lacks = f"; a person must find out: {', '.join(one.lacks)}" if one.lacks else ""
        yield Change(
            id=f"{prefix}-{number}",
            act=Act.PROPOSED,
            fact_id=one.id,
            kind=one.kind,
            record=one.record,
            reason=f"{file}{lacks}",
            source_id=source_id,
            by=by,
            on=on,
        )
    for further, two in enumerate(result.conflicts, number + 1):
        yield Change(
            id=f"{prefix}-{further}",
            act=Act.PROPOSED,
            fact_id=two.fact,
            record=two.record if two.record is not None else {two.key: two.theirs},
            reason=f"{file}: {two.key}",
            source_id=source_id,
            by=by,
            on=on,
        )
