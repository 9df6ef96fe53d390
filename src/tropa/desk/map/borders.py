"""Which countries the drawing holds, and where their names may stand.

The borders themselves are one static file (`desk/map.svg`), fetched once and kept by the browser; a page
names a country by its ISO 3166-1 alpha-2 code and says only how it is coloured. Source and licence:
`SOURCE.md` beside this module.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from tropa.desk.map.projection import Point

_LABELS = Path(__file__).parent / "labels.json"


@cache
def name_points() -> dict[str, Point]:
    """Alpha-2 code to the middle of the country's largest piece, for every country in the drawing."""
    return {code: Point(x, y) for code, (x, y) in json.loads(_LABELS.read_text(encoding="utf-8")).items()}
