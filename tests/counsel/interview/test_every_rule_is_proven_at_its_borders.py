"""Each rule stands in the tests beside it on both sides of every border it has; a rule that does not fails here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.counsel.interview.small_rules import SOUND, files
from tropa.counsel.interview import Book, book_of
from tropa.counsel.interview.borders import failures, missing
from tropa.counsel.interview.conditions import Aged, atoms
from tropa.counsel.interview.law import facts_of, faults_of
from tropa.counsel.interview.model import Outcome


def test_the_shipped_rules_fit_the_atlas(shipped_book, reviewed_atlas):
    assert list(faults_of(shipped_book, reviewed_atlas)) == []


def test_every_case_beside_a_rule_comes_out_as_it_says(shipped_book, reviewed_atlas):
    assert [str(fault) for fault in failures(shipped_book, reviewed_atlas)] == []


def test_no_rule_lacks_a_case_on_one_of_its_borders(shipped_book, reviewed_atlas):
    assert [str(fault) for fault in missing(shipped_book, reviewed_atlas)] == []


def test_every_rule_rests_on_facts_or_asks_for_a_person(shipped_book):
    for rule in shipped_book.rules:
        assert facts_of(rule) or rule.outcome is Outcome.PERSON, rule.id


def test_there_are_as_many_cases_as_rules_need(shipped_book):
    on_days = sum(len(case.days) for rule in shipped_book.rules for case in rule.cases)
    assert len(shipped_book.rules) >= 60
    assert on_days >= 300


def test_ages_seventeen_eighteen_thirty_and_thirty_one_are_borders_of_the_call_up(shipped_book):
    tried = {
        answer
        for rule in shipped_book.rules
        if rule.conclusion == "liable"
        for case in rule.cases
        for question, answer in case.answers
        if question == "age"
    }
    assert {"17", "18", "29", "30", "31"} <= tried


def test_a_rule_without_its_cases_is_caught(shipped_book, reviewed_atlas):
    for place, rule in enumerate(shipped_book.rules):
        rules = list(shipped_book.rules)
        rules[place] = replace(rule, cases=())
        only = replace(shipped_book, rules=(rules[place],))
        assert any(fault.line == rule.line for fault in missing(only, reviewed_atlas)), rule.id


def test_a_rule_said_to_be_in_force_one_day_more_is_caught(shipped_book, reviewed_atlas):
    moved = 0
    for place, rule in enumerate(shipped_book.rules):
        for name, day in (
            ("first", rule.first and rule.first - timedelta(days=1)),
            ("last", rule.last and rule.last + timedelta(days=1)),
        ):
            if day is None:
                continue
            changed = replace(rule, **{name: day})
            unproven = missing(replace(shipped_book, rules=(changed,)), reviewed_atlas)
            if not any("in force" in str(fault) for fault in unproven):
                rules = [*shipped_book.rules[:place], changed, *shipped_book.rules[place + 1 :]]
                assert list(failures(replace(shipped_book, rules=tuple(rules)), reviewed_atlas)), rule.id
            moved += 1
    assert moved >= 20


@pytest.mark.parametrize("left_out", ["2023-12-10, ", ", 2023-12-12"])
def test_one_day_left_out_at_an_amendment_is_caught(left_out, reviewed_atlas):
    whole = book_of(files())
    assert list(missing(whole, reviewed_atlas)) == []
    expected = SOUND.replace(left_out, "", 1)
    expected = (
        expected.replace("person, ", "", 1)
        if left_out.endswith(", ")
        else expected.replace("holds by 2023-12-06, holds", "holds by 2023-12-06", 1)
    )
    found = [str(fault) for fault in missing(book_of(files(expected)), reviewed_atlas)]
    assert len(found) == 1
    assert "in force 2023-12-11" in found[0]


def test_a_limit_of_age_moved_by_one_year_is_caught(shipped_book, reviewed_atlas):
    moved = 0
    for place, rule in enumerate(shipped_book.rules):
        for age in [atom for atom in atoms(rule.when) if isinstance(atom, Aged) and atom.most is not None]:
            changed = _with(shipped_book, place, age, replace(age, most=age.most + 1))
            assert list(failures(changed, reviewed_atlas)), rule.id
            moved += 1
    assert moved >= 3


def _with(book: Book, place: int, old: Aged, new: Aged) -> Book:
    rules = list(book.rules)
    when = rules[place].when
    parts = tuple(new if part == old else part for part in when.parts)
    rules[place] = replace(rules[place], when=replace(when, parts=parts))
    return replace(book, rules=tuple(rules))
