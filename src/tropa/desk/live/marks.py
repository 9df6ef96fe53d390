"""What may be watched, and a mark of its state: equal marks, nothing changed that a page would show.

The process of streams and the desk ask the same questions, so that they never disagree. A thread's id is checked before
it stands in a question.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

LISTS = ("inbox", "today")
THREAD = re.compile(r"thread:([0-9a-f]{32})")

Ask = Callable[[str], Sequence[Any]]
"""Carries out one query and gives its rows."""

WAITING = (
    "SELECT COUNT(*), COALESCE(SUM(last_sequence), 0), COALESCE(SUM(urgency_rank), 0), COUNT(case_id) "
    "FROM talk_thread WHERE waiting"
)
ASIDE = "SELECT COUNT(*) FROM talk_snooze WHERE until > CURRENT_TIMESTAMP GROUP BY until ORDER BY until"
"""How many are put aside until each hour to come: who is put aside leaves the lists, and comes back with its hour."""
CLAIMS = "SELECT thread_id, member_id FROM staff_claim ORDER BY thread_id"
RELEASES = "SELECT state, COUNT(*) FROM plans_release GROUP BY state ORDER BY state"
NOT_DELIVERED = "SELECT COUNT(*) FROM messengers_outgoing WHERE state IN ('failed', 'unknown', 'expired')"
OF_THREAD = (
    "SELECT last_sequence, case_id, duty_epoch_id, waiting, urgency FROM talk_thread WHERE id = '{id}'",
    "SELECT member_id FROM staff_claim WHERE thread_id = '{id}'",
)


def is_topic(topic: str) -> bool:
    """Whether there is such a thing to watch."""
    return topic in LISTS or THREAD.fullmatch(topic) is not None


def marks_of(topic: str, ask: Ask) -> dict[str, str]:
    """The state of a topic, a mark of 16 hex digits for each event a page can be told of: `changed`, and in the inbox
    `busy` for who looks at what. ValueError for what is no topic.
    """
    if found := THREAD.fullmatch(topic):
        return {"changed": _mark(ask, *(question.format(id=found[1]) for question in OF_THREAD))}
    match topic:
        case "inbox":
            return {"changed": _mark(ask, WAITING, ASIDE), "busy": _mark(ask, CLAIMS)}
        case "today":
            return {"changed": _mark(ask, WAITING, ASIDE, RELEASES, NOT_DELIVERED)}
    raise ValueError("there is no such thing to watch")


def _mark(ask: Ask, *questions: str) -> str:
    rows = [[tuple(row) for row in ask(question)] for question in questions]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
