"""A stop typed as a sentence: «Казахстан: стоп, погром» names the country and the reason."""

from __future__ import annotations

import re

from tropa.atlas import Atlas

STOP = re.compile(r"^(?P<what>[^:,]+?)\s*[:,]?\s+(?:стоп|stop)\b[\s,.:]*(?P<why>.*)$", re.IGNORECASE)


def stop_asked(atlas: Atlas, asked: str) -> tuple[str, str] | None:
    """The country's code and the reason, "" for none; None when the words are no such command."""
    command = STOP.match(asked)
    code = _country(atlas, command["what"]) if command else ""
    if command is None or not code:
        return None
    return code, command["why"].strip()


def _country(atlas: Atlas, name: str) -> str:
    """The code of a country by its name in either language, or by its code; "" for none."""
    wanted = name.strip().casefold().replace("ё", "е")
    for code, fact in atlas.countries.items():
        names = {code, fact.value.name.en, fact.value.name.ru}
        if wanted in {one.casefold().replace("ё", "е") for one in names}:
            return code
    return ""
