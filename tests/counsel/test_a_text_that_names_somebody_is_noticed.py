"""What no public answer may name is noticed: people, telephones, addresses."""

from __future__ import annotations

import pytest

from tropa.counsel.library import SHIPPED_LIBRARY, load_library
from tropa.counsel.naming import named_in


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Напишите Ивану завтра", "Ивану"),
        ("как сказала Анна Сергеевна", "Сергеевна"),
        ("звоните +7 916 123-45-67", "+7 916 123-45-67"),
        ("write to ivan@example.org", "ivan@example.org"),
        ("пишите @ivan_p в чат", "@ivan_p"),
        ("вот чат t.me/someone", "t.me/someone"),
    ],
)
def test_what_names_somebody_is_noticed(text: str, named: str) -> None:
    assert named in named_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Срок до 22 ноября 2026 года: 30 000 рублей.",
        "Суд в Ереване, статья 337, пункт 5.",
        "🙂" * 50,
        "вера и надежда",
    ],
)
def test_days_sums_places_and_plain_words_name_nobody(text: str) -> None:
    assert named_in(text) == ()


def test_the_shipped_answers_name_a_border_post_and_nobody() -> None:
    texts = [
        f"{one.title.ru} {one.text.ru} {one.text.en}"
        for one in load_library(SHIPPED_LIBRARY).answers.values()
    ]
    assert {named for text in texts for named in named_in(text)} == {"Ларс"}
