"""A word brings its other forms with it, in both languages; the beginning of a word is never widened."""

from __future__ import annotations

import pytest

from tropa.counsel.inflected import MOST, forms_of


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("повестка", {"повестки", "повестку", "повесток", "повестками"}),
        ("загранпаспорта", {"загранпаспорт", "загранпаспорту"}),
        ("ребенок", {"дети", "детьми"}),
        ("идти", {"шел", "шла", "идут"}),
        ("summoned", {"summon", "summons"}),
        ("running", {"ran", "run"}),
        ("studies", {"study", "studied", "studying"}),
        ("crossing", {"cross", "crossed", "crosses"}),
        ("visa", {"visas"}),
        ("stopped", {"stop", "stops", "stopping"}),
    ],
)
def test_forms_are_found_from_any_of_them(word: str, others: set[str]) -> None:
    assert others <= set(forms_of(word))
    assert forms_of(word)[0] == word


@pytest.mark.parametrize("word", ["повестк", "загранп", "17", "bus", "this", "ж", "жж"])
def test_what_is_no_whole_word_stays_what_it_is(word: str) -> None:
    assert all(form == word or form.startswith(word) for form in forms_of(word))


def test_no_word_has_endlessly_many() -> None:
    for word in ("уехать", "выпускать", "ё" * 200, "running" * 30, "edededed", "ing"):
        assert len(forms_of(word)) <= MOST
