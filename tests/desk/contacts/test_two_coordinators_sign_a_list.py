"""A list of contact points counts once two different coordinators signed it, until it ends, is changed or withdrawn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from tests.desk.contacts.two_coordinators import BOT, Two, two_coordinators, with_key
from tests.desk.world import ROOT, build_world
from tropa.desk.audit.models import Record, Refusal
from tropa.desk.conf import conf
from tropa.desk.contacts.errors import NoKeyAsked, NoPublishingKey, NotWaiting, OwnList, WrongList
from tropa.desk.contacts.in_force import HIGHEST_FILE, genuine, highest
from tropa.desk.contacts.models import ContactList, PublishingKey
from tropa.desk.contacts.publishing import CERTIFIED_FOR, ask_key, certify_key, key_name, waiting_keys
from tropa.desk.contacts.queries import own_key, waiting_list
from tropa.desk.contacts.services import propose, sign_as_second, withdraw
from tropa.desk.staff.errors import NotCoordinator
from tropa.envelope import Seed

if TYPE_CHECKING:
    from tests.desk.world import World


@pytest.fixture
def two(world: World) -> Two:
    return two_coordinators(world)


def in_force() -> list[str]:
    """The addresses that are shown as genuine now."""
    found = genuine(now=datetime.now(UTC))
    return [point.address for point in found.contacts.points] if found else []


def test_nothing_counts_before_the_second_signature(two: Two) -> None:
    row = two.proposed()
    assert in_force() == []
    sign_as_second(reader=two.dina.reader(), list_id=row.pk, number=row.number)
    assert BOT in in_force()


def test_the_author_never_signs_as_the_second(two: Two) -> None:
    row = two.proposed()
    with pytest.raises(OwnList):
        sign_as_second(reader=two.anna.reader(), list_id=row.pk, number=row.number)
    for change in ({"second": row.author}, {"second_key": row.author_key}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactList.objects.filter(pk=row.pk).update(
                **{
                    "second": two.dina.member,
                    "second_key": row.author_key,
                    "second_signature": b"x",
                    **change,
                }
            )
    assert in_force() == []


def test_half_a_second_signature_is_no_row(two: Two) -> None:
    row = two.proposed()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactList.objects.filter(pk=row.pk).update(second=two.dina.member)


def test_only_certified_coordinators_sign(two: Two) -> None:
    row = two.proposed()
    for person in (two.world.boris, two.world.stranger):
        with pytest.raises(NotCoordinator):
            ask_key(reader=person.reader())
        with pytest.raises(NotCoordinator):
            propose(reader=person.reader(), points=two.points(), last=two.today)
        with pytest.raises(NotCoordinator):
            sign_as_second(reader=person.reader(), list_id=row.pk, number=row.number)
        with pytest.raises(NotCoordinator):
            withdraw(reader=person.reader())
    PublishingKey.objects.filter(member=two.dina.member).update(certificate=b"")
    with pytest.raises(NoPublishingKey):
        sign_as_second(reader=two.dina.reader(), list_id=row.pk, number=row.number)


def test_a_later_change_is_another_list_and_takes_both_anew(two: Two) -> None:
    two.published()
    changed = two.proposed("https://t.me/other_bot")
    assert BOT in in_force()
    assert ContactList.objects.get(pk=changed.pk).second is None
    with pytest.raises(NotWaiting):
        sign_as_second(reader=two.dina.reader(), list_id=changed.pk, number=changed.number - 1)
    two.proposed("https://t.me/third_bot")
    with pytest.raises(NotWaiting):  # replaced while Dina compared it
        sign_as_second(reader=two.dina.reader(), list_id=changed.pk, number=changed.number)
    assert BOT in in_force()


CHANGES: dict[str, Callable[[ContactList], dict[str, object]]] = {
    "an address": lambda row: {"statement": row.statement.replace("example_help_bot", "example_he1p_bot")},
    "the end": lambda row: {"statement": row.statement.replace('"last":"20', '"last":"21')},
    "the number": lambda row: {"number": row.number + 7},
    "the author's signature": lambda _row: {"signature": b"\x01" + bytes(64)},
    "the second signature": lambda row: {"second_signature": bytes(row.signature)},
    "the statement": lambda _row: {"statement": "{}"},
}


def test_a_changed_row_is_never_shown_and_is_counted(two: Two) -> None:
    row = two.published()
    kept = ContactList.objects.filter(pk=row.pk).values().get()
    for what, change in CHANGES.items():
        Refusal.objects.all().delete()
        ContactList.objects.filter(pk=row.pk).update(**change(row))
        assert in_force() == [], what
        assert Refusal.objects.filter(table="contacts_contactlist").exists(), what
        ContactList.objects.filter(pk=row.pk).update(**kept)
        assert BOT in in_force(), what


def test_a_planted_key_signs_nothing(two: Two) -> None:
    row = two.published()
    planted = Seed(b"p" * 32).signing().public.raw
    PublishingKey.objects.filter(pk=row.author_key_id).update(sign_public=planted)
    with pytest.raises(NoPublishingKey):
        two.proposed()
    PublishingKey.objects.filter(pk=row.author_key_id).update(certificate=bytes(row.second_key.certificate))
    assert in_force() == []


def test_an_expired_list_is_not_shown_and_neither_is_one_whose_key_ran_out(two: Two) -> None:
    two.published(days=30)
    for days, shown in ((0, True), (30, True), (31, False), (-1, False)):
        at = two.world.now + timedelta(days=days)
        assert (genuine(now=at) is not None) is shown, days
    assert not Refusal.objects.exists()


def test_a_list_does_not_outlast_its_key_nor_ninety_two_days(two: Two) -> None:
    with pytest.raises(WrongList):
        two.proposed(days=93)
    late = (two.world.now + CERTIFIED_FOR - timedelta(days=5)).replace(tzinfo=UTC)
    with pytest.raises(WrongList):
        propose(
            reader=replace(two.anna.reader(), now=late),
            points=two.points(),
            last=late.date() + timedelta(days=6),
        )


def test_a_key_signs_until_its_certificate_ends(two: Two) -> None:
    at = two.world.now + CERTIFIED_FOR
    assert own_key(reader=two.anna.reader()).last == at.date()
    after = replace(two.anna.reader(), now=at + timedelta(days=1))
    with pytest.raises(NoPublishingKey):
        propose(reader=after, points=two.points(), last=after.now.date())


def test_a_withdrawn_list_does_not_come_back_with_its_row(two: Two) -> None:
    row = two.published()
    before = ContactList.objects.filter(pk=row.pk).values().get()
    withdraw(reader=two.dina.reader())
    assert in_force() == []
    ContactList.objects.all().delete()
    ContactList.objects.create(**before)
    assert in_force() == []
    later = two.published()
    assert later.number > row.number
    assert BOT in in_force()


def test_an_earlier_list_put_back_does_not_count(
    two: Two, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        two.published("https://t.me/seized_bot")
        newest = two.published()
    assert BOT in in_force()
    ContactList.objects.filter(pk=newest.pk).delete()
    assert in_force() == []


def test_a_number_that_cannot_be_read_lets_no_list_through(two: Two) -> None:
    two.published()
    path = conf.pinned / HIGHEST_FILE
    path.write_text("what?")
    try:
        assert in_force() == []
        with pytest.raises(WrongList):
            two.proposed()
    finally:
        path.unlink()
    assert BOT in in_force()


def test_no_channel_stands_on_a_list_that_we_do_not_have(two: Two) -> None:
    points = (replace(two.points()[0], channel="pigeon"),)
    with pytest.raises(WrongList):
        propose(reader=two.anna.reader(), points=points, last=two.today)


def test_trustees_certify_only_a_key_whose_name_its_owner_reads_out(two: Two) -> None:
    PublishingKey.objects.all().delete()
    row = ask_key(reader=two.anna.reader())
    assert ask_key(reader=two.anna.reader()).pk == row.pk
    assert [one.pk for one in waiting_keys(on=two.today)] == [row.pk]
    assert own_key(reader=two.anna.reader()).waits == key_name(row)
    PublishingKey.objects.filter(pk=row.pk).update(sign_public=Seed(b"p" * 32).signing().public.raw)
    with pytest.raises(NoKeyAsked):
        certify_key(root=ROOT.signing(), key_id=row.pk, name=key_name(row), now=two.world.now)
    PublishingKey.objects.filter(pk=row.pk).update(sign_public=bytes(row.sign_public))
    certify_key(root=ROOT.signing(), key_id=row.pk, name=f" {key_name(row).upper()} ", now=two.world.now)
    assert waiting_keys(on=two.today) == []
    assert two.proposed().number


def test_a_key_of_somebody_called_coordinator_in_a_row_is_not_certified(two: Two) -> None:
    boris = two.world.boris.member
    row = PublishingKey.objects.create(member=boris, sign_public=b"x" * 32, day=two.today)
    type(boris).objects.filter(pk=boris.pk).update(role="coordinator")
    assert waiting_keys(on=two.today) == []
    with pytest.raises(NoKeyAsked):
        certify_key(root=ROOT.signing(), key_id=row.pk, name=key_name(row), now=two.world.now)


def test_a_proposal_somebody_changed_does_not_wait(two: Two) -> None:
    row = two.proposed()
    assert waiting_list(reader=two.dina.reader()) is not None
    statement = row.statement.replace("example_help_bot", "example_he1p_bot")
    ContactList.objects.filter(pk=row.pk).update(statement=statement)
    assert waiting_list(reader=two.dina.reader()) is None
    with pytest.raises(NotWaiting):
        sign_as_second(reader=two.dina.reader(), list_id=row.pk, number=row.number)


def test_every_act_stands_in_the_log(two: Two) -> None:
    before = Record.objects.count()
    two.published()
    withdraw(reader=two.anna.reader())
    assert Record.objects.count() == before + 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_or_replace_at_once_one_list_comes_out() -> None:
    two = two_coordinators(build_world())
    row = two.proposed()
    done: list[str] = []

    def act(name: str, work: Callable[[], object]) -> None:
        try:
            work()
            done.append(name)
        except NotWaiting:
            done.append(f"{name} refused")
        finally:
            connection.close()

    third = with_key(two.dina, two.world.now)
    works = {
        "sign": lambda: sign_as_second(reader=two.dina.reader(), list_id=row.pk, number=row.number),
        "again": lambda: sign_as_second(reader=third.reader(), list_id=row.pk, number=row.number),
        "replace": lambda: two.proposed("https://t.me/other_bot"),
    }
    threads = [threading.Thread(target=act, args=each) for each in works.items()]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert "replace" in done
    assert len([name for name in done if name in {"sign", "again"}]) <= 1
    assert ContactList.objects.filter(second__isnull=True).count() <= 1
    signed = ContactList.objects.filter(second__isnull=False)
    assert in_force() == ([point.address for point in two.points()] if signed.exists() else [])
    assert highest() == (row.number if signed.exists() else 0)
