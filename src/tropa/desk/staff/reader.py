"""The unlocked person behind a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tropa.desk.staff.models import Member
from tropa.envelope import Seed


@dataclass(frozen=True, slots=True)
class Reader:
    """A member with their seed, for the length of one request. `now` is aware, UTC."""

    member: Member
    seed: Seed
    now: datetime
