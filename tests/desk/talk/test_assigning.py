"""A thread is given to somebody by name, who accepts or declines; nobody is lost over it and nobody keeps access they
declined.
"""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from tests.desk.world import ROOT, World, build_world, join, signed_in
from tropa.desk.audit.models import Refusal
from tropa.desk.cases.models import Assignment, Case, Lane
from tropa.desk.staff.abilities import Abilities, abilities_of, say_abilities
from tropa.desk.staff.joining import Certifier
from tropa.desk.staff.models import Member, Role
from tropa.desk.talk.assigning import accept, assign, decline, given
from tropa.desk.talk.candidates import Candidate, candidates
from tropa.desk.talk.errors import AlreadyTaken, CannotHold, NothingAssigned
from tropa.desk.talk.inbox import InboxFilters, Queue, inbox_page
from tropa.desk.talk.models import Thread
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import reply
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.services import holders
from tropa.desk.vault.shifts import add_shift


def leads(case: Case) -> tuple[str, str]:
    row = Case.objects.select_related("lead", "second").get(pk=case.pk)
    return row.lead.pseudonym, row.second.pseudonym if row.second else ""


def mine(world: World, who: str) -> list[str]:
    reader = getattr(world, who).reader()
    return [row.words for row in inbox_page(reader=reader, filters=InboxFilters(queue=Queue.MINE))]


def test_an_untaken_thread_is_given_with_the_giver_beside(world: World) -> None:
    written = world.write_in("вам")
    case = assign(reader=world.boris.reader(), thread=written.thread, member=world.vera.member)
    assert leads(case) == ("Вера", "Борис")
    assert mine(world, "vera") == mine(world, "boris") == ["вам"]
    assert [one.mine for one in given(reader=world.vera.reader())] == [True]
    assert [one.mine for one in given(reader=world.boris.reader())] == [False]
    with pytest.raises(NoGrant):
        thread_entries(reader=world.anna.reader(), thread=written.thread)
    accept(reader=world.vera.reader(), case=case)
    assert given(reader=world.vera.reader()) == given(reader=world.boris.reader()) == []
    assert leads(case) == ("Вера", "Борис")


def test_answering_accepts(world: World) -> None:
    written = world.write_in()
    assign(reader=world.boris.reader(), thread=written.thread, member=world.vera.member)
    reply(reader=world.boris.reader(), thread=written.thread, text="пока отвечу я")
    assert Assignment.objects.exists(), "the giver's answer accepts nothing for somebody else"
    reply(reader=world.vera.reader(), thread=written.thread, text="я с вами")
    assert not Assignment.objects.exists()


def test_who_declines_reads_it_no_longer_and_the_giver_has_it(world: World) -> None:
    written, case = world.taken("не ко мне")
    assign(reader=world.boris.reader(), thread=written.thread, member=world.vera.member)
    assert leads(case) == ("Вера", "Борис")
    decline(reader=world.vera.reader(), case=case)
    assert leads(case)[0] == "Борис"
    assert world.vera.member not in holders(case, world.now.date())
    with pytest.raises(NoGrant):
        thread_entries(reader=world.vera.reader(), thread=written.thread)
    assert mine(world, "boris") == ["не ко мне"]
    assert not Assignment.objects.exists()


def test_who_held_it_before_declines_and_holds_it_on(world: World) -> None:
    written, case = world.taken()
    assign(reader=world.boris.reader(), thread=written.thread, member=world.anna.member)
    decline(reader=world.anna.reader(), case=case)
    assert leads(case) == ("Борис", "Анна")
    assert thread_entries(reader=world.anna.reader(), thread=written.thread)


def test_the_giver_takes_it_back_until_it_is_accepted(world: World) -> None:
    written = world.write_in()
    case = assign(reader=world.boris.reader(), thread=written.thread, member=world.vera.member)
    decline(reader=world.boris.reader(), case=case)
    assert leads(case)[0] == "Борис"
    again = assign(reader=world.boris.reader(), thread=written.thread, member=world.vera.member)
    accept(reader=world.vera.reader(), case=again)
    with pytest.raises(NothingAssigned):
        decline(reader=world.boris.reader(), case=case)
    assert leads(case)[0] == "Вера"


def test_nobody_declines_into_the_hands_of_somebody_who_left(world: World) -> None:
    written = world.write_in()
    case = assign(reader=world.boris.reader(), thread=written.thread, member=world.vera.member)
    Member.objects.filter(pk=world.boris.member.pk).update(active=False)
    with pytest.raises(CannotHold):
        decline(reader=world.vera.reader(), case=case)
    assert leads(case)[0] == "Вера"


def test_only_somebody_who_may_hold_cases_is_given_one(world: World) -> None:
    written = world.write_in()
    for member in (world.stranger.member, world.boris.member):
        with pytest.raises(CannotHold):
            assign(reader=world.boris.reader(), thread=written.thread, member=member)
    assert not Case.objects.exists()


