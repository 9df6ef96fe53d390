"""What a fact says, as a digest: so that a text knows when a fact it rests on says something else.

Kept true: a new review, a new day or another source alone change nothing; value, effect, dates of validity and note do.
Format 1: the first 16 hex digits of SHA-256 over a canonical JSON.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from tropa.atlas import Atlas
from tropa.atlas.digest import plain
from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact
from tropa.counsel.library.answer import Answer, Library

_SAYS = ("kind", "value", "effect", "valid_from", "valid_until", "note")


def said_by(fact: Fact[Value]) -> str:
    """The digest of what this fact says."""
    content = {name: plain(getattr(fact, name)) for name in _SAYS}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"tropa answer's fact 1\n" + canonical.encode()).hexdigest()[:16]


def restated(answers: Library, atlas: Atlas, only: frozenset[str] | None = None) -> str:
    """The text of `said.yaml` with the digests of today's facts for the answers named (None: all), the rest as they
    are. Facts the atlas does not hold keep no digest: `tropa answers check` names them.
    """
    lines = [
        "# What each cited fact said when somebody last read the text beside it. Kept by `tropa answers restate`."
    ]
    for answer in sorted(answers.answers.values(), key=lambda one: one.id):
        lines.append(f"{answer.id}:")
        lines.extend(_lines(answer, atlas, anew=only is None or answer.id in only))
    return "\n".join(lines) + "\n"


def _lines(answer: Answer, atlas: Atlas, *, anew: bool) -> Iterator[str]:
    for fact_id in answer.facts:
        fact = atlas.facts.get(fact_id)
        digest = said_by(fact) if anew and fact is not None else answer.says.get(fact_id, "unread")
        yield f"  {fact_id}: {digest}"


def figures_of(fact: Fact[Value]) -> Any:
    """All of a fact that may lend a figure to a text, as plain values."""
    names = (*_SAYS, "as_of")
    return {name: plain(getattr(fact, name)) for name in names}
