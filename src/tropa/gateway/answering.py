"""Reads what came for danger and for answers that surely fit, in memory, before it is sealed.

Danger is read from the first moment. Answers are looked for only once a life of the gateway has lasted a while and the
library was read: taking in and sending never wait for it, nor does a process that keeps falling. Until then, and when
the library does not load, a person answers as ever.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from django.db import DatabaseError

from tropa.atlas.errors import AtlasError
from tropa.counsel.errors import CounselError
from tropa.desk.cases.models import Urgency
from tropa.desk.library.at_arrival import AtArrival, read_text, warm_arrivals
from tropa.desk.library.in_force import judged
from tropa.desk.talk.recognised import heard_in

MOST: Final = 2
READY_AFTER: Final = 5.0
"""Seconds a gateway has lived before it reads the library (1 s of processor time, once)."""


class Answering:
    """What one gateway reads in texts."""

    def __init__(self) -> None:
        self._ready = False

    def make_ready(self) -> None:
        """Read the library and the facts in force once."""
        with suppress(AtlasError, CounselError, DatabaseError, OSError):
            warm_arrivals()
            judged()
            self._ready = True

    def read(self, text: str) -> AtArrival:
        """What follows from a text. Never fails."""
        if self._ready:
            return read_text(text, said=Urgency.UNSORTED, most=MOST)
        heard = heard_in(text, Urgency.UNSORTED)
        return AtArrival(heard.urgency, dangers=heard.remarks)
