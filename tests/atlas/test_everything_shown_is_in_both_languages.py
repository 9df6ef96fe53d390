"""What people read of a pack stands in Russian and English, sources and citations too."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from tests.atlas.small_pack import spoiled, write_pack
from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, PackError, Text, load_pack
from tropa.atlas.writing import sources_of
from tropa.planning.notes import fact_note

CYRILLIC = re.compile("[А-Яа-яЁё]")


@pytest.fixture(scope="module")
def shipped():
    return load_pack(SHIPPED_PACK)


def texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for member in value:
            yield from texts(member)
    elif is_dataclass(value):
        for one in fields(value):
            yield from texts(getattr(value, one.name))


def test_every_source_has_a_russian_title(shipped):
    sources = sources_of(shipped)
    assert len(sources) > 90
    assert [one.id for one in sources if not CYRILLIC.search(one.title.ru)] == []
    assert [one.id for one in sources if CYRILLIC.search(one.title.en)] == []


def test_every_text_of_every_fact_is_russian_on_one_side_and_not_on_the_other(shipped):
    told = [(fact.id, text) for fact in shipped.facts.values() for text in texts(fact)]
    told.append(("pack", shipped.meta.name))
    assert len(told) > 2000
    assert [key for key, text in told if not CYRILLIC.search(text.ru)] == []
    assert [key for key, text in told if CYRILLIC.search(text.en)] == []


def test_a_text_in_russian_keeps_no_english_sentence(shipped):
    """Three Latin words in a row outside brackets and addresses are a sentence nobody translated."""
    sentence = re.compile(r"(?:\b[a-z]{3,}\b[ ,]+){3}")
    told = {text.ru for fact in shipped.facts.values() for text in texts(fact)}
    assert [text for text in told if sentence.search(text)] == []


@pytest.mark.parametrize(
    ("stem", "line", "instead"),
    [
        ("sources", "title: {en: A law, ru: Закон}", "title: A law"),
        ("sources", "title: {en: A law, ru: Закон}", "title: {en: A law, ru: A law}"),
        ("pack", "name: {en: Small, ru: Малый}", "name: Small"),
        ("places", "name: {en: Murmansk, ru: Мурманск}", "name: Murmansk"),
        ("places", "name: {en: Murmansk, ru: Мурманск}", "name: {en: Мурманск, ru: Мурманск}"),
    ],
)
def test_a_text_in_one_language_is_refused(tmp_path, stem, line, instead):
    with pytest.raises(PackError) as refused:
        load_pack(write_pack(tmp_path, **spoiled(stem, line, instead)))
    assert [problem.file for problem in refused.value.problems] == [f"{stem}.yaml"]


def test_a_plan_cites_its_sources_in_the_language_of_the_page(shipped):
    note = fact_note(shipped, "exit-ban-register", EXAMPLE_DAY)
    assert note.sources_in("ru")[0].startswith("ТАСС")
    assert note.sources_in("en")[0].startswith("TASS")
