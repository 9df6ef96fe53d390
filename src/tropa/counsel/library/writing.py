"""An answer as a record of plain values, as its file would hold it, and back; and a digest of all it says.

Kept true: a record is read by the reader of files and refused for the same faults; what is written and read again is
the same answer. Format 1 of the digest: the first 16 hex digits of SHA-256 over a canonical JSON.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tropa.atlas.basics import Text
from tropa.atlas.errors import Problem
from tropa.atlas.nodes import Items, Keys, Node, Scalar
from tropa.counsel.library.answer import Answer, Event, Topic
from tropa.counsel.library.errors import LibraryError
from tropa.counsel.library.loading import answer_of

FILE = "-"
"""Stands for the name of the file in faults of a record that comes from none."""


def record_of(answer: Answer) -> dict[str, Any]:
    """The keys an answer has in its file; its topic and what its facts said stand elsewhere."""
    return {
        "id": answer.id,
        "kind": answer.length.value,
        "title": _both(answer.title),
        "asked": {"ru": list(answer.asked.ru), "en": list(answer.asked.en)},
        "text": _both(answer.text),
        "facts": list(answer.facts),
        "owner": answer.owner,
        "as_of": answer.as_of.isoformat(),
        "review_by": answer.review_by.isoformat(),
        "lawyer": answer.lawyer.value,
        "history": [_event(event) for event in answer.history],
    }


def answer_from(record: Mapping[str, Any], *, topic: Topic, said: Mapping[str, str]) -> Answer:
    """The answer a record stands for. Raises LibraryError with every fault."""
    answer, faults = answer_of(node_of(record), topic, {str(record.get("id", "")): said})
    if answer is None:
        raise LibraryError(tuple(Problem(FILE, 0, fault.what, fault.expected) for fault in faults))
    return answer


def wording(answer: Answer) -> str:
    """The digest of everything an answer says, what its facts said included."""
    content = {"topic": answer.topic.value, "said": dict(answer.says), **record_of(answer)}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"tropa answer 1\n" + canonical.encode()).hexdigest()[:16]


def node_of(value: Any) -> Node:
    """Plain values as a file's reader sees them. Raises TypeError for what no file holds."""
    match value:
        case str():
            return Scalar(value, 0)
        case list() | tuple():
            return Items(0, [node_of(member) for member in value])
        case Mapping():
            items = {str(key): node_of(member) for key, member in value.items()}
            return Keys(0, items, dict.fromkeys(items, 0))
        case _:
            raise TypeError(type(value))


def _both(text: Text) -> dict[str, str]:
    return {"ru": text.ru, "en": text.en}


def _event(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {"on": event.on.isoformat(), "what": event.what.value}
    return told | {"why": _both(event.why)} if event.why else told
