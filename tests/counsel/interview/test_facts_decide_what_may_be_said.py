"""A rule says something only while its facts may be used; a coming change is announced; every reason is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, Atlas, load_pack
from tropa.counsel.interview import Answers, Law, State, Teller, WhyPerson, interview, read_answers
from tropa.counsel.interview.law import facts_of

YOUNG = [("service", "civilian"), ("age", "20"), ("reserve", "no")]


def with_fact(atlas: Atlas, fact_id: str, **changed: object) -> Atlas:
    facts = [replace(fact, **changed) if fact.id == fact_id else fact for fact in atlas.facts.values()]
    return Atlas(meta=atlas.meta, facts=facts, reviewed_as_of=atlas.reviewed_as_of)


def test_on_a_real_clock_facts_nobody_confirmed_end_in_a_person(shipped_book, today):
    law = Law(shipped_book, load_pack(SHIPPED_PACK))
    result = interview(law, read_answers(YOUNG, law.book, today), today)
    finding = result.finding("liable")
    assert (finding.state, finding.why) == (State.PERSON, WhyPerson.FACTS_WAIT)
    assert finding.reasons[0].kept_by == ("LR-01",)


def test_a_prohibition_nobody_reviewed_is_shown_as_a_warning_and_never_lets_anybody_go(shipped_book, today):
    law = Law(shipped_book, load_pack(SHIPPED_PACK))
    barred = [("service", "civilian"), ("summons", "none"), ("bars", "none"), ("told-of-ban", "yes")]
    free = [*barred[:-1], ("told-of-ban", "no")]
    for pairs, said in ((barred, "exit-ban.told"), (free, "exit-ban.nothing-known")):
        result = interview(law, read_answers(pairs, law.book, today), today)
        finding = result.finding("exit-ban")
        assert (finding.state, finding.why) == (State.PERSON, WhyPerson.FACTS_WAIT)
        assert [reason.rule.id for reason in finding.reasons] == [said]
    told = Teller(law, "ru").told(result)
    assert (
        "никто не подтвердил"
        in next(one for one in told.topics if one.title == "Выезд из России").findings[0].person
    )


def test_a_fact_past_its_review_suspends_what_rests_on_it(shipped_book, reviewed_atlas, today):
    for day, state in ((today, State.HOLDS), (today + timedelta(days=1), State.PERSON)):
        law = Law(shipped_book, with_fact(reviewed_atlas, "LR-01", review_by=today))
        assert interview(law, read_answers(YOUNG, law.book, day), day).finding("liable").state is state


def test_a_fact_that_is_gone_from_the_atlas_suspends_what_rests_on_it(shipped_book, reviewed_atlas, today):
    facts = [fact for fact in reviewed_atlas.facts.values() if fact.id != "LR-01"]
    law = Law(shipped_book, Atlas(meta=reviewed_atlas.meta, facts=facts, reviewed_as_of=date.min))
    assert (
        interview(law, read_answers(YOUNG, law.book, today), today).finding("liable").why
        is WhyPerson.FACTS_WAIT
    )


def test_every_conclusion_of_every_rule_goes_to_a_person_when_one_of_its_facts_waits(law, today):
    """Each fact in turn: no rule that rests on it speaks, and every other rule stays as it was."""
    named = {name for rule in law.book.rules for name in facts_of(rule)}
    before = law.on(today).forces
    for name in sorted(named):
        changed = Law(law.book, with_fact(law.atlas, name, valid_from=date(2099, 1, 1)))
        after = changed.on(today).forces
        resting = {rule.id for rule in law.book.rules if name in facts_of(rule)}
        assert all(after[rule].force != "speaks" for rule in resting), name
        assert all(after[rule.id] == before[rule.id] for rule in law.book.rules if rule.id not in resting), (
            name
        )


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_change_to_call_up_all_year_was_announced_before_it_came(law, language):
    day = date(2025, 12, 1)
    told = Teller(law, language).told(interview(law, read_answers(YOUNG, law.book, day), day))
    first = {"ru": "С 1\u00a0января 2026", "en": "From 1\u00a0January 2026"}[language]
    assert any(line.startswith(first) for line in told.coming)


def test_a_change_that_comes_after_today_is_announced_and_one_that_came_is_not(
    shipped_book, reviewed_atlas, today
):
    ends = today + timedelta(days=30)
    law = Law(shipped_book, with_fact(reviewed_atlas, "LR-13", valid_until=ends))
    answers = read_answers([("summons", "notice")], law.book, today)
    coming = interview(law, answers, today).coming
    assert [(one.day, one.begins, one.rule.id) for one in coming] == [
        (ends + timedelta(days=1), False, "notice.no-summons")
    ]
    for later in (ends, ends + timedelta(days=1)):
        found = interview(law, answers, later)
        assert bool(found.coming) is (later == ends)
        assert found.finding("notice").state is (State.HOLDS if later == ends else State.PERSON)


def test_a_change_that_does_not_touch_somebody_is_not_announced_to_him(law):
    day = date(2025, 12, 1)
    old = read_answers(
        [("service", "civilian"), ("age", "50"), ("reserve", "yes"), ("summons", "none")], law.book, day
    )
    assert [one.rule.id for one in interview(law, old, day).coming if one.rule.conclusion == "dispatch"] == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_conclusion_shows_its_sentence_its_answers_and_its_dated_facts(law, language, today):
    pairs = [("told-of-ban", "yes"), ("told-day", "2026-11-20"), ("passports", "fp10"), ("place", "russia")]
    told = Teller(law, language).told(interview(law, read_answers(pairs, law.book, today), today))
    shown = {finding.id: finding for topic in told.topics for finding in topic.findings}
    hand_in = shown["hand-in"].reasons[0]
    assert {"ru": "Не позже: 25\u00a0ноября 2026", "en": "By: 25\u00a0November 2026"}[
        language
    ] in hand_in.days
    assert [one.question for one in hand_in.answers] == ["told-of-ban", "told-day", "passports"]
    assert [(one.id, one.as_of) for one in hand_in.facts] == [("CLK-PASS-5", "2023-12")]
    assert shown["leaving"].reasons[0].because != ()
    assert {"ru": "до 2 лет", "en": "up to 2 years"}[language] in shown["crossing"].reasons[0].sentence


def test_no_sentence_is_left_with_a_hole(law):
    for language in ("ru", "en"):
        teller = Teller(law, language)
        for rule in law.book.rules:
            said = teller._sentence(rule.text)
            assert "{" not in said, rule.id
            assert "not on record" not in said, rule.id
            assert "не записан" not in said, rule.id


def test_a_day_that_cannot_be_counted_is_said_to_be_missing(law, today):
    pairs = [("told-of-ban", "yes"), ("told-day", "unknown"), ("passports", "fp10")]
    result = interview(law, read_answers(pairs, law.book, today), today)
    told = Teller(law, "en").told(result)
    hand_in = next(one for topic in told.topics for one in topic.findings if one.id == "hand-in")
    assert hand_in.reasons[0].days == ("By: not counted: the day it starts from is not known",)


def test_who_writes_of_a_soldier_is_always_sent_to_a_person(law, today):
    for service in ("conscript", "contract", "mobilised"):
        result = interview(law, Answers({"service": service}), today)
        assert result.finding("soldier").state is State.PERSON


def test_the_day_of_the_example_lies_within_every_fact_the_rules_rest_on(law):
    spoken = law.on(EXAMPLE_DAY).forces.values()
    assert [one for one in spoken if one.force == "suspended"] == []


def test_what_somebody_asked_about_is_told_first(law, today):
    pairs = [("service", "civilian"), ("summons", "conscription"), ("told-of-ban", "yes")]
    for topic in ("exit", "penalties"):
        answers = read_answers([*pairs, ("about", topic)], law.book, today)
        told = Teller(law, "en").told(interview(law, answers, today))
        assert told.topics[0].title == law.book.topics[topic].title.en
