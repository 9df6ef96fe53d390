"""The wording of a fact: a short name for what it says, so that nobody's word carries over to another text.

Kept true: dates of review and who reviewed do not count; value, effect, validity, sources and note do.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any, Final

from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact
from tropa.atlas.writing import record_of

_NOT_SAID: Final = ("as_of", "review_by", "review", "recorded", "owner")


@lru_cache(maxsize=8192)
def wording(fact: Fact[Value]) -> str:
    """32 hex digits, equal for facts that say the same."""
    return wording_of_record(fact.kind.value, record_of(fact))


def wording_of_record(kind: str, record: dict[str, Any]) -> str:
    """The same from a record in the notation of a pack."""
    said = {key: value for key, value in record.items() if key not in _NOT_SAID}
    text = json.dumps([kind, said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"tropa atlas wording 1\n" + text.encode()).hexdigest()[:32]
