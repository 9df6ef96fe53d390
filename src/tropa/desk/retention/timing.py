"""The day retention goes by. It never runs below the day of the last signed act: a clock set back keeps nothing longer
than a clock that is right.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from tropa.desk.vault.last_act import last_hour


def day_of(now: datetime) -> date:
    """The day of this moment, or of the last signed act if that is later."""
    with suppress(OSError, ValueError):  # a file that cannot be read holds up nothing but what opens
        return max(now, last_hour()).date()
    return now.date()
