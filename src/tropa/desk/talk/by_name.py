"""Threads by what staff call the person: a plant, a number, or both, in either language and in any form of the word.

Only threads the reader may open are found, and nothing of them is opened: the name, lane and urgency are what the inbox
lists of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tropa.counsel.inflected import forms_of
from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.inbox_rows import ON_DUTY
from tropa.desk.talk.plants import PLANTS
from tropa.desk.talk.pseudonyms import LARGEST, STRIDE, Pseudonym, name_from
from tropa.desk.talk.search_words import folded
from tropa.desk.vault.case_grants import HELD

MOST_NAMED = 8
SHORTEST_PLANT = 2
_ASKED = re.compile(r"(?P<plant>[^\W\d_]+(?:-[^\W\d_]+)*)?[\s\-–—#№]*(?P<number>\d{1,5})?")

Span = tuple[int, int]
"""The first and the last of stored names that lie together."""


@dataclass(frozen=True, slots=True)
class NamedThread:
    """A thread as its line says it. `case_id` is None for one nobody has taken."""

    id: str
    name: Pseudonym
    case_id: str | None
    lane: Lane
    urgency: Urgency
    lead: str
    exact: bool


def threads_named(*, reader: Reader, asked: str, most: int = MOST_NAMED) -> list[NamedThread]:
    """Those whose name fits, one that was named whole first, then who waits; at most one query."""
    exact, near = spans_of(asked)
    if not exact and not near:
        return []
    within = " OR ".join(["t.name BETWEEN %s AND %s"] * len([*exact, *near]))
    whole = " OR ".join(["t.name BETWEEN %s AND %s"] * len(exact)) or "1 = 0"
    sql = f"""
        SELECT t.id, t.name, t.case_id, t.lane, t.urgency, COALESCE(l.pseudonym, ''),
            CASE WHEN {whole} THEN 1 ELSE 0 END AS whole
        FROM talk_thread t LEFT JOIN cases_case c ON c.id = t.case_id LEFT JOIN staff_member l ON l.id = c.lead_id
        WHERE ({within}) AND (COALESCE(t.duty_epoch_id, '') IN ({ON_DUTY}) OR COALESCE(t.case_id, '') IN ({HELD}))
        ORDER BY whole DESC, t.waiting DESC, t.urgency_rank, t.name LIMIT %s
    """  # noqa: S608  # put together from literals of our own
    today = connection.ops.adapt_datefield_value(reader.now.date())
    edges: list[Any] = [edge for span in [*exact, *exact, *near] for edge in span]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*edges, reader.member.id, reader.member.id, today, most])
        return [
            NamedThread(
                row[0], name_from(row[1]), row[2], Lane(row[3]), Urgency(row[4]), row[5], bool(row[6])
            )
            for row in cursor.fetchall()
        ]


def spans_of(asked: str) -> tuple[list[Span], list[Span]]:
    """Stored names that fit what was typed: those it names whole, and those it is the beginning of."""
    found = _ASKED.fullmatch(folded(asked).strip())
    if found is None or (found["plant"] is None and found["number"] is None):
        return [], []
    places = range(len(PLANTS)) if found["plant"] is None else _places(found["plant"])
    if found["number"] is None:
        return [], [(place * STRIDE, place * STRIDE + LARGEST) for place in places]
    number = int(found["number"])
    exact = [(place * STRIDE + number, place * STRIDE + number) for place in places]
    if found["plant"] is None or not number:
        return exact, []
    return exact, [
        (place * STRIDE + low, place * STRIDE + high) for place in places for low, high in _longer(number)
    ]


def _places(typed: str) -> list[int]:
    """The plants a word stands for, or begins, in either language."""
    if len(typed) < SHORTEST_PLANT:
        return []
    forms = set(forms_of(typed))
    return [
        place
        for place, (russian, english, _gender) in enumerate(PLANTS)
        if any(name.startswith(typed) or name in forms for name in (folded(russian), folded(english)))
    ]


def _longer(number: int) -> list[Span]:
    """Greater numbers that begin with these digits."""
    spans, width = [], 10
    while number * width <= LARGEST:
        spans.append((number * width, min(number * width + width - 1, LARGEST)))
        width *= 10
    return spans
