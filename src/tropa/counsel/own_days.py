"""Days and numbers of a question that no answer holds: they are the asker's own and say nothing of what is asked.

Kept true: a day or a number some answer holds stays; nothing but days and numbers is left out. «Повестка на 3 декабря»
asks about a summons, «с 1 января 2026 года» about the law of that day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_MONTHS: Final = (
    r"январ\w{1,3} january jan", r"феврал\w{1,3} february feb", r"март(?:а|у|е|ом)? march mar",
    r"апрел\w{1,3} april apr", "ма(?:й|я|ю|е|ем) may", r"июн\w{1,3} june jun", r"июл\w{1,3} july jul",
    r"август(?:а|у|е|ом)? august aug", r"сентябр\w{1,3} september sept?", r"октябр\w{1,3} october oct",
    r"ноябр\w{1,3} november nov", r"декабр\w{1,3} december dec",
)  # fmt: skip
_MONTH: Final = "|".join(
    rf"(?P<m{number}>(?:{'|'.join(names.split())})\b)" for number, names in enumerate(_MONTHS, start=1)
)
_NUMBER: Final = r"(?<![\w.])(?P<{name}>\d{{1,2}})(?:-?(?:го|е|st|nd|rd|th))?"
_NAMED: Final = re.compile(
    rf"{_NUMBER.format(name='day')}\s+(?:of\s+)?(?:{_MONTH})"
    rf"|\b(?:{re.sub('<m', '<n', _MONTH)})\s+{_NUMBER.format(name='after')}\b",
    re.IGNORECASE,
)
_FIGURES: Final = re.compile(
    r"(?<![\w.])(?P<day>\d{1,2})[./](?P<month>0[1-9]|1[0-2])(?:[./]\d{2,4})?(?![\w./]\d|\w)"
)
_BARE: Final = re.compile(r"(?<![\w.,/])\d+(?![\w./]|,\d)")


class OwnDays:
    """The days and numbers of some texts, to tell those of a question from."""

    def __init__(self, texts: Iterable[str]) -> None:
        joined = "\n".join(texts)
        self._days: Final = frozenset(
            _day(hit) for hit in (*_NAMED.finditer(joined), *_FIGURES.finditer(joined))
        )
        self._numbers: Final = frozenset(re.findall(r"\d+", joined))

    def without(self, question: str) -> str:
        """The question without days and numbers that stand in none of the texts."""
        for days in (_NAMED, _FIGURES):
            question = days.sub(lambda hit: hit[0] if _day(hit) in self._days else " ", question)
        return _BARE.sub(lambda hit: hit[0] if hit[0] in self._numbers else " ", question)


def _day(hit: re.Match[str]) -> tuple[int, int]:
    """Day and month of a hit of either pattern."""
    said = {name: value for name, value in hit.groupdict().items() if value}
    if "month" in said:
        return int(said["day"]), int(said["month"])
    month = next(int(name[1:]) for name in said if name[1:].isdigit())
    return int(said.get("day") or said["after"]), month
