"""No fact's page leaves a code or an id for the reader to guess: countries, unions and other facts have names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from tropa.atlas import (
    SHIPPED_PACK,
    Atlas,
    Decisions,
    FigureKind,
    FigureUnit,
    HazardSubject,
    IncidentKind,
    Kind,
    load_pack,
)
from tropa.atlas.importing.territories import codes2
from tropa.desk.pages.fact_words import lines_of, named, title_of
from tropa.desk.pages.term_words import term_words
from tropa.desk.pages.union_words import UNIONS

pytestmark = pytest.mark.django_db

PARTS = re.compile(r"; |, | \+ | или |: ")


@pytest.fixture(scope="module")
def pack() -> Atlas:
    return load_pack(SHIPPED_PACK)


def said_of_every_fact() -> Iterator[tuple[str, str]]:
    for fact in load_pack(SHIPPED_PACK).facts.values():
        yield fact.id, title_of(fact)
        yield from ((fact.id, said) for _field, said in lines_of(fact.value))


def test_no_line_or_title_in_russian_is_a_bare_code_or_id(pack: Atlas) -> None:
    raw = set(pack.facts) | set(codes2()) | set(UNIONS)
    with translation.override("ru"):
        bare = {
            (fact, part) for fact, said in said_of_every_fact() for part in PARTS.split(said) if part in raw
        }
    assert bare == set()


def test_every_union_and_zone_of_the_pack_has_a_name_in_russian(pack: Atlas) -> None:
    told = {union for country in pack.countries.values() for union in country.value.blocs}
    told |= {country.value.zone for country in pack.countries.values()} - set(pack.countries)
    assert told
    assert told <= set(UNIONS)
    with translation.override("ru"):
        assert all(re.search("[а-я]", named(union)) for union in UNIONS)


def test_a_country_that_only_decisions_speak_of_has_its_name_in_both_languages(pack: Atlas) -> None:
    decisions = [fact.value for fact in pack.facts.values() if isinstance(fact.value, Decisions)]
    codes = {value.country for value in decisions} - set(pack.countries)
    assert codes
    for language, letters in (("ru", "[А-Яа-я]"), ("en", "[A-Za-z]")):
        with translation.override(language):
            for code in codes:
                assert named(code) != code
                assert re.match(letters, named(code)), code


def test_both_sides_of_a_border_post_are_named_in_russian(pack: Atlas) -> None:
    for post in pack.crossings:
        sides_in_english = post.value.name.en.count(" – ")
        assert post.value.name.ru.count(" — ") == sides_in_english, post.id
        assert not re.search("[A-Za-z]", post.value.name.ru.replace(" II", "")), post.id


def test_words_of_two_lists_that_are_spelled_alike_each_say_their_own() -> None:
    said = [
        (IncidentKind.DEPORTED, FigureKind.DEPORTED),
        (Kind.PROTECTION, FigureKind.PROTECTION),
        (Kind.EXIT_CHECK, HazardSubject.EXIT_CHECK),
        (Kind.LEG, HazardSubject.LEG),
        (FigureUnit.REQUESTS, FigureKind.REQUESTS),
    ]
    with translation.override("en"):
        for one, other in said:
            assert one == other
            assert term_words(one) != term_words(other)
    with translation.override("ru"):
        assert term_words(IncidentKind.DEPORTED) == "выслали"
