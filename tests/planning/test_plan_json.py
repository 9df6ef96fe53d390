"""Planning values as JSON: what comes back equals what went in, and nothing unknown is accepted."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.atlas import Answer, ProfileClass, ProtectionKind, Status
from tropa.planning.person import (
    Companion,
    HeldPaper,
    KnownStatus,
    PastStay,
    PersonFacts,
    Wish,
    WishKind,
    WishVerdict,
)
from tropa.planning.plan import Cost, Fallback, FallbackCause, Reason, Span, Step, StepKind
from tropa.planning.plan_json import VERSION, WrongJson, from_json, to_json

names = st.text(min_size=1, max_size=12)
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))
papers = st.builds(HeldPaper, names, st.none(), st.one_of(st.none(), days))
statuses = st.lists(
    st.builds(KnownStatus, st.sampled_from(Status), st.sampled_from(Answer)), unique_by=lambda one: one.status
)
people = st.builds(
    PersonFacts,
    place=names,
    profile=st.sampled_from(ProfileClass),
    papers=st.lists(papers, max_size=4, unique_by=lambda one: one.paper).map(tuple),
    statuses=statuses.map(tuple),
    entered=st.one_of(st.none(), days),
    past_stays=st.lists(days.map(lambda day: PastStay("FR", day, day)), max_size=2).map(tuple),
    money_euros=st.integers(0, 10_000),
    income_euros=st.integers(0, 10_000),
    deadline=st.one_of(st.none(), days),
    companions=st.lists(
        st.builds(Companion, names, st.sampled_from(ProfileClass), st.just(())), max_size=2
    ).map(tuple),
    wishes=st.lists(
        st.builds(Wish, st.sampled_from(WishKind), names, st.just(WishVerdict.NEVER)), max_size=3
    ).map(tuple),
    further_papers=st.integers(0, 4),
    least_haven=st.one_of(st.none(), st.sampled_from(ProtectionKind)),
)


@given(people)
def test_a_person_comes_back_as_it_went(person: PersonFacts) -> None:
    text = to_json(person)
    assert from_json(PersonFacts, text) == person
    assert to_json(from_json(PersonFacts, text)) == text


def step() -> Step:
    cost = Cost(Span(0, 0.1, 0.2), Span(1, 2, 3), Span(0, 10, 20))
    inner = Fallback(FallbackCause.REFUSED, Span(0.1, 0.2, 0.3), (), None, (Reason("no_fallback"),))
    return Step(
        1,
        StepKind.OBTAIN,
        "a",
        "",
        "x",
        "x",
        date(2026, 1, 1),
        date(2026, 2, 1),
        ("fp",),
        ("visa",),
        None,
        cost,
        Span(0.7, 0.8, 0.9),
        (Reason("obtain_opens", (("paper", "visa"),)),),
        ("f",),
        (inner,),
        (),
    )


def test_a_step_with_its_fallbacks_comes_back_as_it_went() -> None:
    assert from_json(Step, to_json(step())) == step()


def changed(**changes: object) -> str:
    document = json.loads(to_json(step()))
    for path, value in changes.items():
        document["value"][path] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        to_json(step()).replace('"label":"Step"', '"label":"Plan"'),
        to_json(step()).replace(f'"version":{VERSION}', f'"version":{VERSION + 1}'),
        changed(number="1"),
        changed(number=True),
        changed(kind="fly"),
        changed(starts="2026-02-30"),
        changed(extra=1),
        changed(facts="f"),
        changed(cost=None),
        changed(chance={"low": 0.9, "point": 0.5, "high": 1}),
        changed(chance={"low": 0.1, "point": 0.5}),
        changed(reasons=[{"code": "x", "values": [["a"]]}]),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(WrongJson):
        from_json(Step, text)


def test_an_error_names_the_field_and_never_its_content() -> None:
    with pytest.raises(WrongJson, match=r"value\.kind") as caught:
        from_json(Step, changed(kind="a secret place"))
    assert "secret" not in str(caught.value)


def test_a_text_of_before_a_field_was_added_still_opens() -> None:
    document = json.loads(to_json(PersonFacts("moscow", ProfileClass.SUMMONED)))
    for added in ("further_papers", "least_haven", "past_stays"):
        del document["value"][added]
    assert from_json(PersonFacts, json.dumps(document)).place == "moscow"
