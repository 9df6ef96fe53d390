"""A cheap check of numbers: every figure in a text stands in one of the facts it rests on.

It finds slips and facts that changed, not wrong sentences: that is what reading by a lawyer is for. Days and months
written as 20.01.2026 or 2026-01-20 count as their numbers; 30 000 and 30,000 are one number; the numbers of a list
are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from tropa.atlas import Atlas
from tropa.counsel.library.answer import Answer
from tropa.counsel.library.saying import figures_of

_LIST: Final = re.compile(r"^\s*\d{1,2}\.\s", re.MULTILINE)
_GROUPED: Final = re.compile(r"(?<!\d)(\d{1,3})((?:[  ,]\d{3})+)(?!\d)")
_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")


def unsupported(answer: Answer, atlas: Atlas) -> tuple[str, ...]:
    """Figures of the texts that no cited fact holds, in order, each once."""
    known = {
        figure
        for fact_id in answer.facts
        if fact_id in atlas.facts
        for figure in _of_value(figures_of(atlas.facts[fact_id]))
    }
    wanted = [*figures(answer.text.ru), *figures(answer.text.en)]
    return tuple(dict.fromkeys(figure for figure in wanted if figure not in known))


def figures(text: str) -> Iterator[str]:
    """The figures of a text, without leading zeros."""
    bare = _DAY.sub(r"\1 \2 \3", _LIST.sub("", text))
    joined = _GROUPED.sub(lambda found: re.sub(r"\D", "", found[0]), bare)
    for found in _FIGURE.finditer(joined):
        yield _plain(found[0])


def _of_value(value: Any) -> Iterator[str]:
    match value:
        case bool() | None:
            return
        case int() | float():
            yield _plain(f"{abs(value):g}" if abs(value) < 100_000 else str(int(abs(value))))
        case str():
            yield from figures(value)
        case dict():
            for member in value.values():
                yield from _of_value(member)
        case list():
            for member in value:
                yield from _of_value(member)
        case _:
            raise TypeError(type(value))


def _plain(figure: str) -> str:
    whole, _point, rest = figure.partition(".")
    kept = rest.rstrip("0")
    return f"{int(whole)}.{kept}" if kept else str(int(whole))
