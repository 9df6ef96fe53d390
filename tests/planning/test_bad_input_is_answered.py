"""Whatever is asked, an answer in words: names that are near, wishes that contradict, facts that expired and whose they
are. The other cases have files of their own: worlds that lead nowhere, time over, a hundred people at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.planning.tiny import HOME, ON, calm, haven, leg, open_country, person, place, world
from tropa.atlas import Atlas
from tropa.planning.answer import Planner, plans_for
from tropa.planning.errors import BadPerson
from tropa.planning.person import HeldPaper, PastStay, PersonFacts, Wish, WishKind, WishVerdict
from tropa.planning.table import table
from tropa.planning.words import Words

REVIEWED_UNTIL = ON - timedelta(days=3)


def small(**changes: object) -> Atlas:
    return world(
        *calm(HOME),
        place("harbour", HOME),
        *open_country("BB"),
        place("brook", "BB"),
        *leg("harbour", "brook", id_="over", **changes),  # type: ignore[arg-type]
        *haven("BB"),
    )


def problem(someone: PersonFacts, atlas: Atlas | None = None) -> tuple[str, str, tuple[str, ...]]:
    with pytest.raises(BadPerson) as caught:
        plans_for(atlas or small(), someone, ON)
    (one,) = caught.value.problems
    return one.field, one.found, one.nearest


def test_an_unknown_place_is_answered_with_the_nearest() -> None:
    assert problem(person("harbor")) == ("place", "harbor", ("harbour",))


def test_an_unknown_paper_is_answered_with_the_nearest() -> None:
    field, found, nearest = problem(person("harbour", papers=(HeldPaper("fpp"),)))
    assert (field, found) == ("papers", "fpp")
    assert "fp" in nearest


def test_an_unknown_country_is_answered_with_the_nearest_wherever_it_stands() -> None:
    stay = PastStay("BX", ON - timedelta(days=9), ON - timedelta(days=5))
    assert problem(person("harbour", past_stays=(stay,)))[:2] == ("past_stays", "BX")
    wish = Wish(WishKind.COUNTRY, "BX", WishVerdict.NEVER)
    assert problem(person("harbour", wishes=(wish,))) == ("wishes.country", "BX", ("BB",))
    with pytest.raises(BadPerson) as caught:
        Planner(small()).plans(person("harbour"), ON, ask_about=["BX"])
    assert caught.value.problems[0].nearest == ("BB",)


def test_wishes_that_contradict_are_named() -> None:
    both = tuple(Wish(WishKind.COUNTRY, "BB", verdict) for verdict in (WishVerdict.PIN, WishVerdict.NEVER))
    with pytest.raises(BadPerson) as caught:
        person("harbour", wishes=both)
    (one,) = caught.value.problems
    assert (one.field, one.found) == ("wishes.country", "BB")
    assert "contradict" in one.expected


def test_wishes_that_leave_no_way_only_together_are_named_as_such() -> None:
    wishes = (Wish(WishKind.COUNTRY, "BB", WishVerdict.PIN), Wish(WishKind.LEG, "over", WishVerdict.NEVER))
    none = plans_for(small(), person("harbour", wishes=wishes), ON).no_plan
    assert none is not None
    named = {dict(reason.values).get("about") for reason in none.closed_by}
    assert "over" in named


@pytest.mark.parametrize("money", [-1, 10**12])
def test_amounts_that_cannot_be_are_refused_with_their_bounds(money: int) -> None:
    with pytest.raises(BadPerson) as caught:
        person("harbour", money=money)
    (one,) = caught.value.problems
    assert (one.field, one.found) == ("money_euros", str(money))
    assert "euros" in one.expected


def test_dates_that_cannot_be_are_refused() -> None:
    assert problem(person("harbour", deadline=ON - timedelta(days=1)))[0] == "deadline"
    assert problem(person("harbour", entered=date(2099, 1, 1)))[0] == "entered"


@pytest.mark.parametrize(
    ("language", "team"), [("en", "the “borders” team"), ("ru", "группа «границы»")], ids=["en", "ru"]
)
def test_an_expired_fact_opens_nothing_and_the_answer_says_which_and_who_can_renew_it(
    language: str, team: str
) -> None:
    someone = person("harbour")
    answer = plans_for(small(review_by=REVIEWED_UNTIL, owner="borders"), someone, ON)
    assert answer.plans == ()
    assert answer.no_plan is not None
    words = Words(language, answer)
    closed = [words.say(one.reason) for one in answer.closed if one.reason.code == "fact_overdue"]
    assert len(closed) == 1
    assert "over" in closed[0]
    assert team in closed[0]
    opened = [words.say(one) for one in answer.no_plan.would_open if one.code == "open_confirm"]
    assert team in opened[0]
    assert table("person", answer, someone, language).count(team) >= 2
    assert plans_for(small(review_by=ON), someone, ON).plans


def test_a_team_the_planner_has_no_word_for_is_called_what_the_pack_calls_it() -> None:
    answer = plans_for(small(review_by=REVIEWED_UNTIL, owner="night-shift"), person("harbour"), ON)
    said = [Words("ru", answer).say(one.reason) for one in answer.closed]
    assert any("night-shift" in line for line in said)
