"""Taking a thread makes a case with two holders and ends everybody else's access; of two who
take, one does.
"""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from tests.desk.world import World, build_world, join
from tropa.desk.audit.models import Refusal
from tropa.desk.cases.models import Case
from tropa.desk.staff.joining import Certifier
from tropa.desk.staff.models import Member, Role, Team
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import AlreadyTaken
from tropa.desk.talk.keys import ThreadKeys, opened_body
from tropa.desk.talk.models import Entry
from tropa.desk.talk.queries import Problem, thread_entries
from tropa.desk.talk.seals import open_entry, unwrap_entry
from tropa.desk.talk.services import release_to_duty, take
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.services import open_duty_epoch, open_duty_seed
from tropa.envelope import CannotOpen


def test_the_taker_and_a_second_holder_read_on_and_the_rest_of_the_shift_does_not(world: World) -> None:
    written = world.write_in("тайна")
    thread_entries(reader=world.vera.reader(), thread=written.thread)  # everybody on duty could read it
    case = take(reader=world.boris.reader(), thread=written.thread)
    assert (case.lead, case.second) == (world.boris.member, world.anna.member)
    for person in (world.boris, world.anna):
        assert [entry.text for entry in thread_entries(reader=person.reader(), thread=written.thread)] == [
            "тайна"
        ]
    for person in (world.vera, world.stranger):
        with pytest.raises(NoGrant):
            thread_entries(reader=person.reader(), thread=written.thread)


def test_nothing_in_the_row_opens_with_the_duty_key_any_more(world: World) -> None:
    written = world.write_in("тайна")
    seed = open_duty_seed(reader=world.vera.reader(), epoch=world.epoch)
    keys = ThreadKeys.of_duty({world.epoch.pk: seed}).at(world.epoch.pk)
    thread_entries(reader=world.vera.reader(), thread=written.thread)
    before = Entry.objects.get()
    assert open_entry(before, keys.sealing) == unwrap_entry(before, keys.wrapping)
    take(reader=world.boris.reader(), thread=written.thread)
    after = Entry.objects.get()
    for opening in (lambda: open_entry(after, keys.sealing), lambda: unwrap_entry(after, keys.wrapping)):
        with pytest.raises(CannotOpen):
            opening()


def test_somebody_who_is_not_on_the_roster_cannot_take(world: World) -> None:
    written = world.write_in()
    with pytest.raises(NoGrant):
        take(reader=world.stranger.reader(), thread=written.thread)
    assert not Case.objects.exists()


def test_a_taken_thread_says_who_took_it(world: World) -> None:
    written, _case = world.taken()
    with pytest.raises(AlreadyTaken) as refused:
        take(reader=world.vera.reader(), thread=written.thread)
    assert refused.value.by == "Борис"


def test_who_is_not_on_duty_is_not_told_who_took_it(world: World) -> None:
    written, _case = world.taken()
    with pytest.raises(NoGrant):
        take(reader=world.stranger.reader(), thread=written.thread)
    open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member, world.boris.member])
    with pytest.raises(NoGrant):
        take(reader=world.vera.reader(), thread=written.thread)
    open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member])
    with pytest.raises(AlreadyTaken):  # who holds it knows anyway
        take(reader=world.boris.reader(), thread=written.thread)


def test_the_second_holder_is_the_colleague_with_the_fewest_cases(world: World) -> None:
    certifier = Certifier(world.anna.seed.signing(), world.anna.member)
    galina = join("Галина", Role.ADVISER, world.boris.member.team, certifier, now=world.now)
    chosen = [take(reader=world.boris.reader(), thread=world.write_in().thread).second for _ in range(4)]
    assert sorted(str(member.pseudonym) for member in chosen if member) == [
        "Анна",
        "Анна",
        "Галина",
        "Галина",
    ]
    assert galina.member in chosen


def test_somebody_alone_on_a_team_gets_a_coordinator_beside_them(world: World) -> None:
    Member.objects.filter(pk=world.stranger.member.pk).update(active=False)
    case = take(reader=world.vera.reader(), thread=world.write_in().thread)
    assert case.second == world.anna.member


def test_a_desk_of_one_person_takes_with_one_holder(world: World) -> None:
    Member.objects.exclude(pk=world.boris.member.pk).update(active=False)
    case = take(reader=world.boris.reader(), thread=world.write_in().thread)
    assert case.second is None


