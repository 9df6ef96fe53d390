"""Danger: on texts held out from building nearly all is recognised, and what is harmless mostly stays so."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropa.cli import answers
from tropa.counsel.danger import recognise
from tropa.counsel.danger_measure import Share, measure
from tropa.counsel.errors import BadSet
from tropa.counsel.marked import BUILDING, HELD_OUT, SETS, Danger, Marked, read_marked
from tropa.counsel.words import lemmas, words

ENOUGH = 300
ENGLISH = SETS / "danger_english_held_out.txt"


def read(file: Path) -> tuple[Marked, ...]:
    with file.open(encoding="utf-8") as lines:
        return read_marked(lines)


def same_words(marked: Marked) -> tuple[str, ...]:
    return tuple(sorted(lemmas(word)[0] for word in words(marked.text)))


def test_on_texts_held_out_ninety_nine_of_a_hundred_are_recognised_at_few_false_alarms() -> None:
    measured = measure(read(HELD_OUT))
    assert measured.recalled.of >= ENOUGH
    assert measured.alarmed.of >= ENOUGH
    assert measured.recalled.value >= 0.99, measured.missed
    assert measured.alarmed.value <= 0.20, measured.false_alarms
    assert measured.recalled.bounds[0] >= 0.97
    assert all(share.of >= 30 for share in measured.by_kind.values())


def test_english_texts_held_out_are_recognised_as_well() -> None:
    measured = measure(read(ENGLISH))
    assert measured.recalled.of >= 25
    assert measured.recalled.value >= 0.95, measured.missed
    assert measured.alarmed.value <= 0.20, measured.false_alarms


def test_no_text_held_out_was_built_from() -> None:
    built = {same_words(marked) for marked in read(BUILDING)}
    held = [*read(HELD_OUT), *read(ENGLISH)]
    assert [marked.text for marked in held if same_words(marked) in built] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("муж служит по контракту", Danger.SOLDIER),
        ("МУЖ СЛУЖИТ ПО КОНТРАКТУ", Danger.SOLDIER),
        ("му\u200bж слу\u200bжит по конт\u200bракту", Danger.SOLDIER),
        ("muzh sluzhit po kontraktu", Danger.SOLDIER),
        ("дизертир я", Danger.SOLDIER),
        ("сына задиржали в метро", Danger.DETAINED),
        ("стою на границе, паспорт унесли", Danger.TRAVELLING),
        ("жить не хочется совсем", Danger.SELF_HARM),
        ("их там пытают", Danger.TORTURE),
        ("мне 16", Danger.MINOR),
        ("стою в метро, проверяют паспорт, что говорить", Danger.DETAINED),
        ("they hold my brother at the police station", Danger.DETAINED),
        ("I will jump from the roof", Danger.SELF_HARM),
        ("I turn 17 soon and only my father knows", Danger.MINOR),
    ],
)
def test_each_kind_is_named_however_it_is_written(text: str, kind: Danger) -> None:
    assert kind in recognise(text).kinds
    assert recognise(text).dangerous
    assert recognise(text).cues


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂🙂🙂",
        "пришла повестка, куда идти",
        "нужна ли виза в сербию",
        "муж не служит",
        "нас не задержали",
        "1 2 3",
        "у метро проверяют документы и вручают повестку, могут ли забрать?",
        "проверяют документы у метро, вручили повестку прямо там",
        "how long does it take to get a passport",
        "can they take my driving licence",
    ],
)
def test_harmless_texts_raise_no_cue(text: str) -> None:
    assert recognise(text).kinds == frozenset()


def test_danger_late_in_a_long_text_is_seen() -> None:
    assert Danger.TORTURE in recognise("подскажите пожалуйста " * 2_200 + "мужа пытают в подвале").kinds


def test_a_text_of_fifty_thousand_characters_is_judged() -> None:
    assert recognise("повестка пришла вчера " * 2_500).kinds == frozenset()


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_may_be_asked_about_and_more_words_before_it_never_hide_danger(text: str) -> None:
    recognise(text)
    assert Danger.TORTURE in recognise(f"{text} \n мужа пытают током").kinds


def test_bounds_are_wilsons() -> None:
    low, high = Share(297, 300).bounds
    # Newcombe 1998's formula by hand: z = 1.96
    assert (round(low, 4), round(high, 4)) == (0.9710, 0.9966)
    assert Share(0, 0).bounds == (0.0, 1.0)


@pytest.mark.parametrize(
    "line", ["soldier без черты", "nobody | текст", "soldier | ", "harmless,soldier | текст"]
)
def test_a_marked_set_with_a_faulty_line_is_refused(line: str) -> None:
    with pytest.raises(BadSet, match="line 2"):
        read_marked(["# comment", line])


def test_the_command_lists_every_miss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "set.txt"
    file.write_text(
        "soldier | ничего особенного\nsoldier | я дезертир\nharmless | виза в сербию", encoding="utf-8"
    )
    parser = argparse.ArgumentParser()
    answers.add_commands(parser.add_subparsers())
    parsed = parser.parse_args(["answers", "danger", str(file)])
    assert parsed.run(parsed) == 0
    assert "soldier: ничего особенного" in capsys.readouterr().out
    parsed = parser.parse_args(["answers", "danger", str(file), "--json"])
    assert parsed.run(parsed) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["missed"] == [{"text": "ничего особенного", "kinds": ["soldier"]}]
    assert told["alarmed"]["number"] == 0
