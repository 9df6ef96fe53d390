"""Days in words: one grammar for each language, wherever a page, an answer or a table names one.

Kept true: a day is "22 November 2026" or "22 ноября 2026", and without its year "22 November"; never a row of figures,
which reads as another day elsewhere. Only what a browser or a file is given stays as ISO 8601 has it.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from tropa.atlas.basics import PartialDate

_ENGLISH = tuple(
    "January February March April May June July August September October November December".split()
)
MONTHS: Final = {
    "ru": tuple("января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()),
    "en": _ENGLISH,
}
"""As they stand after the number of a day."""
MONTHS_ALONE: Final = {
    "ru": tuple("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()),
    "en": _ENGLISH,
}


def day_words(day: date, language: str) -> str:
    """22 November 2026. `language`: "ru" or "en"."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def partial_day_words(day: PartialDate, language: str) -> str:
    """A date as far as it is known: 25 October 2025, October 2025, 2025, or two of them."""
    return "–".join(_part_words(part, language) for part in day.text.split("/"))


def _part_words(part: str, language: str) -> str:
    match part.split("-"):
        case [year]:
            return year
        case [year, month]:
            return f"{MONTHS_ALONE[language][int(month) - 1]} {year}"
        case _:
            return day_words(date.fromisoformat(part), language)
