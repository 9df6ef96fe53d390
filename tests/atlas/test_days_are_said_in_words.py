"""A day is written out in the language asked for, as far as it is known."""

from __future__ import annotations

from datetime import date

import pytest

from tropa.atlas import PartialDate
from tropa.atlas.day_words import MONTHS, MONTHS_ALONE, day_words, partial_day_words


@pytest.mark.parametrize(("language", "said"), [("ru", "1 мая 2027"), ("en", "1 May 2027")])
def test_a_day_has_its_month_in_words(language: str, said: str) -> None:
    assert day_words(date(2027, 5, 1), language) == said


@pytest.mark.parametrize(
    ("text", "russian", "english"),
    [
        ("2025-10-25", "25 октября 2025", "25 October 2025"),
        ("2025-10", "октябрь 2025", "October 2025"),
        ("2025", "2025", "2025"),
        ("2025-03/2025-10-01", "март 2025–1 октября 2025", "March 2025–1 October 2025"),
    ],
)
def test_a_date_known_in_part_says_no_more_than_is_known(text: str, russian: str, english: str) -> None:
    day = PartialDate.parse(text)
    assert [partial_day_words(day, language) for language in ("ru", "en")] == [russian, english]


def test_every_month_has_a_name_in_both_languages() -> None:
    assert all(len(set(names)) == 12 for table in (MONTHS, MONTHS_ALONE) for names in table.values())
