"""A rule text is taken whole or refused whole, and every fault stands there with file and line."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counsel.interview.small_rules import SOUND, files
from tropa.counsel.interview import RulesRefused, book_of, read_book
from tropa.counsel.interview.law import faults_of


def refused(text: str) -> list[str]:
    with pytest.raises(RulesRefused) as caught:
        book_of(files(text))
    return [str(fault) for fault in caught.value.faults]


def line_of(text: str, part: str) -> int:
    return next(number for number, row in enumerate(text.split("\n"), 1) if part in row)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tropa-rules 1\n", "tropa-rules 2\n", "first line"),
        ("when: banned is yes\n    by", "when: banned is maybe\n    by", "has no answer “maybe”"),
        ("when: banned is yes\n    by", "when: bannd is yes\n    by", "nobody has declared “bannd”"),
        ("when: banned is yes\n    by", "when: banned yes\n    by", "expected “is”"),
        ("when: banned is yes\n    by", "when: (banned is yes\n    by", "expected “)”"),
        ("when: banned is yes\n    by", "when: banned is yes yes\n    by", "one word too many"),
        ("when: banned is yes\n    by", "when: banned is yes %\n    by", "cannot read"),
        ("by: told + CLK-PASS-5", "by: banned + CLK-PASS-5", "no question for a day"),
        ("by: told + CLK-PASS-5", "by: told + 5", "expected “month”"),
        ("says: barred holds", "says: barred maybe", "a rule says"),
        ("says: barred holds", "says: other holds", "nobody has declared the conclusion"),
        ("in force: from 2023-12-11", "in force: from 2023-13-11", "is no day"),
        ("in force: from 2023-12-11", "in force: from 2023-12-11 until 2023-12-01", "comes before"),
        ("in force: from 2023-12-11", "in force: since long", "“in force” is"),
        ("    ru: Сдайте.", "    ru: Hand it in.", "no Russian letter"),
        ("    ru: Сдайте.\n", "", "“ru” is missing"),
        ("    weight: 3", "    weight: heavy", "a weight is"),
        ("    weight: 3", "    wieght: 3", "unknown key"),
        ("    topic: way", "    topic: road", "no topic"),
        ("kind: yes/no", "kind: perhaps", "no kind of answer"),
        ("question told", "question banned", "is declared already"),
        ("    en: Barred\n", "    en: Barred\n    en: Barred\n", "given twice"),
        ("    en: Barred\n", "\ten: Barred\n", "a tab"),
        ("rests on: exit-RU", "rests on: none", "may rest on no fact"),
        ("asked when: banned is yes", "asked when: told is before today", "wait for each other"),
        ("asked when: banned is yes", "asked when: barred holds", "names answers, not conclusions"),
        ("| banned no | not\n\nrule", "| banned no\n\nrule", "a case is"),
        ("| banned no | not\n\nrule", "| banned no | perhaps\n\nrule", "expected is one of"),
        ("conclusion barred\n", "conclusion barred\n    when: banned is yes\n", "unknown key"),
        ("rule barred.no", "law barred.no", "opens no block"),
    ],
)
def test_one_broken_word_is_named_with_its_line(old, new, said):
    assert SOUND.count(old) >= 1
    faults = refused(SOUND.replace(old, new, 1))
    assert any(said in fault for fault in faults), faults
    assert all(fault.startswith("small.rules:") for fault in faults)


def test_several_faults_are_named_at_once():
    broken = (
        SOUND.replace("when: banned is no", "when: banned is nay")
        .replace("ru: Ничего не известно.", "ru: Nothing.")
        .replace("weight: 3", "weight: 0")
    )
    faults = refused(broken)
    assert len(faults) == 3
    for part in ("when: banned is nay", "ru: Nothing", "weight: 0"):
        assert any(f":{line_of(broken, part)}:" in fault for fault in faults)


def test_conclusions_that_build_on_each_other_are_refused():
    circle = """
conclusion other
    topic: way
    en: Other
    ru: Другое

rule other.yes
    says: other holds
    when: barred holds
    rests on: exit-RU
    in force: always
    en: So.
    ru: Так.

rule other.no
    says: other does not hold
    when: barred does not hold
    rests on: exit-RU
    in force: always
    en: Not so.
    ru: Не так.
"""
    book_of(files(SOUND + circle))
    faults = refused(
        SOUND.replace("when: banned is no", "when: banned is no and other does not hold") + circle
    )
    assert any("build on each other" in fault for fault in faults)


def test_a_conclusion_others_build_on_must_be_able_not_to_hold():
    more = """
conclusion other
    topic: way
    en: Other
    ru: Другое

rule other.yes
    says: other holds
    when: barred holds
    rests on: exit-RU
    in force: always
    en: So.
    ru: Так.
"""
    assert any(
        "none says it does not hold" in one
        for one in refused(SOUND.replace("says: barred does not hold", "says: barred needs a person") + more)
    )


def test_a_question_no_rule_needs_is_refused():
    idle = SOUND.replace("    by: told + CLK-PASS-5\n", "").replace(" by 2023-12-06", "")
    assert any("no rule needs the answer to “told”" in fault for fault in refused(idle))


def test_rules_are_held_against_the_atlas(reviewed_atlas):
    assert list(faults_of(book_of(files()), reviewed_atlas)) == []
    for old, new, said in (
        ("rests on: CLK-PASS-5", "rests on: exit-RU", "which “rests on” does not name"),
        ("rests on: exit-RU", "rests on: no-such-fact", "the atlas has no fact"),
        ("in force: from 2023-12-11", "in force: from 2023-12-10", "which begins on 2023-12-11"),
        ("in force: from 2023-12-11", "in force: always", "which begins on 2023-12-11"),
        ("told + CLK-PASS-5", "told + LR-06", "is no clock"),
        ("en: Nothing is known.", "en: It is {term LAW-337-5}.", "tells the term of"),
    ):
        found = [
            str(fault) for fault in faults_of(book_of(files(SOUND.replace(old, new, 1))), reviewed_atlas)
        ]
        assert any(said in fault for fault in found), (new, found)


def test_a_folder_without_rules_and_bytes_that_are_no_text_are_refused(tmp_path):
    with pytest.raises(RulesRefused, match="no file"):
        read_book(tmp_path)
    with pytest.raises(RulesRefused, match="not UTF-8"):
        book_of({"a.rules": b"tropa-rules 1\n\xff\xfe"})
    with pytest.raises(RulesRefused, match="more than"):
        book_of({"a.rules": b"tropa-rules 1\n" + b" " * 2_000_001})


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_is_done_to_a_text_it_is_read_or_refused_by_name(data):
    rows = SOUND.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(rows) - 1))
        row = rows[place]
        cut = data.draw(st.integers(0, len(row)))
        word = data.draw(
            st.sampled_from(["", "x", " is ", "(", "holds", "2026-99-99", "and", ":", "   ", "не"])
        )
        rows[place] = row[:cut] + word + row[cut + data.draw(st.integers(0, 4)) :]
    with suppress(RulesRefused):
        book_of(files("\n".join(rows)))
