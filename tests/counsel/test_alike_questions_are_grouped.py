"""Groups: alike questions come together, in any order handed in, and each group has a common core."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropa.counsel import grouping
from tropa.counsel.grouping import Question, _held, group, rising

ALIKE = {
    "summons": [
        "раздают повестки у метро",
        "повестки раздают возле метро",
        "у станции метро раздают повестки",
    ],
    "visa": ["нужна ли виза в сербию", "в сербию виза нужна?", "виза сербия"],
    "passport": [
        "сколько делается загранпаспорт",
        "загран сколько делается",
        "сколько ждать загранник делается",
    ],
    "alone": ["аквариум протекает"],
}
WORDS = "повестка паспорт граница виза отсрочка суд комиссия выезд реестр штраф загран военкомат метро сербия".split()


def questions() -> list[Question]:
    return [Question(f"{name}-{at}", text) for name, texts in ALIKE.items() for at, text in enumerate(texts)]


def test_alike_questions_come_together_and_others_stay_apart() -> None:
    found = {frozenset(one.members) for one in group(questions())}
    assert found == {
        frozenset({f"{name}-{at}" for at in range(3)}) for name in ("summons", "visa", "passport")
    }


drawn = st.lists(st.lists(st.sampled_from(WORDS), min_size=0, max_size=5), min_size=0, max_size=25)


@settings(max_examples=60)
@given(drawn, st.randoms())
def test_the_order_handed_in_changes_nothing(texts: list[list[str]], chance: random.Random) -> None:
    asked = [Question(f"{number:03}", " ".join(text)) for number, text in enumerate(texts)]
    found = group(asked)
    chance.shuffle(asked)
    assert group(asked) == found


@settings(max_examples=60)
@given(drawn)
def test_every_group_has_a_middle_a_common_core_and_no_question_twice(texts: list[list[str]]) -> None:
    asked = [Question(f"{number:03}", " ".join(text)) for number, text in enumerate(texts)]
    found = group(asked)
    members = [member for one in found for member in one.members]
    assert len(members) == len(set(members))
    said = {question.id: set(_held(question.text)) for question in asked}
    for one in found:
        assert len(one.members) >= 2
        assert one.middle in one.members
        assert one.core
        assert all(said[member] & said[one.middle] for member in one.members)


def test_questions_that_say_nothing_are_in_no_group() -> None:
    assert group([Question("a", ""), Question("b", ""), Question("c", "🙂"), Question("d", "и что")]) == ()


def test_an_id_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="one id"):
        group([Question("a", "x"), Question("a", "y")])


def test_a_topic_that_rises_is_shown_and_one_that_does_not_is_not() -> None:
    on = date(2026, 11, 22)
    asked = [Question(f"m{number}", "раздают повестки у метро") for number in range(40)]
    asked += [Question(f"v{number}", "нужна ли виза в сербию") for number in range(48)]
    days = {f"m{number}": on if number < 38 else on - timedelta(days=3) for number in range(40)}
    days |= {f"v{number}": on - timedelta(days=number % 8) for number in range(48)}
    found = rising(group(asked), days, on=on)
    assert [(one.group.members[0][0], one.today) for one in found] == [("m", 38)]
    assert found[0].before == pytest.approx(2 / 7)


def test_a_peak_of_questions_is_grouped_whole() -> None:
    chance = random.Random(8)  # noqa: S311  # the same peak each time
    asked = [
        Question(
            f"{number:04}", f"{chance.choice(['', 'здравствуйте ', 'подскажите '])}{chance.choice(texts)}"
        )
        for number, texts in enumerate(chance.choices(list(ALIKE.values())[:3], k=1_500))
    ]
    found = group(asked)
    assert sum(len(one.members) for one in found[:9]) >= 1_400


@pytest.mark.parametrize("seed", range(5))
def test_looking_up_rarer_words_alone_loses_nobody(seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311
    common, rare = [f"w{n}" for n in range(6)], [f"r{n}" for n in range(60)]
    held = [
        Counter(drawn.sample(common, drawn.randint(0, 6)) + drawn.choices(rare, k=drawn.randint(0, 4)))
        for _ in range(80)
    ]
    vectors = grouping._vectors(held)
    near = grouping._neighbours(vectors)
    for one, vector in enumerate(vectors):
        alike = {
            other
            for other, its in enumerate(vectors)
            if other != one
            and sum(weight * its.get(word, 0.0) for word, weight in vector.items()) >= grouping.ALIKE
        }
        assert set(near[one]) == alike
    assert any(near)
