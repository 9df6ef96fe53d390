"""What the server under the drop tells it about a body: whether all of it is there.

Nothing said means whole: then the server hands on bodies as they come.
"""

from enum import StrEnum

BODY_CAME = "tropa.body"


class Came(StrEnum):
    """How a body came in: whole; broken off by its sender or the line; or cut off by us, because it was too large or
    there was no room.
    """

    WHOLE = "whole"
    BROKEN = "broken"
    CUT = "cut"
