"""What changing answers refuses.

LibraryDeskError
├── NotCertified     this person is not certified to work with people today
├── OwnProposal      whoever proposed a text asked to decide about it
├── AlreadyDecided   somebody else decided meanwhile, or there is no such proposal
├── StaleAnswer      the answer says something else than when the page was shown; nothing was stored
├── NothingChanges   the proposal says what stands there already
└── WrongAnswer      the text cannot stand in the library; carries every reason (`reasons`)
"""

from __future__ import annotations


class LibraryDeskError(Exception):
    """Root of what these services refuse."""


class NotCertified(LibraryDeskError):
    """No certificate holds today."""


class OwnProposal(LibraryDeskError):
    """Who proposes never approves."""


class AlreadyDecided(LibraryDeskError):
    """There is nothing to decide any more."""


class StaleAnswer(LibraryDeskError):
    """Somebody changed the answer in between."""


class NothingChanges(LibraryDeskError):
    """The same as before."""


class WrongAnswer(LibraryDeskError):
    """The text may not stand in the library; `reasons` are sentences in the page's language."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons
