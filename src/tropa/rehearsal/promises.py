"""What was promised and held: one line each; the first that does not hold ends the rehearsal.

A page that is not what the path expects is a broken promise too: nothing is skipped, and nothing that was not
looked at is said to hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


class Broken(Exception):
    """A promise did not hold; the sentence says which, and what was found instead."""

    def __init__(self, promise: str, found: str = "") -> None:
        super().__init__(promise)
        self.promise = promise
        self.found = found


@dataclass(slots=True)
class Promises:
    """Counts and reports promises as they are checked."""

    say: Callable[[str], None]
    kept: list[str] = field(default_factory=list)

    def check(self, holds: bool, promise: str, found: str = "") -> None:
        """Report a promise that holds; raise Broken for one that does not."""
        if not holds:
            raise Broken(promise, found)
        self.kept.append(promise)
        self.say(promise)
