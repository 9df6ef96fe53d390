"""What the server under the drop and the drop tell each other about a request.

The server tells whether all of the body is there; nothing said means whole. The drop asks for an answer to be
held back, so that its time does not tell what the work was; a server that does not know how sends it at once.
"""

from enum import StrEnum

BODY_CAME = "tropa.body"

HOLD = "Even"
"""A header the server takes out again: the answer leaves when a multiple of so many milliseconds has passed since
the request was there.
"""


class Came(StrEnum):
    """How a body came in: whole; broken off by its sender or the line; or cut off by us, because it was too large or
    there was no room.
    """

    WHOLE = "whole"
    BROKEN = "broken"
    CUT = "cut"
