"""Words: cleaned of what nobody sees, of one script, in their dictionary form; any text gives some or none."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.counsel.words import LONGEST, clean, lemmas, stem, words


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("повесткой", "повестка"),
        ("военкомате", "военкомат"),
        ("призывали", "призывать"),
        ("людей", "человек"),
    ],
)
def test_every_form_of_a_word_is_one_word(written: str, form: str) -> None:
    assert lemmas(written)[0] == form


def test_relatives_share_a_stem() -> None:
    assert {stem(lemmas(word)[0]) for word in ("повестка", "повестками")} == {"повест"}
    assert len({stem(lemmas(word)[0]) for word in ("обжалование", "обжаловать")}) == 1


@pytest.mark.parametrize(
    "written",
    [
        "повестка",
        "ПОВЕСТКА",
        "пов\u200bестка",
        "\u202eповестка\u202c",
        "по\u00adвестка",
        "пoвecткa",
        "п\u0301овестка",
    ],
)
def test_nobody_hides_a_word_by_marks_or_foreign_letters(written: str) -> None:
    assert words(written) == ("повестка",)


def test_yo_is_ye_and_numbers_stay() -> None:
    assert words("Всё ещё 337, ч.5") == ("все", "еще", "337", "ч", "5")


@given(st.text(max_size=300))
def test_any_text_gives_words_and_cleaning_twice_changes_nothing(text: str) -> None:
    assert all(lemmas(word) and stem(lemmas(word)[0]) for word in words(text))
    assert clean(clean(text)) == clean(text)


def test_a_text_without_end_is_read_up_to_a_bound() -> None:
    assert len(clean("я" * 150_000)) == LONGEST
    assert words("🙂" * 50_000) == ()


def test_the_dictionary_is_loaded_by_the_first_russian_word_and_not_before() -> None:
    code = (
        "import sys; from tropa.counsel.words import lemmas; from tropa.counsel.finding import Index; Index(());"
        "lemmas('passports'); assert 'pymorphy3' not in sys.modules; lemmas('дом'); assert 'pymorphy3' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_mark_nobody_sees_is_left_out_of_a_word() -> None:
    marks = [chr(code) for code in range(0x3000) if unicodedata.category(chr(code))[0] in {"C", "M"}]
    unseen = set(marks) - {"\n", "\t", " ", "\u0345"}  # the last is a letter written under another one
    assert sorted(mark for mark in unseen if clean(f"щ{mark}щ") != "щщ") == []
