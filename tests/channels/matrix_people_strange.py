"""Contents of messages that no app would write and that a server lets through."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from tests.channels.strange import strange_copy

LARGEST = 20_000
VALID = {
    "msgtype": "m.file",
    "body": "подпись",
    "filename": "имя",
    "info": {"size": 3, "mimetype": "image/png"},
    "file": {
        "url": "mxc://localhost/nowhere",
        "key": {"alg": "A256CTR", "k": "A" * 43},
        "iv": "A" * 22,
        "hashes": {"sha256": "A" * 43},
    },
}


def contents(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """As many as asked, none longer than fits into an event."""
    made = 0
    while made < count:
        content = strange_copy(chance, VALID, ("file", "info", "body", "msgtype", "m.new_content"))
        if len(json.dumps(content)) <= LARGEST:
            made += 1
            yield content
