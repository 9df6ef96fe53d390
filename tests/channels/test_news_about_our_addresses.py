"""News about our addresses reaches those who asked for it, once, signed by two, and never what nobody signed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from tests.channels.moving_scenes import Machine, Phone
from tests.channels.scenes import run
from tests.desk.contacts.two_coordinators import BOT, ONION, Two, two_coordinators
from tropa.desk import clock
from tropa.desk.conf import conf
from tropa.desk.contacts.models import ContactList, ContactNotice, NoticeProgress
from tropa.desk.contacts.notice_in_force import LOWEST_FILE, notice_in_force
from tropa.desk.contacts.notice_services import propose_notice, sign_notice_as_second, stop_notice
from tropa.desk.contacts.services import withdraw
from tropa.desk.messengers.models import Address, Outgoing, OutgoingState
from tropa.envelope import not_on_the_list

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = pytest.mark.django_db(transaction=True)
RUSSIAN = "Прежний бот больше не наш. Теперь мы здесь."
ENGLISH = "The old bot is no longer ours. We are here now."


@pytest.fixture
def two(world: World) -> Two:
    (conf.pinned / LOWEST_FILE).unlink(missing_ok=True)
    return two_coordinators(world)


def proposed(two: Two) -> ContactNotice:
    return propose_notice(reader=two.anna.reader(), russian=RUSSIAN, english=ENGLISH)


def published(two: Two) -> ContactNotice:
    two.published()
    row = proposed(two)
    return sign_notice_as_second(reader=two.dina.reader(), notice_id=row.pk, number=row.number)


def queue(phone: Phone) -> int:
    """One look of a fresh life at who is to be told."""

    queued: list[int] = []

    async def scene() -> None:
        gateway = phone.desk.gateway()
        try:
            queued.append(await gateway.news.tell())
        finally:
            await gateway._end()

    run(scene())
    return queued[0]


def asked(person: str = "7") -> Phone:
    """Somebody who wrote and asked for news."""
    phone = Machine().open
    phone.write("Здравствуйте", person=person)
    phone.write("/news", person=person)
    phone.look(person=person)
    return phone


def news(phone: Phone, person: str = "7") -> list[str]:
    return [text for text in phone.look(person=person) if RUSSIAN in text or ENGLISH in text]


def test_only_who_asked_is_told_and_only_once(two: Two) -> None:
    phone = asked()
    phone.write("Привет", person="8")
    row = published(two)
    assert queue(phone) == 1
    [told] = news(phone)
    assert all(each in told for each in (RUSSIAN, ONION, BOT, "/nonews"))
    assert news(phone, "8") == []
    assert queue(phone) == 0
    assert len(news(phone)) == 1
    progress = NoticeProgress.objects.get(notice=row)
    assert (progress.people, progress.left, progress.sent) == (1, 0, 1)


def test_every_address_in_what_is_sent_stands_on_the_signed_list(two: Two) -> None:
    phone = asked()
    published(two)
    queue(phone)
    [told] = news(phone)
    found = notice_in_force(now=clock.now())
    assert found is not None
    commands = {"/news", "/nonews", "/real"}
    foreign = {
        one.strip(";.") for one in not_on_the_list(told.replace(":", ": "), found.beside.contacts)
    } - commands
    addresses = {part for point in found.beside.contacts.points for part in point.address.split(":")}
    assert foreign <= addresses


def test_wishes_are_taken_back_the_same_way_even_when_the_message_waits(two: Two) -> None:
    phone = asked()
    published(two)
    assert queue(phone) == 1
    phone.write("/nonews")
    assert news(phone) == []
    assert not Outgoing.objects.exists()
    assert queue(phone) == 0


def test_nobody_is_told_by_default_and_without_a_conversation_nothing_is_stored(two: Two) -> None:
    phone = Machine().open
    phone.write("/news")
    assert "Сначала напишите нам" in phone.look()[-1]
    assert not Address.objects.exists()
    phone.write("Здравствуйте")
    published(two)
    assert queue(phone) == 0


def test_what_is_stopped_or_loses_its_list_does_not_leave_the_outbox(two: Two) -> None:
    for end in (stop_notice, withdraw):
        phone = asked()
        published(two)
        assert queue(phone) == 1
        end(reader=two.anna.reader())
        assert news(phone) == []
        assert queue(phone) == 0
        assert not Outgoing.objects.exists()
        Address.objects.all().delete()


def test_an_expired_notice_does_not_leave_the_outbox(two: Two) -> None:
    phone = asked()
    published(two)
    assert queue(phone) == 1
    phone.desk.ahead = timedelta(days=7)
    assert news(phone) == []
    assert not Outgoing.objects.exists()


def test_a_changed_half_signed_or_swapped_row_goes_to_nobody(two: Two) -> None:
    phone = asked()
    row = published(two)
    good = ContactNotice.objects.filter(pk=row.pk).values().get()
    list_row = ContactList.objects.get()
    changes: tuple[dict[str, object], ...] = (
        {"statement": row.statement.replace("no longer ours", "still ours")},
        {"second_signature": bytes(row.signature)},
        {"second_signature": bytes(list_row.second_signature or b"")},
        {"signature": bytes(row.second_signature or b""), "second_signature": bytes(row.signature)},
        {"second": None, "second_key": None, "second_signature": None},
        {"number": row.number + 1},
    )
    for change in changes:
        ContactNotice.objects.filter(pk=row.pk).update(**change)
        assert queue(phone) == 0, change
        ContactNotice.objects.filter(pk=row.pk).update(**good)
    assert queue(phone) == 1
    ContactNotice.objects.filter(pk=row.pk).update(**changes[0])
    assert news(phone) == []


def all_are_refused() -> bool:
    try:
        return list(Outgoing.objects.values_list("state", flat=True)) == [OutgoingState.REFUSED]
    finally:
        connection.close()


def test_rows_put_back_or_copied_send_nothing_twice(two: Two) -> None:
    phone = asked()
    published(two)
    queue(phone)
    kept = Outgoing.objects.values().get()
    assert len(news(phone)) == 1
    Outgoing.objects.create(**kept)
    assert len(news(phone)) == 1
    Outgoing.objects.create(**{**kept, "id": None, "key": "0" * 32})

    async def refused() -> None:
        await phone.desk.live(lambda: asyncio.to_thread(all_are_refused))

    run(refused())
    assert len([text for text in phone.rig.texts_to("7") if RUSSIAN in text]) == 1


def test_a_notice_put_back_after_it_was_stopped_goes_to_nobody(two: Two) -> None:
    phone = asked()
    row = published(two)
    kept = ContactNotice.objects.filter(pk=row.pk).values().get()
    stop_notice(reader=two.dina.reader())
    ContactNotice.objects.all().delete()
    ContactNotice.objects.create(**kept)
    assert queue(phone) == 0


def test_an_unknown_outcome_is_never_sent_again_and_is_shown(two: Two) -> None:
    phone = asked()
    row = published(two)
    queue(phone)
    phone.rig.lose_next_reply()
    before = len(news(phone))
    assert queue(phone) == 0
    assert len(news(phone)) == before
    progress = NoticeProgress.objects.get(notice=row)
    assert (progress.people, progress.left, progress.sent) == (1, 0, 0)


def test_who_asked_stands_in_no_row_in_clear(two: Two) -> None:
    phone = asked()
    phone.write("Привет", person="8")
    phone.look(person="8")
    published(two)
    queue(phone)
    row = Outgoing.objects.get(state=OutgoingState.QUEUED)
    assert (row.thread_id, row.entry_id, row.release_id) == (None, None, None)
    assert len({len(bytes(one.sealed)) for one in Address.objects.all()}) == 1


def test_a_second_look_opens_only_addresses_that_are_new_or_others_since(two: Two) -> None:
    phone = asked()
    phone.write("Привет", person="8")
    phone.look(person="8")
    published(two)
    gateway = phone.desk.gateway()
    read: list[str] = []

    def noting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if 'FROM "messengers_address"' in sql:
            read.append(sql)
        return execute(sql, params, many, context)

    async def scene(queued: list[int]) -> None:
        for expected in queued:
            assert await gateway.news.tell() == expected

    try:
        run(gateway.database.do(lambda: connection.execute_wrappers.append(noting)))
        run(scene([1]))
        assert len(read) == 2  # everybody's once, and whose turn it is
        run(scene([0, 0]))
        assert len(read) == 2
        phone.write("/news", person="8")
        phone.look(person="8")  # another life took it in, and queued the notice
        run(scene([0, 0]))
        assert len(read) == 3
        assert NoticeProgress.objects.get().people == 2
    finally:
        run(gateway._end())
