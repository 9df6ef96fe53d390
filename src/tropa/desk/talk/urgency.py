"""The order in which people are answered: danger first."""

from __future__ import annotations

from typing import assert_never

from tropa.desk.cases.models import Urgency


def rank_of(urgency: Urgency) -> int:
    """Place in the inbox's order; 0 is most urgent. What nobody has sorted yet stands before
    what can wait a week.
    """
    match urgency:
        case Urgency.NOW:
            return 0
        case Urgency.DAY:
            return 1
        case Urgency.UNSORTED:
            return 2
        case Urgency.WEEK:
            return 3
        case Urgency.INFO:
            return 4
        case _:
            assert_never(urgency)
