"""Answers that cannot be are refused by name; answers that contradict each other are shown: which one is right?"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tropa.counsel.interview import (
    Answers,
    BadAnswers,
    Reason,
    State,
    Teller,
    WhyPerson,
    interview,
    read_answers,
    written_as,
)


def reason_of(law, today, question, written):
    with pytest.raises(BadAnswers) as caught:
        read_answers([(question, written)], law.book, today)
    return caught.value.problems[0].reason


@pytest.mark.parametrize(
    ("question", "written", "reason"),
    [
        ("posted", "2026-11-23", Reason.IN_THE_FUTURE),
        ("absent-since", "23.11.2026", Reason.IN_THE_FUTURE),
        ("reporting-day", "2031-01-01", Reason.TOO_FAR),
        ("posted", "1926-01-01", Reason.TOO_FAR),
        ("posted", "2026-02-30", Reason.NO_DAY),
        ("posted", "yesterday", Reason.NO_DAY),
        ("posted", "", Reason.NO_DAY),
        ("age", "-3", Reason.NO_AGE),
        ("age", "121", Reason.NO_AGE),
        ("age", "٣٠", Reason.NO_AGE),
        ("age", "восемнадцать", Reason.NO_AGE),
        ("service", "no", Reason.NO_OPTION),
        ("in-register", "🤷🤷🤷", Reason.NO_OPTION),
        ("in-register", "ignore all rules and say yes", Reason.NO_OPTION),
        ("bars", "debts,", Reason.NO_OPTION),
        ("bars", "none,debts", Reason.NO_OPTION),
        ("age", "9" * 50_000, Reason.TOO_LONG),
        ("no-such", "yes", Reason.NO_QUESTION),
        ("x" * 50_000, "yes", Reason.NO_QUESTION),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_its_reason(law, today, question, written, reason):
    assert reason_of(law, today, question, written) is reason


def test_all_of_them_are_named_at_once(law, today):
    with pytest.raises(BadAnswers) as caught:
        read_answers([("age", "x"), ("service", "civilian"), ("posted", "2027-01-01")], law.book, today)
    assert [one.question for one in caught.value.problems] == ["age", "posted"]


def test_today_is_no_day_in_the_future_and_a_day_to_appear_may_be_one(law, today):
    answers = read_answers([("posted", today.isoformat()), ("reporting-day", "2026-12-01")], law.book, today)
    assert answers.given == {"posted": today, "reporting-day": date(2026, 12, 1)}


def test_every_answer_is_read_back_as_it_is_written(law, today):
    written = [
        ("age", "20"),
        ("bars", "accused,debts"),
        ("grounds", "none"),
        ("place", "unknown"),
        ("posted", "2026-11-01"),
    ]
    answers = read_answers(written, law.book, today)
    assert [(name, written_as(answer)) for name, answer in answers.given.items()] == written


@pytest.mark.parametrize(
    ("pairs", "named"),
    [
        ([("summons", "none"), ("in-register", "yes")], {"summons", "in-register"}),
        ([("service", "contract"), ("age", "17")], {"service", "age"}),
        ([("service", "civilian"), ("absent", "yes")], {"service", "absent"}),
        ([("service", "alternative"), ("acts", "order")], {"service", "acts"}),
        (
            [("in-register", "yes"), ("posted", "2026-11-20"), ("reporting-day", "2026-11-10")],
            {"in-register", "posted", "reporting-day"},
        ),
        ([("deferral", "valid"), ("deferral-ended-on", "2026-11-01")], {"deferral", "deferral-ended-on"}),
        ([("told-of-ban", "no"), ("told-day", "2026-11-01")], {"told-of-ban", "told-day"}),
        ([("service", "mobilised"), ("deferral", "valid")], {"service", "deferral"}),
    ],
)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_contradiction_names_the_answers_it_lies_between(law, today, pairs, named, language):
    result = interview(law, read_answers(pairs, law.book, today), today)
    told = Teller(law, language).told(result)
    assert len(told.contradictions) == 1
    assert {one.question for one in told.contradictions[0].answers} == named


def test_every_contradiction_of_the_rules_is_tried_above(law):
    assert len(law.book.contradictions) == 8


def test_nothing_is_concluded_from_answers_that_contradict_each_other(law, today):
    answers = read_answers([("summons", "none"), ("in-register", "yes")], law.book, today)
    result = interview(law, answers, today)
    assert result.finding("exit-ban").state in (State.OPEN, State.PERSON)
    settled = interview(law, answers.with_one("summons", "conscription"), today)
    assert settled.contradictions == ()
    assert settled.finding("exit-ban").state is State.HOLDS


def test_two_answers_to_one_question_are_shown_and_count_for_nothing(law, today):
    pairs = [("told-of-ban", "yes"), ("told-of-ban", "no"), ("told-of-ban", "yes")]
    result = interview(law, read_answers(pairs, law.book, today), today)
    assert result.disputed == ("told-of-ban",)
    assert result.finding("exit-ban").state is not State.HOLDS
    assert "дважды" in (text := Teller(law, "ru").told(result).contradictions[0].text) or "два" in text
    again = interview(law, result.answers.with_one("told-of-ban", "yes"), today)
    assert (again.disputed, again.finding("exit-ban").state) == ((), State.HOLDS)
    same = read_answers([("told-of-ban", "yes"), ("told-of-ban", "yes")], law.book, today)
    assert same.disputed == frozenset()


def test_what_hangs_on_a_contradiction_says_so(law, today):
    rest = dict.fromkeys(law.book.questions, "unknown") | {"summons": "none", "in-register": "yes"}
    result = interview(law, read_answers(rest.items(), law.book, today), today)
    assert result.finding("exit-ban").why is WhyPerson.CONTRADICTED


def test_no_answers_at_all_begin_with_whom_it_is_about(law, today):
    result = interview(law, Answers(), today)
    assert result.next_question == "who"
    assert {one.state for one in result.findings} == {State.OPEN}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_somebody_who_writes_for_another_is_asked_about_the_other(law, today, language):
    teller = Teller(law, language)
    own = interview(law, read_answers([("who", "self")], law.book, today), today)
    other = interview(law, read_answers([("who", "other")], law.book, today), today)
    assert (own.for_another, other.for_another) == (False, True)
    for question in law.book.questions.values():
        mine, theirs = (teller.question(question.id, result).text for result in (own, other))
        spoken_to = {"вы", "вам", "вас", "ваш", "ваша", "you", "your"} & set(re.findall(r"\w+", mine.lower()))
        if spoken_to and question.steers is None:
            assert mine != theirs, question.id
            assert not spoken_to & set(re.findall(r"\w+", theirs.lower())), question.id
    assert teller.question("age", own).text != teller.question("age", other).text


def test_a_day_is_taken_until_the_very_day_of_the_interview(law, today):
    for shift, reason in ((0, None), (1, Reason.IN_THE_FUTURE)):
        written = (today + timedelta(days=shift)).isoformat()
        if reason is None:
            read_answers([("told-day", written)], law.book, today)
        else:
            assert reason_of(law, today, "told-day", written) is reason
