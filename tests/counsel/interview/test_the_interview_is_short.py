"""Few questions lead to a conclusion, each is worth asking, and none is asked twice. The long form is in the bench."""

from __future__ import annotations

from statistics import median

from tropa.atlas.dice import Dice
from tropa.counsel.interview import Answers, interview, read_answers
from tropa.counsel.interview.drawn import drawn_answers, play

PEOPLE = 30


def test_half_of_those_drawn_need_eight_questions_or_fewer(law, today):
    dice = Dice(2026)
    played = [play(law, drawn_answers(law, dice, today), today) for _ in range(PEOPLE)]
    assert median(one.to_topic for one in played) <= 8
    assert max(one.asked for one in played) <= len(law.book.questions)
    assert all(one.result.next_question is None for one in played)


def test_the_question_that_decides_at_once_comes_before_one_of_many(law, today):
    opened = read_answers([("who", "self"), ("about", "exit")], law.book, today)
    first = interview(law, opened, today)
    assert first.next_question in {"service", "told-of-ban", "bars", "summons"}
    # the day of a summons that is not there is never asked for
    none = opened.with_one("summons", "none")
    asked = set()
    skipped: set[str] = set()
    while (name := interview(law, none, today, skipped=skipped).next_question) is not None:
        asked.add(name)
        skipped.add(name)
    assert asked & {"in-register", "posted", "reporting-day", "appeared"} == set()


def test_what_was_skipped_is_not_asked_again_and_may_still_be_answered(law, today):
    answers = Answers()
    first = interview(law, answers, today)
    second = interview(law, answers, today, skipped=[first.next_question])
    assert second.next_question not in (None, first.next_question)
    back = read_answers([("who", "other")], law.book, today)
    assert interview(law, back, today, skipped=["who"]).for_another


def test_a_soldier_is_not_asked_what_only_a_civilian_can_answer(law, today):
    answers = read_answers([("who", "self"), ("about", "all"), ("service", "mobilised")], law.book, today)
    asked = set()
    skipped: set[str] = set()
    while (name := interview(law, answers, today, skipped=skipped).next_question) is not None:
        asked.add(name)
        skipped.add(name)
    assert asked & {"age", "reserve", "grounds", "deferral"} == set()
    assert {"absent", "acts"} <= asked
