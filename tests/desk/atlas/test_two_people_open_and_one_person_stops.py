"""What opens or weighs takes two people; a stop takes one and never lapses; lifting it takes two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.desk.atlas.changing import as_seen, proposed, reviewed, standing
from tests.desk.world import World, signed_in
from tropa.atlas import Standing
from tropa.atlas.overlay import Act, NagKind, nags
from tropa.desk import clock
from tropa.desk.atlas.content import Content, Seen
from tropa.desk.atlas.errors import (
    AlreadyDecided,
    NotAResearcher,
    NothingChanges,
    OwnProposal,
    WrongChange,
)
from tropa.desk.atlas.in_force import in_force, look_again
from tropa.desk.atlas.models import Change, Verdict
from tropa.desk.atlas.services import approve, change_fact, decline, ease, stop

KZ = "Двоих выдали, хотя они просили убежища."


def test_a_hazard_and_an_entry_rule_wait_for_a_second_person(world: World) -> None:
    hazard = next(fact for fact in in_force().atlas.facts.values() if fact.kind == "hazard")
    for waiting in (
        proposed(world.stranger, "entry-AM", papers=[["fp10"]]),
        proposed(world.stranger, hazard.id, chance=[0.3, 0.4, 0.6]),
    ):
        assert waiting.waits
    assert look_again().acts == ()
    assert len(look_again().rows) == 2


def test_what_closes_counts_at_once(world: World) -> None:
    leg = "air-yerevan-paris"
    done = proposed(world.stranger, leg, valid_until="2026-11-01")
    assert not done.waits
    assert standing(leg, clock.facts_day()) is Standing.NO_LONGER_VALID


def test_the_proposer_never_decides(world: World) -> None:
    waiting = proposed(world.anna, "entry-AM", papers=[["fp10"]])
    for act in (approve, decline):
        with pytest.raises(OwnProposal):
            act(reader=world.anna.reader(), change_id=waiting.id)
    row = Change.objects.get(pk=waiting.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=row.pk).update(second=world.anna.member, verdict=Verdict.APPROVED, place=99)
    answer = signed_in(world.anna).post(f"/atlas/changes/{waiting.id}/", {"act": "approve"})
    assert answer.status_code == 409
    assert look_again().acts == ()


def test_advisers_decide_nothing(world: World) -> None:
    waiting = proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    with pytest.raises(NotAResearcher):
        approve(reader=world.boris.reader(), change_id=waiting.id)
    assert signed_in(world.boris).post(f"/atlas/changes/{waiting.id}/", {"act": "approve"}).status_code == 403


def test_a_second_person_makes_it_count_and_nobody_decides_twice(world: World) -> None:
    waiting = proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    answer = signed_in(world.anna).post(f"/atlas/changes/{waiting.id}/", {"act": "approve"})
    assert answer["Location"].endswith("?said=change-approved")
    papers = look_again().atlas.fact("entry-AM").value.papers  # type: ignore[union-attr]
    assert papers.alternatives == (frozenset({"fp10"}),)
    with pytest.raises(AlreadyDecided):
        decline(reader=world.anna.reader(), change_id=waiting.id)


def test_a_declined_proposal_never_counts(world: World) -> None:
    waiting = proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    decline(reader=world.anna.reader(), change_id=waiting.id)
    with pytest.raises(AlreadyDecided):
        approve(reader=world.anna.reader(), change_id=waiting.id)
    assert look_again().acts == ()
    assert "отклонено" in signed_in(world.boris).get("/atlas/entry-AM/").content.decode()


def test_a_stop_closes_at_once_and_stands_past_its_day(world: World) -> None:
    day = clock.facts_day()
    assert standing("entry-KZ", day) is Standing.USABLE
    done = stop(reader=world.stranger.reader(), scope="KZ", reason=KZ)
    assert not done.waits
    for later in (day, day + timedelta(days=14), day + timedelta(days=4000)):
        assert standing("entry-KZ", later) is Standing.STOPPED
    assert NagKind.STOP_OVERDUE in {nag.kind for nag in nags(in_force().overlaid, day + timedelta(days=30))}
    with pytest.raises(NothingChanges):
        stop(reader=world.anna.reader(), scope="KZ", reason=KZ)


def test_lifting_a_stop_takes_two(world: World) -> None:
    day = clock.facts_day()
    stop(reader=world.anna.reader(), scope="KZ", reason=KZ)
    waiting = ease(reader=world.anna.reader(), scope="KZ", reason="Прекратилось.")
    assert waiting.waits
    assert standing("entry-KZ", day) is Standing.STOPPED
    with pytest.raises(OwnProposal):
        approve(reader=world.anna.reader(), change_id=waiting.id)
    approve(reader=world.stranger.reader(), change_id=waiting.id)
    assert standing("entry-KZ", day) is Standing.USABLE


@pytest.mark.parametrize("who", ["boris", "vera"])
def test_advisers_stop_nothing(world: World, who: str) -> None:
    with pytest.raises(NotAResearcher):
        stop(reader=getattr(world, who).reader(), scope="KZ", reason=KZ)
    assert signed_in(getattr(world, who)).post("/atlas/KZ/stop/", {"reason": KZ}).status_code == 403


def test_stopping_and_lifting_by_the_pages(world: World) -> None:
    client = signed_in(world.stranger)
    assert client.post("/atlas/KZ/stop/", {"reason": " "}).status_code == 422
    answer = client.post("/atlas/KZ/stop/", {"reason": KZ})
    assert answer["Location"] == "/atlas/countries/KZ/?said=atlas-stopped"
    assert KZ in client.get(answer["Location"]).content.decode()
    answer = client.post("/atlas/KZ/stop/", {"reason": "Прекратилось."})
    assert answer["Location"].endswith("?said=stop-easing-asked")
    assert standing("entry-KZ", clock.facts_day()) is Standing.STOPPED


def test_a_change_that_does_not_fit_is_refused_with_its_reasons(world: World) -> None:
    with pytest.raises(WrongChange) as refused:
        proposed(world.stranger, "entry-AM", papers=[["no-such-paper"]])
    assert refused.value.reasons
    with pytest.raises(WrongChange):
        ease(reader=world.stranger.reader(), scope="KZ", reason="Не было стопа.")
    assert Change.objects.count() == 0


def test_a_conflict_is_noted_shown_and_settled(world: World) -> None:
    content = Content(
        as_seen(["living-AM"], Act.PROPOSED), "Другой обзор цен.", record={"euros_per_day": [20, 30, 45]}
    )
    noted = change_fact(reader=world.stranger.reader(), act=Act.PROPOSED, content=content)
    assert not noted.waits
    client = signed_in(world.anna)
    assert "living-AM" in client.get("/atlas/all/conflicts/").content.decode()
    told = {"fact": "living-AM", "conflict": noted.id, "side": "theirs", "reason": "Обзор свежее."}
    answer = client.post("/atlas/all/conflicts/", told)
    assert answer["Location"].endswith("?said=conflict-settled"), answer.content.decode()
    assert look_again().overlaid.conflicts == ()
    assert look_again().atlas.fact("living-AM").value.euros_per_day.point == 30  # type: ignore[union-attr]


def test_our_own_word_can_be_taken_back(world: World) -> None:
    content = Content(as_seen(["living-AM"], Act.SET), "Обзор цен.", record={"euros_per_day": [20, 30, 45]})
    change_fact(reader=world.stranger.reader(), act=Act.SET, content=content)
    answer = signed_in(world.stranger).post("/atlas/living-AM/withdraw/", {"reason": "Обзор ошибся."})
    assert answer.status_code == 302
    assert look_again().atlas.fact("living-AM").value.euros_per_day.point != 30  # type: ignore[union-attr]


def test_the_second_person_sees_before_and_after(world: World) -> None:
    waiting = proposed(world.stranger, "entry-AM", passport_days=90)
    page = signed_in(world.anna).get(f"/atlas/changes/{waiting.id}/").content.decode()
    assert "<ins>90</ins>" in page


def test_a_fact_is_edited_and_added_by_form(world: World) -> None:
    client = signed_in(world.stranger)
    form = {"reason": "Новость подтвердили двое.", "country.value": "KZ", "what.value": "extradited"}
    form |= {"happened.value": "2026-11-20", "profile.ru": "дезертир", "profile.en": "a deserter"}
    form |= {"summary.ru": "Выдан.", "summary.en": "Handed over.", "title": "Пресса", "dated": "2026-11-20"}
    answer = client.post("/atlas/add/incident/", form)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get("/atlas/countries/KZ/").content.decode()
    assert "Выдан." in page
    assert look_again().atlas.doubts.doubted  # dangers stated before are contradicted until somebody looks
    assert client.post("/atlas/add/incident/", {"reason": "Пусто."}).status_code == 422


def test_seen_of_another_wording_is_not_a_review(world: World) -> None:
    reviewed(world.stranger, "entry-AM")
    from tropa.desk.atlas.errors import StalePage
    from tropa.desk.atlas.services import review_facts

    with pytest.raises(StalePage):
        review_facts(reader=world.stranger.reader(), facts=[Seen("entry-AM", "0" * 32)], reason="Так.")
