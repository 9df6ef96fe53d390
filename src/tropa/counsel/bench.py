"""Measures finding on one file of passages and questions, so that it can be compared with published sets.

One JSON object a line: `id` and `text` (and `title`, if there is one) make a passage, `question` and `answer_id` a
question whose right passage is known. Refused: a file with a line that is neither, an id twice, a question without
its passage; every fault is named by its line. Records may stand in any order and hold more than is read; a line may
hold a passage with a question it answers; a passage that is repeated word for word is one passage, an id may be a
number, and a mark of the byte order is no fault. The `text` of a question that has an id of its own is no passage.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from tropa.counsel.errors import BadBench
from tropa.counsel.finding import Index, Passage

_BYTE_ORDER: Final = "\ufeff"
_LOOKED_AT: Final = 20
"""A right passage further down than this counts nothing to the mean reciprocal rank."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the id of the passage that answers it."""

    question: str
    answer_id: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares are of all questions; `missed` are those whose right passage did not come first."""

    passages: int
    questions: int
    first: float
    first_five: float
    reciprocal_rank: float
    milliseconds: float
    missed: tuple[Query, ...]


def read_bench(lines: Iterable[str]) -> tuple[tuple[Passage, ...], tuple[Query, ...]]:
    """The passages and questions of a file. Raises BadBench with every fault."""
    passages: dict[str, Passage] = {}
    queries: list[tuple[int, Query]] = []
    faults: list[str] = []
    for number, line in enumerate(lines, start=1):
        written = line.removeprefix(_BYTE_ORDER).strip()
        if not written:
            continue
        try:
            record = json.loads(written)
        except ValueError as error:
            faults.append(f"line {number}: no JSON: {error}")
            continue
        passage, query = _passage(record), _query(record)
        if passage is not None and passages.get(passage.id, passage) != passage:
            faults.append(f"line {number}: the passage {passage.id!r} stands twice")
        elif passage is not None:
            passages[passage.id] = passage
        if query is not None:
            queries.append((number, query))
        elif passage is None:
            faults.append(f"line {number}: neither `id` and `text` nor `question` and `answer_id`")
    faults += [
        f"line {number}: no passage {query.answer_id!r}"
        for number, query in queries
        if query.answer_id not in passages
    ]
    if not faults and not queries:
        faults.append("no question")
    if faults:
        raise BadBench(tuple(faults))
    return tuple(passages.values()), tuple(query for _, query in queries)


def measure(passages: Iterable[Passage], queries: Iterable[Query], *, clock: Callable[[], float]) -> Measured:
    """Ask every question; `clock` gives seconds and is read before the first and after the last."""
    index, asked = Index(passages), tuple(queries)
    began = clock()
    ranks = [_rank(index, query) for query in asked]
    seconds = clock() - began
    return Measured(
        passages=len(index.passages),
        questions=len(asked),
        first=sum(rank == 1 for rank in ranks) / len(asked),
        first_five=sum(rank is not None and rank <= 5 for rank in ranks) / len(asked),
        reciprocal_rank=sum(1 / rank for rank in ranks if rank) / len(asked),
        milliseconds=seconds / len(asked) * 1000,
        missed=tuple(query for query, rank in zip(asked, ranks, strict=True) if rank != 1),
    )


def _rank(index: Index, query: Query) -> int | None:
    found = [one.id for one in index.find(query.question, most=_LOOKED_AT)]
    return found.index(query.answer_id) + 1 if query.answer_id in found else None


def _passage(record: Any) -> Passage | None:
    if not isinstance(record, dict):
        return None
    identity, text, title = record.get("id"), record.get("text"), record.get("title") or ""
    if record.get("question") and str(record.get("answer_id")) != str(identity):
        return None
    if not _is_id(identity) or not isinstance(text, str) or not isinstance(title, str):
        return None
    return Passage(str(identity), text, title)


def _query(record: Any) -> Query | None:
    if not isinstance(record, dict):
        return None
    question, answer = record.get("question"), record.get("answer_id")
    if not isinstance(question, str) or not question.strip() or not _is_id(answer):
        return None
    return Query(question, str(answer))


def _is_id(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)
