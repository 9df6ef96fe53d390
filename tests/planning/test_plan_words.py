"""Every code the planner can give has a sentence in both languages, with the same values in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.planning.tiny import ON
from tropa.atlas import Confidence, Mode, Office, ProfileClass, ProtectionKind, Status
from tropa.planning import sentences
from tropa.planning.plan import PaperNote, PlanSet, PlanTitle, Reason, Span, StepKind
from tropa.planning.words import NO_BREAK, Words, catalogue

SOURCE = Path(sentences.__file__).parent


def empty(**changes: object) -> PlanSet:
    values: dict[str, object] = {
        "on": ON,
        "atlas_version": "1",
        "plans": (),
        "front": (),
        "roads": 0,
        "closed": (),
        "changes": (),
        "no_plan": None,
        "facts": (),
        "places": (),
        "papers": (),
        **changes,
    }
    return PlanSet(**values)  # type: ignore[arg-type]


def codes_in_source() -> set[str]:
    """Every literal code handed to Reason(...), and every change_ and open_ code asked about."""
    found: set[str] = set()
    for file in SOURCE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason" and node.args:
                found |= {part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)}
            if isinstance(node, ast.Constant) and re.fullmatch(r"change_[a-z_]+", str(node.value)):
                found.add(str(node.value))
    return {str(code) for code in found if code not in {"none_", "open_", "change_"}}


def test_every_code_in_the_source_has_a_sentence() -> None:
    assert codes_in_source() <= set(sentences.SENTENCES), codes_in_source() - set(sentences.SENTENCES)


def test_every_change_can_also_be_said_as_the_obstacle_it_is() -> None:
    for code in sentences.SENTENCES:
        if code.startswith("change_"):
            name = code.removeprefix("change_")
            assert f"none_{name}" in sentences.SENTENCES
            assert f"open_{name}" in sentences.SENTENCES


@pytest.mark.parametrize(
    "message", [*sentences.SENTENCES.values(), *sentences.NAMES.values(), *sentences.TITLES.values()]
)
def test_russian_is_complete_and_keeps_every_value(message: str) -> None:
    russian = catalogue("ru").gettext(message)
    assert re.search("[а-яё]", russian)
    assert sorted(re.findall(r"\{(\w+)\}", russian)) == sorted(re.findall(r"\{(\w+)\}", message))


def test_every_word_of_the_atlas_the_planner_shows_has_a_name() -> None:
    shown = {value.value for kind in (Mode, Office, ProfileClass, ProtectionKind, Status) for value in kind}
    assert shown <= set(sentences.NAMES)
    assert set(sentences.TITLES) == set(PlanTitle)
    assert set(sentences.STEP_KINDS) == set(StepKind)


@pytest.mark.parametrize(
    ("days", "text"),
    [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день"), (104, "104 дня")],
)
def test_days_are_counted_as_russian_counts_them(days: int, text: str) -> None:
    assert Words("ru", empty()).number_of_days(days) == text


def test_names_figures_and_signs_are_rendered() -> None:
    answer = empty(papers=(PaperNote("fp10", "Passport", "Загранпаспорт"),))
    reason = Reason("obtain_wished", (("paper", "fp10"),))
    assert Words("ru", answer).say(reason) == "Этот документ просили включить: Загранпаспорт."
    without = Reason(
        "without_step",
        (("risk", "0.5"), ("was", "3.1"), ("euros", "+1050"), ("days", "-8"), ("country", "FR")),
    )
    russian = Words("ru", answer).say(without)
    assert f"0,5{NO_BREAK}%" in russian
    assert f"+€1{NO_BREAK}050" in russian
    assert "−8 дней" in russian
    assert Words("en", answer).percent(Span(0.011, 0.02, 0.09)) == f"1–9{NO_BREAK}%"


@pytest.mark.parametrize(
    ("language", "alike"), [("en", "danger up to 3.1\u00a0% as well"), ("ru", "опасность тоже до 3,1\u00a0%")]
)
@pytest.mark.parametrize(
    "code", [code for code, text in sentences.SENTENCES.items() if sentences.RISK_INSTEAD in text]
)
def test_dangers_that_read_the_same_are_not_told_as_one_instead_of_the_other(
    code: str, language: str, alike: str
) -> None:
    names = re.findall(r"\{(\w+)\}", sentences.SENTENCES[code])
    some = {"euros": "+10", "days": "2", "country": "FR", "until": "2026-12-01", "needed": "100"}
    values = {name: some.get(name, "1") for name in names} | {"was": "3.1"}
    words = Words(language, empty())
    assert alike in words.say(Reason(code, tuple((values | {"risk": "3.1"}).items())))
    assert alike not in words.say(Reason(code, tuple((values | {"risk": "3.0"}).items())))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("value", Confidence)
def test_how_sure_a_fact_is_stands_in_words(value: Confidence, language: str) -> None:
    assert Words(language, empty()).confidence(value.value) not in (value.value, "")


def test_a_code_without_a_sentence_is_an_error_and_never_silence() -> None:
    with pytest.raises(KeyError):
        Words("en", empty()).say(Reason("no_such_code"))


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        Words("xx", empty())
