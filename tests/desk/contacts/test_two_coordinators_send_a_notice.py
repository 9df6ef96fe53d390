"""A notice counts once two different coordinators signed it about the list in force; its page is theirs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from tests.desk.contacts.two_coordinators import BOT, Two, two_coordinators
from tests.desk.world import signed_in
from tropa.desk.audit.models import Record
from tropa.desk.conf import conf
from tropa.desk.contacts.errors import ForeignWords, NoList, NotWaiting, OwnList, WrongNotice
from tropa.desk.contacts.models import ContactNotice, NoticeProgress, PublishingKey
from tropa.desk.contacts.notice_in_force import LOWEST_FILE, notice_in_force
from tropa.desk.contacts.notice_services import (
    propose_notice,
    sign_notice_as_second,
    stop_notice,
    waiting_notice,
)
from tropa.desk.contacts.services import withdraw
from tropa.desk.staff.errors import NotCoordinator

if TYPE_CHECKING:
    from tests.desk.world import World

ADDRESS = "/contact-points/notice/"
RUSSIAN = f"Теперь мы здесь: {BOT}. Прежний бот больше не наш."
ENGLISH = "The old bot is no longer ours. Please compare."
FORM = {"act": "propose", "russian": RUSSIAN, "english": ENGLISH}


@pytest.fixture
def two(world: World) -> Two:
    (conf.pinned / LOWEST_FILE).unlink(missing_ok=True)
    two = two_coordinators(world)
    two.published()
    return two


def proposed(two: Two, english: str = ENGLISH) -> ContactNotice:
    return propose_notice(reader=two.anna.reader(), russian=RUSSIAN, english=english)


def test_one_writes_and_another_signs_sees_and_stops_on_the_page(two: Two) -> None:
    anna, dina = signed_in(two.anna), signed_in(two.dina)
    before = Record.objects.count()
    assert anna.post(ADDRESS, FORM)["Location"].endswith("said=notice-proposed")
    row = ContactNotice.objects.get()
    sign = {"act": "sign", "notice": row.pk, "number": row.number}
    assert "Прочитано, подписать и отправить" not in anna.get(ADDRESS).content.decode()
    assert "Прочитано, подписать и отправить" in dina.get(ADDRESS).content.decode()
    assert anna.post(ADDRESS, sign).status_code == 409
    assert dina.post(ADDRESS, {**sign, "number": row.number + 1}).status_code == 409
    assert notice_in_force(now=two.world.now) is None
    assert dina.post(ADDRESS, sign)["Location"].endswith("said=notice-published")
    NoticeProgress.objects.create(notice=row, account="bot-one", people=41, left=17, sent=23)
    shown = dina.get(ADDRESS).content.decode()
    assert all(f">{each}<" in shown for each in ("bot-one", 41, 23, 17, 1))
    assert "не больше 60 в минуту" in shown
    assert anna.post(ADDRESS, {"act": "stop"})["Location"].endswith("said=notice-stopped")
    assert notice_in_force(now=two.world.now) is None
    assert Record.objects.count() == before + 3


def test_nobody_but_coordinators_reaches_it(two: Two) -> None:
    for person in (two.world.boris, two.world.vera, two.world.stranger):
        client = signed_in(person)
        assert client.get(ADDRESS).status_code == 403
        for act in ("propose", "sign", "stop"):
            assert client.post(ADDRESS, {**FORM, "act": act}).status_code == 403
        with pytest.raises(NotCoordinator):
            propose_notice(reader=person.reader(), russian=RUSSIAN, english=ENGLISH)
        with pytest.raises(NotCoordinator):
            stop_notice(reader=person.reader())
    assert signed_in(two.anna, unlocked=False).get(ADDRESS).status_code == 302
    assert not ContactNotice.objects.exists()


def test_the_author_never_signs_as_the_second(two: Two) -> None:
    row = proposed(two)
    with pytest.raises(OwnList):
        sign_notice_as_second(reader=two.anna.reader(), notice_id=row.pk, number=row.number)
    other = PublishingKey.objects.exclude(pk=row.author_key_id).get()
    whole = {"second": two.dina.member, "second_key": other, "second_signature": b"x"}
    for change in ({"second": row.author}, {"second_key": row.author_key}, {"second_signature": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactNotice.objects.filter(pk=row.pk).update(**{**whole, **change})


def test_what_is_not_on_the_list_is_named_and_not_signed(two: Two) -> None:
    with pytest.raises(ForeignWords) as found:
        proposed(two, f"Write to https://t.me/0ther_bot and {BOT} please.")
    assert found.value.words == ("https://t.me/0ther_bot",)
    with pytest.raises(WrongNotice):
        proposed(two, "Short.")
    answer = signed_in(two.anna).post(
        ADDRESS, {**FORM, "english": "Our mail is help@example.org from now on."}
    )
    assert answer.status_code == 409
    assert "help@example.org" in answer.content.decode()
    assert signed_in(two.anna).post(ADDRESS, {**FORM, "english": "short"}).status_code == 409
    assert signed_in(two.anna).post(ADDRESS, {**FORM, "act": "sing"}).status_code == 400
    assert not ContactNotice.objects.exists()


def test_another_list_voids_what_was_written_about_the_last(two: Two) -> None:
    row = proposed(two)
    assert waiting_notice(reader=two.dina.reader()) is not None
    two.published("https://t.me/other_bot")
    assert waiting_notice(reader=two.dina.reader()) is None
    with pytest.raises(NotWaiting):
        sign_notice_as_second(reader=two.dina.reader(), notice_id=row.pk, number=row.number)


def test_without_a_list_nothing_is_signed(two: Two) -> None:
    withdraw(reader=two.anna.reader())
    with pytest.raises(NoList):
        proposed(two)
    client = signed_in(two.anna)
    assert client.post(ADDRESS, FORM).status_code == 409
    assert "Сначала подпишите список" in client.get(ADDRESS).content.decode()


def test_a_proposal_somebody_changed_does_not_wait(two: Two) -> None:
    row = proposed(two)
    ContactNotice.objects.filter(pk=row.pk).update(statement=row.statement.replace("no longer", "still"))
    assert waiting_notice(reader=two.dina.reader()) is None
    with pytest.raises(NotWaiting):
        sign_notice_as_second(reader=two.dina.reader(), notice_id=row.pk, number=row.number)


def test_today_reminds_whoever_is_to_sign_and_nobody_else(two: Two) -> None:
    waits = "Новость о наших адресах ждёт вашей подписи"
    dina = signed_in(two.dina)
    assert waits not in dina.get("/").content.decode()
    row = proposed(two)
    assert waits in dina.get("/").content.decode()
    assert waits not in signed_in(two.anna).get("/").content.decode()
    assert waits not in signed_in(two.world.boris).get("/").content.decode()
    sign_notice_as_second(reader=two.dina.reader(), notice_id=row.pk, number=row.number)
    assert waits not in dina.get("/").content.decode()
