"""An organisation's own changes over the shared pack: reviews, values, emergency stops, conflicts and what nags.

`overlaid(base, changes)` gives what is in force; `tropa.atlas.overlay.folder` keeps changes as text files. Pure like
all of the atlas: who people are, when it is and who signed is handed in.
"""

from tropa.atlas.overlay.acts import (
    Act,
    Against,
    Change,
    Conflict,
    Fault,
    Nag,
    NagKind,
    Overlaid,
    Refused,
    Said,
    Side,
    stop_id,
)
from tropa.atlas.overlay.applying import PACK, overlaid
from tropa.atlas.overlay.easing import eases
from tropa.atlas.overlay.ledger import OUR_SOURCE
from tropa.atlas.overlay.making import needs_second, overlaid_with, review_of_source, seen
from tropa.atlas.overlay.nagging import nags
from tropa.atlas.overlay.wording import wording

__all__ = [
    "OUR_SOURCE",
    "PACK",
    "Act",
    "Against",
    "Change",
    "Conflict",
    "Fault",
    "Nag",
    "NagKind",
    "Overlaid",
    "Refused",
    "Said",
    "Side",
    "eases",
    "nags",
    "needs_second",
    "overlaid",
    "overlaid_with",
    "review_of_source",
    "seen",
    "stop_id",
    "wording",
]