def test_a_planted_colleague_is_not_made_a_holder(world: World) -> None:
    boris = world.boris.member
    join("Подсадка", Role.ADVISER, boris.team, Certifier(world.boris.seed.signing(), boris), now=world.now)
    case = take(reader=world.boris.reader(), thread=world.write_in().thread)
    assert case.second == world.anna.member


def test_a_damaged_entry_stays_visible_as_damaged_and_the_rest_is_taken(world: World) -> None:
    written = world.write_in("целое")
    more = EntryBody(text="разбитое", at=world.now)
    broken = receive_more(
        thread=written.thread, signing=written.signing, body=more, dedupe_tag="b" * 32, now=world.now
    ).entry
    Entry.objects.filter(pk=broken.pk).update(sealed=b"\x01 damaged")
    take(reader=world.boris.reader(), thread=written.thread)
    shown = thread_entries(reader=world.boris.reader(), thread=written.thread)
    assert [(entry.text, entry.problem) for entry in shown] == [("целое", None), ("", Problem.DOES_NOT_OPEN)]


def test_what_nobody_opened_before_is_held_against_its_author_by_who_opens_it_first(world: World) -> None:
    written = world.write_in("подлинное")
    more = EntryBody(text="подложное", at=world.now)
    forged = receive_more(
        thread=written.thread, signing=written.signing, body=more, dedupe_tag="b" * 32, now=world.now
    ).entry
    Entry.objects.filter(pk=forged.pk).update(signature=bytes(forged.signature)[:-1] + b"?")
    take(reader=world.boris.reader(), thread=written.thread)
    assert set(Entry.objects.values_list("wrapped", flat=True)) == {None}
    for _again in range(2):
        shown = thread_entries(reader=world.boris.reader(), thread=written.thread)
        assert [entry.text for entry in shown] == ["подлинное", ""]
        assert shown[1].problem is not None
    assert {entry.wrapped is None for entry in Entry.objects.filter(pk=forged.pk)} == {True}
    assert Refusal.objects.filter(table="talk_entry", row=forged.pk).exists()


def test_what_was_opened_on_duty_while_somebody_took_it_is_not_kept_under_the_duty_key(world: World) -> None:
    written = world.write_in("тайна")
    seed = open_duty_seed(reader=world.vera.reader(), epoch=world.epoch)
    keys, entry = ThreadKeys.of_duty({world.epoch.pk: seed}), Entry.objects.get()
    opened_body(entry, keys)
    take(reader=world.boris.reader(), thread=written.thread)
    keys.keep_wrapped()
    assert Entry.objects.get().wrapped is None
    release_to_duty(reader=world.boris.reader(), thread=written.thread)
    opened_body(again := Entry.objects.get(), keys)
    keys.keep_wrapped()
    assert Entry.objects.get().wrapped == again.wrapped


def test_a_thread_given_back_is_read_by_the_shift_and_no_longer_by_the_case(world: World) -> None:
    written, _case = world.taken("вернуть")
    release_to_duty(reader=world.boris.reader(), thread=written.thread)
    written.thread.refresh_from_db()
    [entry] = thread_entries(reader=world.vera.reader(), thread=written.thread)
    assert entry.text == "вернуть"
    take(reader=world.vera.reader(), thread=written.thread)
    written.thread.refresh_from_db()
    with pytest.raises(NoGrant):
        thread_entries(reader=world.boris.reader(), thread=written.thread)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_take_at_once_exactly_one_does() -> None:
    world = build_world()
    written = world.write_in("одно на двоих")
    start = threading.Barrier(2)
    outcomes: dict[str, object] = {}

    def try_it(name: str) -> None:
        person = getattr(world, name)
        try:
            start.wait()
            outcomes[name] = take(
                reader=person.reader(world.now + timedelta(seconds=1)), thread=written.thread
            )
        except AlreadyTaken as refused:
            outcomes[name] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it, args=(name,)) for name in ("boris", "vera")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [name for name, outcome in outcomes.items() if isinstance(outcome, Case)]
    lost = [outcome for outcome in outcomes.values() if isinstance(outcome, AlreadyTaken)]
    assert len(won) == len(lost) == 1
    assert Case.objects.count() == 1
    assert Case.objects.get().lead == getattr(world, won[0]).member
    assert lost[0].by == getattr(world, won[0]).member.pseudonym
    assert connection.vendor in {"sqlite", "postgresql"}
    assert Team.objects.count() == 2
