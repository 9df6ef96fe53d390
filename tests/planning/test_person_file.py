"""A person file: what is wrong in it is said with its line, and near names are offered."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.planning.tiny import HOME, ON, calm, open_country, paper, place, world
from tropa.atlas import Answer, Atlas, ProfileClass, ProtectionKind, Status
from tropa.planning.errors import BadPerson, PersonProblem
from tropa.planning.person import HeldPaper, KnownStatus, PersonFacts, WishKind, WishVerdict
from tropa.planning.person_file import read_person

ATLAS: Atlas = world(
    *calm(HOME),
    place("moscow", HOME),
    *open_country("FR"),
    place("paris", "FR"),
    paper("fp10"),
    paper("internal"),
)
HEAD = "format: tropa-person 1\nplace: moscow\nprofile: summoned\n"


def problems(text: str) -> list[PersonProblem]:
    with pytest.raises(BadPerson) as caught:
        read_person(text, ATLAS, ON, name="p.yaml")
    return list(caught.value.problems)


def one_problem(text: str) -> PersonProblem:
    (problem,) = problems(text)
    return problem


def test_a_whole_file_is_read() -> None:
    person = read_person(
        HEAD
        + "papers:\n  - internal\n  - {paper: fp10, from: 2021-01-01, until: 2031-03-14}\n"
        + 'statuses: {exit_ban: "no", wanted: unknown}\n'
        + "money: 1500\nincome: 200\ndeadline: 2026-12-03\nfurther_papers: 1\nleast_haven: asylum\n"
        + "past_stays: [{country: FR, first: 2026-01-01, last: 2026-01-10}]\n"
        + "companions: [{relation: wife, profile: no_summons, papers: [internal]}]\n"
        + "wishes: {pin: {countries: [FR]}, never: {modes: [air], offices: [home_consulate]}}\n",
        ATLAS,
        ON,
    )
    assert person.profile is ProfileClass.SUMMONED
    assert person.papers == (HeldPaper("internal"), HeldPaper("fp10", date(2021, 1, 1), date(2031, 3, 14)))
    assert person.statuses == (
        KnownStatus(Status.EXIT_BAN, Answer.NO),
        KnownStatus(Status.WANTED, Answer.UNKNOWN),
    )
    assert (person.money_euros, person.income_euros, person.further_papers) == (1500, 200, 1)
    assert person.deadline == date(2026, 12, 3)
    assert person.least_haven is ProtectionKind.ASYLUM
    assert person.wished(WishKind.COUNTRY, WishVerdict.PIN) == {"FR"}
    assert len(person.companions) == 1


@pytest.mark.parametrize(
    ("tail", "where", "nearest"),
    [
        ("papers: [fp11]\n", "p.yaml:4: papers", "fp10"),
        ("papers:\n  - internal\n  - {paper: internl}\n", "p.yaml:6: papers", "internal"),
        ("statuses: {exitban: yes}\n", "p.yaml:4: statuses.exitban", "exit_ban"),
        ("mony: 5\n", "p.yaml:4: mony", "money"),
        ("wishes: {never: {countries: [RF]}}\n", "p.yaml:4: wishes.country", "FR"),
    ],
)
def test_an_unknown_name_is_said_with_its_line_and_the_nearest_one(
    tail: str, where: str, nearest: str
) -> None:
    problem = one_problem(HEAD + tail)
    assert problem.field == where
    assert nearest in problem.nearest


@pytest.mark.parametrize(
    ("place_named", "nearest"), [("Mosow", "moscow"), ("PARIS", "paris"), ("pari", "paris")]
)
def test_a_place_the_atlas_does_not_know_offers_the_nearest(place_named: str, nearest: str) -> None:
    problem = one_problem(f"format: tropa-person 1\nplace: {place_named}\nprofile: summoned\n")
    assert problem.field == "p.yaml:2: place"
    assert problem.nearest[0] == nearest


@pytest.mark.parametrize(
    "tail",
    [
        "deadline: 2026-02-30\n",
        "deadline: tomorrow\n",
        "deadline: 2026-11-21\n",
        "entered: 2026-11-23\n",
        "papers: [{paper: fp10, from: 2030-01-01, until: 2029-01-01}]\n",
        "papers: [{paper: fp10, until: 9999-01-01}]\n",
        "past_stays: [{country: FR, first: 2026-02-01, last: 2026-01-01}]\n",
        "past_stays: [{country: FR, first: 2026-02-01}]\n",
        "past_stays: [{country: FR, first: 2026-11-01, last: 2026-12-01}]\n",
        "money: -5\n",
        "money: a lot\n",
        "money: 100000000000\n",
        "income: 1.5\n",
        "further_papers: 9\n",
        "papers: fp10\n",
        "papers: [fp10, fp10]\n",
        "papers: [{until: 2030-01-01}]\n",
        "profile: [summoned]\n",
        "wishes: {pin: {countries: [FR]}, never: {countries: [FR]}}\n",
        "companions: [{relation: wife}]\n",
        "money: 5\nmoney: 6\n",
    ],
)
def test_impossible_values_are_refused_and_said_with_a_line(tail: str) -> None:
    found = problems(HEAD + tail)
    assert all(problem.field.startswith("p.yaml:") for problem in found)
    assert all(int(problem.field.split(":")[1]) >= 3 for problem in found)


def test_every_problem_is_said_at_once() -> None:
    assert len(problems(HEAD + "papers: [nothing]\nmoney: x\ndeadline: y\n")) >= 2


@pytest.mark.parametrize(
    "text", ["", "- a\n", "a: [", "just words", "format: other\n", "&a [*a]", "!!python/object:os.system {}"]
)
def test_what_is_no_person_is_refused(text: str) -> None:
    assert problems(text)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    refused: tuple[PersonProblem, ...] = ()
    person = None
    try:
        person = read_person(HEAD + text, ATLAS, ON)
    except BadPerson as error:
        refused = error.problems
    assert isinstance(person, PersonFacts) or refused
