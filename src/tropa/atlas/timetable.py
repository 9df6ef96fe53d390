"""When something leaves that leaves on fixed days of the week: `tue 10:00`, in the time of the place it leaves from.

Kept true: a departure has one notation, so equal timetables are equal texts. Refused: hours that do not exist, and days
of the week by number, of which nobody knows whether they begin on Sunday.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The words of a departure, in the order of `date.weekday()`."""

_DEPARTURE: Final = re.compile(rf"({'|'.join(WEEKDAYS)}) ([01][0-9]|2[0-3]):([0-5][0-9])")
PATTERN: Final = f"^{_DEPARTURE.pattern}$"


@dataclass(frozen=True, slots=True, order=True)
class Departure:
    """A day of the week (0 is Monday) and a time of that day, in minutes after midnight."""

    weekday: int
    minute: int

    @classmethod
    def parse(cls, text: str) -> Departure:
        """`fri 07:30`. ValueError for anything else."""
        match = _DEPARTURE.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no departure of the form “tue 10:00”")
        word, hour, minute = match.groups()
        return cls(WEEKDAYS.index(word), int(hour) * 60 + int(minute))

    @property
    def clock(self) -> str:
        """The time of day, `07:30`."""
        return f"{self.minute // 60:02d}:{self.minute % 60:02d}"
