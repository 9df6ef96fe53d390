"""From where, to where and where, in Russian: the table of forms against the pack, a dictionary and forms by hand."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import pymorphy3
import pytest

from tests.planning.tiny import ON, person
from tools.place_forms import TABLE, forms, table
from tropa.atlas import load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.answer import Planner
from tropa.planning.person_file import read_person
from tropa.planning.plan import PlanSet, Span, StepKind
from tropa.planning.table import table as printed
from tropa.planning.words import Words, russian_forms

PERSONS = sorted((Path(__file__).parents[2] / "examples" / "persons").glob("*.yaml"))
BY_HAND = {
    "Ростов-на-Дону": ("из Ростова-на-Дону", "в Ростов-на-Дону", "в Ростове-на-Дону"),
    "Ереван": ("из Еревана", "в Ереван", "в Ереване"),
    "Москва": ("из Москвы", "в Москву", "в Москве"),
    "Нижний Новгород": ("из Нижнего Новгорода", "в Нижний Новгород", "в Нижнем Новгороде"),
    "Казань": ("из Казани", "в Казань", "в Казани"),
    "Тбилиси": ("из Тбилиси", "в Тбилиси", "в Тбилиси"),
    "Владивосток": ("из Владивостока", "во Владивосток", "во Владивостоке"),
    "Вьетнам": ("из Вьетнама", "во Вьетнам", "во Вьетнаме"),
    "Волгоград": ("из Волгограда", "в Волгоград", "в Волгограде"),
    "Франция": ("из Франции", "во Францию", "во Франции"),
    "Финляндия": ("из Финляндии", "в Финляндию", "в Финляндии"),
    "Мальдивы": ("с Мальдив", "на Мальдивы", "на Мальдивах"),
    "Шри-Ланка": ("со Шри-Ланки", "на Шри-Ланку", "на Шри-Ланке"),
    "США": ("из США", "в США", "в США"),
    "Беларусь": ("из Беларуси", "в Беларусь", "в Беларуси"),
    "Израиль": ("из Израиля", "в Израиль", "в Израиле"),
    "Улан-Удэ": ("из Улан-Удэ", "в Улан-Удэ", "в Улан-Удэ"),
    "Улан-Батор": ("из Улан-Батора", "в Улан-Батор", "в Улан-Баторе"),
    "Доха": ("из Дохи", "в Доху", "в Дохе"),
    "Подгорица": ("из Подгорицы", "в Подгорицу", "в Подгорице"),
    "Дубай": ("из Дубая", "в Дубай", "в Дубае"),
    "Улгий": ("из Улгия", "в Улгий", "в Улгии"),
    "Босния и Герцеговина": (
        "из Боснии и Герцеговины",
        "в Боснию и Герцеговину",
        "в Боснии и Герцеговине",
    ),
    "Москва, аэропорт Шереметьево": (
        "из аэропорта Шереметьево (Москва)",
        "в аэропорт Шереметьево (Москва)",
        "в аэропорту Шереметьево (Москва)",
    ),
    "Чэнду, Тяньфу": ("из Чэнду (Тяньфу)", "в Чэнду (Тяньфу)", "в Чэнду (Тяньфу)"),
    "пункт Верхний Ларс": (
        "из пункта Верхний Ларс",
        "в пункт Верхний Ларс",
        "в пункте Верхний Ларс",
    ),
}


def test_the_committed_table_is_that_of_the_pack() -> None:
    assert TABLE.read_text(encoding="utf-8") == table()
    assert json.loads(table())


@pytest.mark.parametrize("name", BY_HAND, ids=str)
def test_hard_names_are_right(name: str) -> None:
    assert forms(name) == BY_HAND[name]


def test_the_dictionary_agrees_wherever_it_knows_the_word() -> None:
    """One-word names the dictionary holds as a place: each form is one it gives."""
    dictionary = pymorphy3.MorphAnalyzer()
    agreed = 0
    for name, (away, to, there) in russian_forms().items():
        known = [
            one for one in dictionary.parse(name) if "Geox" in one.tag and "nomn" in one.tag and one.is_known
        ]
        if not re.fullmatch(r"[А-Яё][а-яё]+", name) or not known:
            continue
        said = tuple(form.split(" ", 1)[1].casefold() for form in (away, to, there))
        allowed = [
            tuple(parse.inflect({case}).word for case in ("gent", "accs", "loct"))
            for parse in known
            if all(parse.inflect({case}) for case in ("gent", "accs", "loct"))
        ]
        plain = [tuple(word.replace("ё", "е") for word in one) for one in allowed]
        assert tuple(word.replace("ё", "е") for word in said) in plain, (name, said, allowed)
        agreed += 1
    assert agreed > 90


@functools.cache
def answers() -> tuple[tuple[PlanSet, str], ...]:
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    planner = Planner(atlas)
    found = []
    for file in PERSONS:
        someone = read_person(file.read_text(encoding="utf-8"), atlas, EXAMPLE_DAY, name=file.name)
        answer = planner.plans(someone, EXAMPLE_DAY, ask_about=["DE"])
        found.append((answer, printed(file.name, answer, someone, "ru")))
    return tuple(found)


def test_every_leg_of_every_example_person_is_said_from_where_to_where() -> None:
    for answer, text in answers():
        assert "→" not in text
        words = Words("ru", answer)
        for plan in answer.plans:
            for step in plan.steps:
                if step.kind is StepKind.LEG:
                    assert re.match(r"(из|с|со) .+ (в|во|на) ", words.journey(step.origin, step.target))
                else:
                    assert re.match(r"(в|во|на) ", words.there(step.origin))


def test_no_number_of_the_russian_text_has_the_wrong_form_or_a_point() -> None:
    for _, text in answers():
        for number, word in re.findall(r"(\d+) (день|дня|дней)\b", text):
            assert word == right_form(int(number)), (number, word)
        assert not re.findall(r"\d\.\d+(?:–\d+)?\N{NO-BREAK SPACE}%", text)
        assert "Почему не в Германию" in text


def right_form(number: int) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return "день"
    return "дня" if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else "дней"


def test_a_name_the_table_does_not_hold_stays_as_it_is() -> None:
    answer = answers()[0][0]
    words = Words("ru", answer)
    assert words.journey("somewhere", "elsewhere") == "somewhere → elsewhere"
    assert words.there("somewhere") == "(somewhere)"
    assert Words("en", answer).journey("somewhere", "elsewhere") == "from somewhere to elsewhere"
    assert words.percent(Span(0.002, 0.003, 0.004)) == "0,2–0,4\N{NO-BREAK SPACE}%"
    assert person("h").place == "h"
    assert EXAMPLE_DAY == ON
