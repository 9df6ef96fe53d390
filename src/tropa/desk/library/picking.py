"""The facts a text may rest on, looked for by words and ticked in the form: what each says, and how old that is.

Kept true: what was ticked stays ticked and is listed whole, however often somebody looks for more; what the atlas no
longer holds is not offered, and the form names it when it is posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tropa.atlas.search import search
from tropa.desk import clock
from tropa.desk.atlas.country_page import FactLine, fact_line
from tropa.desk.atlas.in_force import in_force

MOST_FOUND = 12
LONGEST_SOUGHT = 200


@dataclass(frozen=True, slots=True)
class Picking:
    """The facts chosen, and those found for the words sought; `count` is how many there are of these in all."""

    chosen: tuple[FactLine, ...]
    sought: str
    found: tuple[FactLine, ...]
    count: int


def picking(chosen: Sequence[str], sought: str) -> Picking:
    """What the form lists. `chosen`: ids; those of no fact are passed over."""
    atlas, day = in_force().atlas, clock.facts_day()
    sought = sought.strip()[:LONGEST_SOUGHT]
    ticked = [atlas.facts[one] for one in dict.fromkeys(chosen) if one in atlas.facts]
    found = [fact for fact in search(atlas, sought) if fact not in ticked]
    return Picking(
        chosen=tuple(fact_line(atlas, fact, day) for fact in ticked),
        sought=sought,
        found=tuple(fact_line(atlas, fact, day) for fact in found[:MOST_FOUND]),
        count=len(found),
    )
