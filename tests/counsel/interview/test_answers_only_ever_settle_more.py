"""One more answer never makes a settled conclusion wrong; the order does not matter; not knowing is never no."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tropa.atlas import EXAMPLE_DAY
from tropa.atlas.dice import Dice
from tropa.counsel.interview import Answers, NotKnown, State, WhyPerson, interview
from tropa.counsel.interview.drawn import drawn_answers, only
from tropa.counsel.interview.model import AnswerKind

SETTLED = (State.HOLDS, State.NOT)


def days():
    return st.integers(0, 700).map(lambda back: EXAMPLE_DAY - timedelta(days=back))


def any_answer(question):
    """Anything the question takes, also what no honest person would put together."""
    match question.kind:
        case AnswerKind.YES_NO:
            return st.sampled_from(["yes", "no"])
        case AnswerKind.CHOICE:
            return st.sampled_from([one.id for one in question.options])
        case AnswerKind.SEVERAL:
            return st.frozensets(st.sampled_from([one.id for one in question.options]), max_size=3)
        case AnswerKind.AGE:
            return st.integers(10, 60)
        case AnswerKind.PAST_DAY | AnswerKind.DAY:
            return st.integers(-60, 0).map(lambda shift: EXAMPLE_DAY + timedelta(days=shift))


@settings(max_examples=25, deadline=None)
@given(data=st.data(), on=days())
def test_one_more_answer_never_turns_a_settled_conclusion_about(law, data, on):
    questions = list(law.book.questions.values())
    chosen = data.draw(st.permutations(questions))[: data.draw(st.integers(1, len(questions)))]
    answers = Answers()
    before = interview(law, answers, on)
    for question in chosen:
        answers = answers.with_one(question.id, data.draw(any_answer(question)))
        after = interview(law, answers, on)
        for one in before.findings:
            now = after.finding(one.conclusion)
            if one.state in SETTLED and now.state is not one.state:
                # only a contradiction may take a conclusion back, and then it is named
                assert after.contradictions, (one.conclusion, question.id)
                assert now.state not in SETTLED, (one.conclusion, question.id)
        before = after


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), on=days(), order=st.randoms(use_true_random=False))
def test_what_is_said_does_not_hang_on_the_order_of_answers(law, seed, on, order):
    whole = drawn_answers(law, Dice(seed), on)
    shuffled = list(whole.given)
    order.shuffle(shuffled)
    other = Answers({name: whole.given[name] for name in shuffled})
    assert interview(law, whole, on).findings == interview(law, other, on).findings
    assert interview(law, whole, on).next_question == interview(law, other, on).next_question


@settings(max_examples=25, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_what_follows_from_not_knowing_follows_from_every_answer(law, data, seed):
    whole = drawn_answers(law, Dice(seed), EXAMPLE_DAY)
    name = data.draw(st.sampled_from(sorted(whole.given)))
    unknown = interview(law, whole.with_one(name, NotKnown.NOT_KNOWN), EXAMPLE_DAY)
    known = data.draw(any_answer(law.book.questions[name]))
    told = interview(law, whole.with_one(name, known), EXAMPLE_DAY)
    for one in unknown.findings:
        if one.state in SETTLED and not told.contradictions:
            assert told.finding(one.conclusion).state is one.state, (one.conclusion, name)


def test_knowing_nothing_settles_nothing(law, today):
    nothing = Answers(dict.fromkeys(law.book.questions, NotKnown.NOT_KNOWN))
    result = interview(law, nothing, today)
    assert {one.state for one in result.findings} <= {State.PERSON, State.SILENT}
    assert result.finding("exit-ban").why is WhyPerson.NOT_KNOWN
    assert result.next_question is None


def test_no_two_rules_say_different_things_of_anybody(law, today):
    dice = Dice(11)
    for _ in range(120):
        result = interview(law, drawn_answers(law, dice, today), today)
        assert [one for one in result.findings if one.why is WhyPerson.RULES_CLASH] == []


def test_a_part_of_the_answers_says_no_more_than_all_of_them(law, today):
    dice = Dice(23)
    for _ in range(30):
        whole = drawn_answers(law, dice, today)
        names = dice.sample(sorted(whole.given), len(whole.given) // 2)
        part = interview(law, only(whole, frozenset(names)), today)
        all_of_it = interview(law, whole, today)
        for one in part.findings:
            if one.state in SETTLED:
                assert all_of_it.finding(one.conclusion).state is one.state, one.conclusion
