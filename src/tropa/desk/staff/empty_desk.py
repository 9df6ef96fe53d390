"""What a duress passphrase opens: a desk that works and in which nothing is.

It is no `Reader`: a page, a count or a service that asks for the reader finds none, so nothing that was given to the
person's own key can reach it, whatever is built later. Each page has to say itself what it shows here; all others are
not there. See ADR 0008.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tropa.desk.staff.models import Member
from tropa.envelope import Seed


@dataclass(frozen=True, slots=True)
class EmptyDesk:
    """Somebody with the seed of their empty desk, for the length of one request. `now` is aware, UTC."""

    member: Member
    seed: Seed = field(repr=False)
    now: datetime