def test_nobody_gives_away_or_accepts_what_they_do_not_hold(world: World) -> None:
    written, case = world.taken()
    with pytest.raises(NoGrant):
        assign(reader=world.vera.reader(), thread=written.thread, member=world.anna.member)
    assign(reader=world.boris.reader(), thread=written.thread, member=world.anna.member)
    for act in (accept, decline):
        with pytest.raises(NoGrant):
            act(reader=world.vera.reader(), case=case)
    with pytest.raises(NothingAssigned):
        accept(reader=world.boris.reader(), case=case)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_one_thread_in_the_same_second_one_does() -> None:
    world = build_world()
    written = world.write_in("одно")
    seen = {who: Thread.objects.get(pk=written.thread.pk) for who in ("boris", "vera")}
    start = threading.Barrier(2)
    outcomes: list[object] = []

    def try_it(who: str, to: str) -> None:
        reader = getattr(world, who).reader(world.now + timedelta(seconds=1))
        try:
            start.wait()
            outcomes.append(assign(reader=reader, thread=seen[who], member=getattr(world, to).member))
        except (AlreadyTaken, NoGrant) as refused:
            outcomes.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it, args=args) for args in (("boris", "vera"), ("vera", "anna"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [case] = [one for one in outcomes if isinstance(one, Case)]
    assert len(outcomes) == 2
    assert Case.objects.count() == Assignment.objects.count() == 1
    assert {leads(case)} <= {("Вера", "Борис"), ("Анна", "Вера")}


def proposed(world: World, lane: Lane = Lane.UNIT, language: str = "en") -> list[Candidate]:
    today = world.now.date()
    return candidates(lane=lane, language=language, on=today, without=world.boris.member.pk)


def test_who_has_room_knows_the_lane_and_speaks_stands_first(world: World) -> None:
    by_root = Certifier(ROOT.signing())
    full = join("Полная", Role.COORDINATOR, world.boris.member.team, by_root, now=world.now)
    say_abilities(
        member=full.member, abilities=Abilities(frozenset({"unit"}), frozenset({"en"}), most_cases=1)
    )
    Case.objects.create(team=full.member.team, lead=full.member, opened_day=world.now.date())
    say_abilities(member=world.vera.member, abilities=Abilities(frozenset({"unit"}), frozenset({"en"})))
    say_abilities(member=world.anna.member, abilities=Abilities(languages=frozenset({"en"})))
    found = proposed(world)
    assert [one.member.pseudonym for one in found] == ["Вера", "Анна"], (
        "whoever named a limit and is at it is spared"
    )
    assert (found[0].skilled, found[0].speaks) == (True, True)
    for one in (world.vera, world.anna):
        say_abilities(member=one.member, abilities=Abilities(most_cases=1))
        for _case in range(2):
            Case.objects.create(team=one.member.team, lead=one.member, opened_day=world.now.date())
    assert {(one.member.pseudonym, one.full) for one in proposed(world)} == {
        ("Полная", True),
        ("Вера", True),
        ("Анна", True),
    }
    assert "Чужая" not in {one.member.pseudonym for one in found}


def test_who_is_on_shift_and_holds_least_stands_before_the_others(world: World) -> None:
    today = world.now.date()
    add_shift(reader=world.anna.reader(), member=world.vera.member, first_day=today, last_day=today)
    found = proposed(world, Lane.UNSORTED, "")
    assert [(one.member.pseudonym, one.on_shift) for one in found] == [("Вера", True), ("Анна", False)]


def test_what_somebody_can_do_lies_sealed_and_opens_for_their_row_alone(world: World) -> None:
    said = Abilities(frozenset({"unit"}), frozenset({"de"}), 5)
    say_abilities(member=world.vera.member, abilities=said)
    stored = bytes(Member.objects.get(pk=world.vera.member.pk).abilities_sealed)
    assert b"unit" not in stored
    Member.objects.filter(pk=world.boris.member.pk).update(abilities_sealed=stored)
    ids = [world.vera.member.pk, world.boris.member.pk]
    assert abilities_of(ids) == {world.vera.member.pk: said}
    assert set(Refusal.objects.values_list("table", "row")) == {("staff_member", world.boris.member.pk)}


def test_the_pages_propose_give_and_decline(world: World) -> None:
    written = world.write_in("нужен английский", language="en")
    address = f"/threads/{written.thread.pk}/"
    boris, vera = signed_in(world.boris), signed_in(world.vera)
    vera.post("/account/abilities/", {"lanes": ["unit"], "languages": "en, ru", "most_cases": "3"})
    page = boris.get(f"{address}assign/").content.decode()
    assert page.index("Вера") < page.index("Анна")
    assert "знает язык" in page
    assert boris.post(f"{address}assign/", {"member": "nobody"}).status_code == 400
    told = boris.post(f"{address}assign/", {"member": world.vera.member.pk}, follow=True).content.decode()
    assert f"{address}decline/" in told
    assert "передаёт вам это дело" in vera.get("/").content.decode()
    vera.post(f"{address}decline/")
    assert vera.get(address).status_code == 403
    assert boris.get(address).status_code == 200
    assert vera.post(f"{address}accept/").status_code == 403
