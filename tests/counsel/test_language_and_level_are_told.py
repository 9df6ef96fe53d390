"""Language and reading level: told where they can be, and not guessed where they cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.counsel.language import Language, language_of
from tropa.counsel.library import SHIPPED_LIBRARY, load_library
from tropa.counsel.reading import reading_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("пришла повестка, что делать", Language.RUSSIAN),
        ("povestka prishla chto delat", Language.RUSSIAN),
        ("чи можна виїхати з росії з повісткою", Language.UKRAINIAN),
        ("дякую, скільки чекати паспорт", Language.UKRAINIAN),
        ("can I leave Russia if I have a draft notice", Language.ENGLISH),
        ("шақыру қағазы келді, бару керек пе", Language.KAZAKH),
        ("маған 16 жас", Language.KAZAKH),
        ("муж в russia, не знаю куда писать и что говорить, help", Language.RUSSIAN),
    ],
)
def test_a_clear_language_is_told_and_sure(text: str, language: Language) -> None:
    assert language_of(text).language is language
    assert language_of(text).sure


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂🙂",
        "12345",
        "这是什么",
        "ich möchte asyl in deutschland",
        "merhaba yardım edin lütfen",
        "مرحبا",
    ],
)
def test_what_cannot_be_told_or_is_not_ours_is_other_and_never_sure(text: str) -> None:
    assert language_of(text).language is Language.OTHER
    assert not language_of(text).sure


@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert language_of(text).language in Language


def test_longer_sentences_and_words_are_harder() -> None:
    plain = reading_of("Мы тут. Идите в суд. Там вам помогут.", Language.RUSSIAN)
    hard = reading_of(
        "Обжалование постановления призывной комиссии осуществляется в административном порядке согласно"
        " законодательству Российской Федерации.",
        Language.RUSSIAN,
    )
    assert plain.grade < 5 < 12 < hard.grade
    assert reading_of("The cat sat.", Language.ENGLISH).syllables_a_word == 1
    assert reading_of("", Language.ENGLISH).grade == 0
    with pytest.raises(ValueError, match="no measure"):
        reading_of("текст", Language.KAZAKH)


def test_answers_of_the_library_can_be_read_with_ten_years_of_school() -> None:
    answers = load_library(SHIPPED_LIBRARY).answers.values()
    assert answers
    grades = [
        max(
            reading_of(answer.text.ru, Language.RUSSIAN).grade,
            reading_of(answer.text.en, Language.ENGLISH).grade,
        )
        for answer in answers
    ]
    # one answer is a list of states, which counts as one long sentence
    assert sum(grade > 11 for grade in grades) <= 1
    assert max(grades) < 15
