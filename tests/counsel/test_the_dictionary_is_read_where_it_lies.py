"""The dictionary: its tables read in place say what copies say, and a file that is none of them changes nothing."""

from __future__ import annotations

from pathlib import Path

import pymorphy3

from tropa.counsel.dictionary import dictionary, let_go, read_in_place
from tropa.counsel.marked import BUILDING
from tropa.counsel.words import words


def test_words_read_in_place_have_the_same_forms_also_after_all_was_given_back() -> None:
    copied = pymorphy3.MorphAnalyzer(lang="ru")
    asked = sorted(set(words(BUILDING.read_text(encoding="utf-8")[:12_000])))
    assert len(asked) > 300
    expected = [copied.parse(word) for word in asked]
    for _again in range(2):
        read = [dictionary().parse(word) for word in asked]
        assert [[(one.normal_form, one.score) for one in found] for found in read] == [
            [(one.normal_form, one.score) for one in found] for found in expected
        ]
        assert [dictionary().word_is_known(word) for word in asked] == [
            copied.word_is_known(word) for word in asked
        ]
        let_go()


def test_every_large_table_is_a_view_of_its_file() -> None:
    tables = [dictionary().dictionary.words, *dictionary().dictionary.prediction_suffixes_dawgs]
    assert all(isinstance(table.dct._units, memoryview) for table in tables)
    assert all(isinstance(table.guide._units, memoryview) for table in tables)


def test_another_file_is_not_believed_to_be_the_table(tmp_path: Path) -> None:
    table = pymorphy3.MorphAnalyzer(lang="ru").dictionary.words
    before = table.dct._units
    other = tmp_path / "words.dawg"
    other.write_bytes((3).to_bytes(4, "little") + bytes(12) + (1).to_bytes(4, "little") + bytes(2))
    assert not read_in_place(table, other)
    assert table.dct._units is before
