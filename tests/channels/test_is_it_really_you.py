"""Whoever sends /real is told our list in force, or that there is none; never one that does not count."""

from __future__ import annotations

import pytest

from tests.channels.moving_scenes import Machine
from tests.desk.contacts.two_coordinators import BOT, ONION, Two, two_coordinators
from tests.desk.world import World
from tropa.desk import clock
from tropa.desk.contacts.in_force import genuine
from tropa.desk.contacts.models import ContactList
from tropa.desk.contacts.services import withdraw
from tropa.desk.messengers.models import Outgoing
from tropa.desk.talk.models import Thread
from tropa.envelope import Language

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(world: World) -> Two:
    return two_coordinators(world)


def test_the_list_in_force_is_told_with_its_check_phrase_in_the_persons_language(two: Two) -> None:
    two.published()
    found = genuine(now=clock.now())
    assert found is not None
    machine = Machine()
    machine.open.write("/real")
    [told] = machine.open.look()
    assert all(
        each in told for each in (BOT, ONION, "/ru/contacts/", "Верить можно только адресу", "наш сайт")
    )
    assert found.contacts.check_phrase(Language.RUSSIAN) in told
    assert not Thread.objects.exists()
    machine.open.write("/REAL")
    assert machine.open.look() == [told]  # each list once an hour


def test_without_a_list_in_force_no_address_is_told(two: Two) -> None:
    row = two.published()
    ContactList.objects.filter(pk=row.pk).update(second_signature=b"\x01" + bytes(64))
    machine = Machine()
    machine.open.write("/real")
    [told] = machine.open.look()
    assert BOT not in told
    assert "сверить не с чем" in told


def test_a_list_withdrawn_before_the_answer_leaves_is_not_told(two: Two) -> None:
    two.published()
    machine = Machine()
    machine.open.write("/real")
    withdraw(reader=two.anna.reader())
    assert machine.open.look() == []
    assert not Outgoing.objects.exists()
    machine.open.write("/real")
    assert "сверить не с чем" in machine.open.look()[0]
