"""What cases refuse.

CaseError
├── CardChanged     somebody saved the card since it was read; nothing is overwritten
└── CardDoesNotOpen the stored card is damaged or was moved
"""

from __future__ import annotations


class CaseError(Exception):
    """Root of what cases refuse."""


class CardChanged(CaseError):
    """The card's version is not the one that was read."""


class CardDoesNotOpen(CaseError):
    """The stored card cannot be opened. `version` is its number, by which another may be saved over it."""

    def __init__(self, version: int) -> None:
        super().__init__("the stored card does not open")
        self.version = version
