"""The answers that come with Tropa: pairs over all topics, each resting on facts that hold, no figure without one."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, load_pack
from tropa.counsel.library import Language, State, Topic, Why, given, judge, load_library
from tropa.counsel.library.answer import Lawyer, Length
from tropa.counsel.library.figures import figures, unsupported


@pytest.fixture(scope="module")
def atlas():
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


@pytest.fixture(scope="module")
def library():
    return load_library()


def test_there_are_at_least_forty_answers_and_some_guides(library):
    assert len(library.answers) >= 40
    kinds = Counter(answer.length for answer in library.answers.values())
    assert kinds[Length.GUIDE] >= 5


def test_every_topic_people_ask_about_has_answers(library, shared):
    lines = (shared / "facts" / "questions_seed.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["topic"] for line in lines} == {topic.value for topic in Topic}
    assert all(library.about(topic) for topic in Topic)


def test_every_cited_fact_exists_and_is_in_force_on_the_reference_day(library, atlas):
    for answer in library.answers.values():
        for fact_id in answer.facts:
            assert atlas.usable(atlas.fact(fact_id), EXAMPLE_DAY), (answer.id, fact_id)
            assert atlas.fact(fact_id).review_by >= EXAMPLE_DAY


def test_no_answer_rests_on_an_expired_fact_or_on_one_that_says_something_else(library, atlas):
    unsound = {
        answer.id: [str(reason.phrase()) for reason in judged.reasons]
        for answer in library.answers.values()
        if (judged := judge(answer, atlas, EXAMPLE_DAY)).state is not State.SOUND
    }
    assert unsound == {}


def test_a_year_later_every_answer_is_listed_as_expired_with_the_facts_that_are(library, atlas):
    later = EXAMPLE_DAY + timedelta(days=365)
    for answer in library.answers.values():
        judged = judge(answer, atlas, later)
        assert judged.state is State.EXPIRED
        assert {reason.about for reason in judged.reasons if reason.why is Why.FACT_OVERDUE} == set(
            answer.facts
        )


def test_every_figure_of_a_text_stands_in_its_facts(library, atlas):
    assert {
        answer.id: found for answer in library.answers.values() if (found := unsupported(answer, atlas))
    } == {}


def test_a_figure_taken_out_of_the_facts_is_noticed(library, atlas):
    for answer_id, dropped in (
        ("summons-unread-flight", "CLK-REG-7"),
        ("exit-state-secrets", "CLK-SECRET-1825"),
    ):
        answer = library.answer(answer_id)
        less = replace(answer, facts=tuple(fact for fact in answer.facts if fact != dropped))
        assert unsupported(less, atlas)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("30 000 долларов", ["30000"]),
        ("30,000 USD in 2026-01-01", ["30000", "2026", "1", "1"]),
        ("с 20.01.2026", ["20", "1", "2026"]),
        ("ч. 2.1 ст. 337", ["2.1", "337"]),
        ("1. Первое\n2. Второе за 7 дней", ["7"]),
    ],
)
def test_figures_are_read_as_people_write_them(text, found):
    assert list(figures(text)) == found


def test_all_are_marked_as_needing_a_lawyer(library):
    assert {answer.lawyer for answer in library.answers.values()} == {Lawyer.NEEDED}


def test_on_a_real_clock_nobody_has_reviewed_the_facts_so_none_is_given(library):
    unreviewed = load_pack(SHIPPED_PACK)
    assert all(
        judge(answer, unreviewed, EXAMPLE_DAY).state is State.EXPIRED for answer in library.answers.values()
    )


@pytest.mark.parametrize("language", list(Language))
def test_what_is_given_names_its_day_and_when_to_look_again(library, atlas, language):
    answer = library.answer("country-georgia-lars")
    told = given(judge(answer, atlas, EXAMPLE_DAY), language).whole
    assert ("22 ноября 2026" if language is Language.RU else "22 November 2026") in told
    assert (
        "6 декабря 2026" if language is Language.RU else "6 December 2026"
    ) in told  # posts: fourteen days


ROUGH = re.compile(r"\b(пришёл|должен ли я|вы должны были|ты|тебе|твой)\b", re.IGNORECASE)


def test_people_are_called_vy_and_no_text_assumes_a_man_or_a_woman(library):
    for answer in library.answers.values():
        assert not ROUGH.search(answer.text.ru), answer.id
        assert not re.search(r"\b(?:вы|Вы) [а-яё]+л\b", answer.text.ru), answer.id


def test_texts_are_short_enough_to_be_read_on_a_phone(library):
    for answer in library.answers.values():
        words = len(answer.text.ru.split())
        assert words <= (260 if answer.length is Length.GUIDE else 175), (answer.id, words)


def test_ids_are_plain_and_topics_stand_together(library):
    topics = [answer.topic for answer in library.answers.values()]
    assert topics == sorted(topics, key=list(Topic).index)
    assert all(re.fullmatch(r"[a-z0-9-]+", answer_id) for answer_id in library.answers)
    assert all(answer.history[0].on <= date(2026, 11, 22) for answer in library.answers.values())
