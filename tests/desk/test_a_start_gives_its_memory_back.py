"""What only a start needed is freed, rings of objects too, and what is used stays."""

from __future__ import annotations

import weakref

from tropa.desk.memory import give_back


class Ring:
    """Refers to itself, so that only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_nothing_refers_to_is_freed_and_the_rest_stays() -> None:
    lost, kept = Ring(), Ring()
    seen_lost, seen_kept = weakref.ref(lost), weakref.ref(kept)
    del lost
    give_back()
    assert seen_lost() is None
    assert seen_kept() is kept
