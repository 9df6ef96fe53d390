"""What the atlas's services refuse.

AtlasDeskError
├── NotAResearcher     this person is certified for other work than changing facts
├── OwnProposal        whoever proposed a change asked to decide about it
├── AlreadyDecided     somebody else decided meanwhile, or the change never needed a second person
├── NothingChanges     the change would leave everything as it is
├── WrongChange        the change does not fit the atlas in force; carries every reason (`reasons`)
└── StalePage          the fact changed since the page was shown; nothing was stored
"""

from __future__ import annotations


class AtlasDeskError(Exception):
    """Root of what these services refuse."""


class NotAResearcher(AtlasDeskError):
    """Neither researcher nor coordinator."""


class OwnProposal(AtlasDeskError):
    """Who proposes never approves."""


class AlreadyDecided(AtlasDeskError):
    """There is nothing to decide any more."""


class NothingChanges(AtlasDeskError):
    """The same as before."""


class StalePage(AtlasDeskError):
    """Somebody changed the fact in between."""


class WrongChange(AtlasDeskError):
    """The change cannot be applied; `reasons` say why, in the words of the atlas's validator."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons
