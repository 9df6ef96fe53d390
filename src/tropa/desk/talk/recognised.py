"""Danger recognised in what somebody wrote, in the moment it arrives and before it is sealed: it raises the urgency,
and what was recognised is sealed with the text for whoever reads it. What the person said themselves is never lowered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from tropa.counsel.danger import recognise
from tropa.counsel.marked import Danger
from tropa.desk.cases.models import Urgency
from tropa.desk.talk.urgency import rank_of


@dataclass(frozen=True, slots=True)
class Heard:
    """The urgency of a text, and codes of the danger in it; none for a harmless one."""

    urgency: Urgency
    remarks: tuple[str, ...]

    @property
    def dangerous(self) -> bool:
        """Whether no machine may answer."""
        return bool(self.remarks)


def heard_in(text: str, said: Urgency) -> Heard:
    """What is heard in a text of somebody who said how urgent it is (or did not: `UNSORTED`)."""
    found = recognise(text)
    if not found.dangerous:
        return Heard(said, ())
    remarks = tuple(sorted(f"danger.{kind.value}" for kind in found.kinds)) or ("danger.alike",)
    least = min([Urgency.DAY, *(_least(kind) for kind in found.kinds)], key=rank_of)
    return Heard(more_urgent(said, least), remarks)


def more_urgent(one: Urgency, other: Urgency) -> Urgency:
    """The more urgent of the two."""
    return min(one, other, key=rank_of)


def _least(kind: Danger) -> Urgency:
    match kind:
        case Danger.DETAINED | Danger.SELF_HARM | Danger.TORTURE | Danger.TRAVELLING:
            return Urgency.NOW
        case Danger.SOLDIER | Danger.MINOR:
            return Urgency.DAY
        case _:
            assert_never(kind)
