"""The pages of the library: every answer with its state, found by the words of whoever asks."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from tests.desk.world import World, signed_in
from tropa.counsel.library import AnswerRefused, Language, State, UnknownAnswer
from tropa.desk.atlas.in_force import look_again
from tropa.desk.library import in_force
from tropa.desk.library.counting import Counts, Use, count, counts
from tropa.desk.library.finding import found_for
from tropa.desk.library.lines import levels_of
from tropa.desk.library.models import AnswerUse
from tropa.desk.library.proposing import HARDEST
from tropa.desk.pages.fact_words import title_of

OVERDUE = date(2026, 12, 7)


@pytest.fixture
def after_the_reviews(monkeypatch):
    """The day after border posts and incidents had to be looked at again."""
    monkeypatch.setattr("tropa.desk.clock.facts_day", lambda _at=None: OVERDUE)


def test_every_answer_stands_on_the_page_with_its_topic(world: World) -> None:
    page = signed_in(world.boris).get("/answers/").content.decode()
    for answer in in_force.library().answers.values():
        assert f"/answers/{answer.id}/" in page


def test_a_question_in_plain_words_finds_its_answer_and_stays_out_of_the_address(world: World) -> None:
    client = signed_in(world.boris)
    found = client.post("/answers/", {"asked": "камеры в метро забирают призывников"})
    assert "/answers/summons-metro-cameras/" in found.content.decode().partition("found-h")[2][:3000]
    nothing = client.post("/answers/", {"asked": "zxqv"}).content.decode()
    assert "found-h" in nothing
    assert found_for("zxqv") == ()
    assert found_for("") == ()


def test_one_answer_shows_both_languages_and_its_facts(world: World) -> None:
    page = signed_in(world.boris).get("/answers/country-georgia-lars/").content.decode()
    assert "Верхний Ларс открыт" in page
    assert "Verkhny Lars is open" in page
    assert "/atlas/INC-GE-03/" in page
    assert signed_in(world.boris).get("/answers/nothing-such/").status_code == 404


def test_an_answer_says_how_hard_it_is_to_read_who_keeps_it_and_when_somebody_looks_again(
    world: World,
) -> None:
    answer = in_force.library().answer("country-georgia-lars")
    levels = levels_of(answer)
    assert all(1 < years < HARDEST for years in levels.values())
    page = signed_in(world.boris).get("/answers/country-georgia-lars/").content.decode()
    told = page.partition("use-h")[2]
    assert f"RU: {levels[Language.RU]} " in told
    assert f"EN: {levels[Language.EN]} " in told
    for name in ("сложность чтения", "отвечает", "проверить до"):
        assert f"<dt>{name}</dt>" in told
    hard = replace(answer, text=replace(answer.text, en="Administrative institutionalisation " * 90))
    assert levels_of(hard)[Language.EN] > HARDEST


def test_an_expired_one_says_so_and_why(world: World, after_the_reviews: None) -> None:
    client = signed_in(world.boris)
    page = client.get("/answers/country-georgia-lars/").content.decode()
    title = title_of(look_again().atlas.fact("INC-GE-01"))
    assert f"Факт «{title}» (INC-GE-01) надо было проверить до" in page
    assert "Подтвердить может группа: происшествия." in page
    listed = client.get("/answers/?state=expired").content.decode()
    assert "country-georgia-lars" in listed
    assert "summons-age" not in listed.partition("page-head")[2].partition('class="foot"')[0]


@pytest.mark.django_db
def test_what_is_not_sound_is_refused_with_its_reasons(after_the_reviews: None) -> None:
    assert in_force.judged()["country-georgia-lars"].state is State.EXPIRED
    with pytest.raises(AnswerRefused) as refused:
        in_force.require_sound("country-georgia-lars")
    assert {reason.about for reason in refused.value.reasons} >= {"INC-GE-01"}
    with pytest.raises(UnknownAnswer):
        in_force.require_sound("nothing-such")


@pytest.mark.django_db
def test_use_is_counted_by_week_and_forgotten_after_a_year() -> None:
    count(["summons-age", "exit-debts"], Use.SENT, day=date(2026, 11, 22))
    count(["summons-age"], Use.SENT, day=date(2026, 11, 16))
    count(["summons-age"], Use.HELPED, day=date(2026, 11, 23))
    assert counts()["summons-age"] == Counts(sent=2, helped=1)
    assert set(AnswerUse.objects.values_list("week", flat=True)) == {date(2026, 11, 16), date(2026, 11, 23)}
    count(["exit-debts"], Use.SENT, day=date(2027, 11, 29))
    assert counts() == {"exit-debts": Counts(sent=1)}


def test_a_passer_by_sees_no_answer() -> None:
    assert Client().get("/answers/").status_code == 302
