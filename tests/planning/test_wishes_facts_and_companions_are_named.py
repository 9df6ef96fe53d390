"""Sentences say which wish is meant, what a fact is about and who travels along, in both languages."""

from __future__ import annotations

import re
from datetime import date
from itertools import product

import pytest

from tropa.atlas import (
    Atlas,
    EntryRule,
    ExitCheck,
    Hazard,
    Leg,
    Living,
    Obtain,
    PaperRefusal,
    Protection,
    StayRule,
    load_pack,
)
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.fact_titles import add_titles
from tropa.planning.person import WishKind, WishVerdict
from tropa.planning.plan import PlanSet, Reason
from tropa.planning.sentences import RELATIONS, SENTENCES
from tropa.planning.words import Words

NAMED = (EntryRule, ExitCheck, Hazard, Leg, Living, Obtain, PaperRefusal, Protection, StayRule)
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
FIGURES = (("risk", "12"), ("days", "9"), ("euros", "300"), ("country", "RS"), ("sure", "100"))


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


def words(language: str, atlas: Atlas | None = None) -> Words:
    said = Words(language, PlanSet(date(2026, 11, 22), "", (), (), 0, (), (), None, (), (), ()))
    return add_titles(said, atlas) if atlas else said


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_wish_is_told_from_every_other(language: str) -> None:
    said = set()
    for verdict, kind in product((WishVerdict.NEVER, WishVerdict.PIN), WishKind):
        values = (("verdict", verdict.value), ("wish", kind.value), ("about", "air"), *FIGURES)
        sentence = words(language).say(Reason("change_wish", values))
        assert "{" not in sentence
        assert (CYRILLIC.search(sentence) is not None) == (language == "ru")
        said.add(sentence)
    assert len(said) == 2 * len(WishKind)


def test_a_wish_reads_as_it_was_meant(atlas: Atlas) -> None:
    never = (("verdict", "never"), ("wish", "mode"), ("about", "air"), *FIGURES)
    pin = (("verdict", "pin"), ("wish", "country"), ("about", "FR"), *FIGURES)
    russian, english = words("ru", atlas), words("en", atlas)
    assert russian.say(Reason("change_wish", never)).startswith(
        "Без желания «не этим способом: самолёт»: опасность до 12"
    )
    assert (
        russian.say(Reason("none_wish", pin)) == "Последний путь закрыло желание «через эту страну: Франция»."
    )
    assert (
        english.say(Reason("none_wish", pin))
        == "The wish “through this country: France” closed the last way."
    )
    left_out = Reason("wish_never", (("wish", "country"), ("about", "KZ")))
    assert russian.say(left_out) == "Исключено желанием «не через эту страну: Казахстан»."


@pytest.mark.parametrize("language", ["en", "ru"])
def test_with_the_atlas_at_hand_no_fact_is_called_by_its_id_alone(atlas: Atlas, language: str) -> None:
    speaks = words(language, atlas)
    for fact in atlas.facts.values():
        if not isinstance(fact.value, NAMED):
            continue
        told = speaks.say(Reason("fact_over", (("fact", fact.id),)))
        assert f"[{fact.id}]" in told
        assert len(told.split(":", 1)[1].replace(f"[{fact.id}]", "").strip(" .")) > 2
    assert words("ru", atlas).fact("entry-CN") == "Китай: въезд [entry-CN]"
    assert words("en").fact("entry-CN") == "entry-CN"


def test_companions_are_named_in_the_language_of_the_answer_and_the_rest_stays_as_written() -> None:
    russian = words("ru")
    assert russian.relation("child, 9") == "ребёнок, 9"
    assert russian.relation("Wife") == "жена"
    assert russian.relation("сын, 12") == "сын, 12"
    assert russian.relation("") == ""
    assert all(CYRILLIC.search(russian.relation(one)) for one in RELATIONS)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_dangers_that_read_alike_are_not_set_against_each_other(language: str) -> None:
    values = (("country", "BR"), ("risk", "0.2"), ("was", "0.2"), ("facts", "x"))
    for code in ("other_at_best", "other_at_estimate"):
        said = words(language).say(Reason(code, values))
        assert said.count("0,2" if language == "ru" else "0.2") == 1
        assert said != words(language).text(SENTENCES[code])
