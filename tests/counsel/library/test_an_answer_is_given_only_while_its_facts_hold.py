"""Whatever speaks against an answer is named, and the answer is not given."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, Atlas, Text, load_pack
from tropa.atlas.kinds import Stop
from tropa.atlas.model import Effect
from tropa.atlas.terms import Kind
from tropa.counsel.library import AnswerRefused, Language, State, Why, given, judge, load_library
from tropa.counsel.library.saying import said_by


@pytest.fixture(scope="module")
def atlas():
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


@pytest.fixture(scope="module")
def answer():
    return load_library().answer("country-georgia-lars")


def with_facts(atlas: Atlas, *changed, without: str = "") -> Atlas:
    """The same atlas with these facts in place of theirs."""
    facts = {**atlas.facts, **{fact.id: fact for fact in changed}}
    facts.pop(without, None)
    return Atlas(meta=atlas.meta, facts=facts.values(), reviewed_as_of=atlas.reviewed_as_of)


def reasons(judged):
    return {(reason.why, reason.about) for reason in judged.reasons}


def refused(answer, atlas, on=EXAMPLE_DAY, disputed=frozenset()):
    with pytest.raises(AnswerRefused) as told:
        given(judge(answer, atlas, on, disputed=disputed), Language.RU)
    assert told.value.reasons
    return {(reason.why, reason.about) for reason in told.value.reasons}


def test_a_sound_one_is_given(answer, atlas):
    assert judge(answer, atlas, EXAMPLE_DAY).state is State.SOUND
    assert given(judge(answer, atlas, EXAMPLE_DAY), Language.EN).title.startswith("Is Verkhny Lars open")


def test_the_last_day_of_review_still_counts_and_the_day_after_does_not(answer, atlas):
    last = judge(answer, atlas, EXAMPLE_DAY).earliest
    assert judge(answer, atlas, last).state is State.SOUND
    assert (Why.FACT_OVERDUE, "post-LND-GE-01") in refused(answer, atlas, last + timedelta(days=1))


def test_a_text_past_its_own_review_is_not_given(answer, atlas):
    old = replace(answer, review_by=EXAMPLE_DAY - timedelta(days=1))
    assert refused(old, atlas) == {(Why.ANSWER_OVERDUE, "")}


def test_a_fact_that_is_gone_contradicts(answer, atlas):
    less = with_facts(atlas, without="insurance-ge")
    assert judge(answer, less, EXAMPLE_DAY).state is State.CONTRADICTED
    assert (Why.FACT_GONE, "insurance-ge") in refused(answer, less)


def test_a_fact_that_says_something_else_contradicts_even_if_it_was_just_reviewed(answer, atlas):
    fact = atlas.fact("CLK-GE-365")
    shorter = with_facts(atlas, replace(fact, value=replace(fact.value, days=90)))
    assert {(Why.FACT_CHANGED, "CLK-GE-365"), (Why.FIGURE, "365")} <= refused(answer, shorter)


def test_a_later_review_alone_contradicts_nothing(answer, atlas):
    fact = atlas.fact("CLK-GE-365")
    again = replace(fact, review_by=fact.review_by + timedelta(days=90), sources=fact.sources[:1])
    assert said_by(again) == said_by(fact)
    assert judge(answer, with_facts(atlas, again), EXAMPLE_DAY).state is State.SOUND


def test_an_end_of_validity_is_a_change_and_an_expiry(answer, atlas):
    fact = atlas.fact("CLK-GE-365")
    ended = with_facts(atlas, replace(fact, valid_until=EXAMPLE_DAY - timedelta(days=1)))
    assert {(Why.FACT_OVER, "CLK-GE-365"), (Why.FACT_CHANGED, "CLK-GE-365")} <= refused(answer, ended)


def test_a_fact_not_yet_in_force_holds_an_answer_back(answer, atlas):
    fact = atlas.fact("CLK-GE-365")
    future = with_facts(atlas, replace(fact, valid_from=EXAMPLE_DAY + timedelta(days=1)))
    assert (Why.FACT_NOT_YET, "CLK-GE-365") in refused(answer, future)


def test_a_dispute_of_sources_contradicts(answer, atlas):
    assert refused(answer, atlas, disputed=frozenset({"INC-GE-03"})) == {(Why.FACT_DISPUTED, "INC-GE-03")}


def test_an_emergency_stop_contradicts(atlas):
    flights = load_library().answer("country-direct-flights")
    stop = replace(
        atlas.fact("gap-abkhazia"),
        id="stop-georgia",
        kind=Kind.STOP,
        effect=Effect.PROHIBITION,
        value=Stop(scope="GE", said="closed tonight"),
        note=Text(en="closed", ru="закрыто"),
    )
    stopped = with_facts(atlas, stop)
    assert judge(flights, stopped, EXAMPLE_DAY).state is State.CONTRADICTED
    assert (Why.FACT_STOPPED, "entry-GE") in refused(flights, stopped)


def test_a_prohibition_nobody_reviewed_binds_plans_but_is_not_told_as_checked(atlas):
    debts = load_library().answer("exit-debts")
    real = load_pack(SHIPPED_PACK)
    assert {why for why, _about in refused(debts, real)} == {Why.FACT_UNREVIEWED}


def test_every_reason_can_be_said(answer, atlas):
    less = with_facts(atlas, without="insurance-ge")
    for reason in judge(answer, less, EXAMPLE_DAY + timedelta(days=400)).reasons:
        assert str(reason.phrase()).endswith(".")
