"""Questions nothing fitted: those that wait and that the reader may open, opened in the request and kept nowhere."""

from __future__ import annotations

from typing import Final

from tropa.desk.staff.reader import Reader
from tropa.desk.talk.inbox import InboxFilters, InboxRow, inbox_page

NOTHING_FITS: Final = "nothing-fits"
"""The code sealed with a message no answer fitted."""

LOOKED_AT: Final = 200


def missing_now(reader: Reader) -> list[InboxRow]:
    """Who waits and got no answer, the most urgent first, of the first `LOOKED_AT` who wait."""
    rows = inbox_page(reader=reader, filters=InboxFilters(), size=LOOKED_AT)
    return [row for row in rows if NOTHING_FITS in row.remarks]
