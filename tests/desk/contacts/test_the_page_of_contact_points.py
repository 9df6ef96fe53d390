"""Coordinators write, compare, sign and withdraw on one page; nobody else reaches it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.desk.contacts.two_coordinators import BOT, Two, two_coordinators
from tests.desk.world import signed_in
from tropa.desk.contacts.in_force import genuine
from tropa.desk.contacts.models import ContactList, PublishingKey
from tropa.desk.contacts.services import sign_as_second

if TYPE_CHECKING:
    from tests.desk.world import World

ADDRESS = "/contact-points/"
FORM = {"act": "propose", "days": "30", "channel-0": "telegram", "address-0": BOT, "since-0": "2026-01-15"}


@pytest.fixture
def two(world: World) -> Two:
    return two_coordinators(world)


def page(client: Client) -> str:
    return client.get(ADDRESS).content.decode()


def test_one_writes_and_the_other_signs(two: Two) -> None:
    anna, dina = signed_in(two.anna), signed_in(two.dina)
    assert "сверить пока не с чем" in page(anna)
    assert anna.post(ADDRESS, FORM)["Location"].endswith("said=list-proposed")
    row = ContactList.objects.get()
    sign = {"act": "sign", "list": row.pk, "number": row.number}
    assert BOT in page(dina)
    assert "Сверено, подписать" in page(dina)
    assert "Сверено, подписать" not in page(anna)
    assert anna.post(ADDRESS, sign).status_code == 409
    assert dina.post(ADDRESS, {**sign, "number": row.number + 1}).status_code == 409
    assert genuine(now=datetime.now(UTC)) is None
    assert dina.post(ADDRESS, sign)["Location"].endswith("said=list-published")
    assert genuine(now=datetime.now(UTC)) is not None
    assert "Отозвать список сразу" in page(anna)
    assert anna.post(ADDRESS, {"act": "withdraw"}).status_code == 409
    assert anna.post(ADDRESS, {"act": "withdraw", "sure": "on"}).status_code == 302
    assert genuine(now=datetime.now(UTC)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"address-0": "https://t.me/ехample"},
        {"address-0": "two words"},
        {"channel-0": ""},
        {"channel-0": "pigeon"},
        {"since-0": "2999-01-01"},
        {"since-0": "yesterday"},
        {"days": "93"},
        {"days": "0"},
        {"address-0": ""},
        {"channel-1": "telegram", "address-1": BOT},
    ],
)
def test_what_cannot_be_signed_is_given_back_with_what_was_typed(two: Two, wrong: dict[str, str]) -> None:
    answer = signed_in(two.anna).post(ADDRESS, {**FORM, **wrong})
    assert answer.status_code == 409
    typed = wrong.get("address-0", BOT)
    assert not typed or f'value="{typed}"' in answer.content.decode()
    assert not ContactList.objects.exists()


def test_nobody_but_coordinators_reaches_it(two: Two) -> None:
    for person in (two.world.boris, two.world.vera, two.world.stranger):
        client = signed_in(person)
        assert client.get(ADDRESS).status_code == 403
        for act in ("propose", "sign", "withdraw", "ask"):
            assert client.post(ADDRESS, {**FORM, "act": act, "sure": "on"}).status_code == 403
    assert signed_in(two.anna, unlocked=False).get(ADDRESS).status_code == 302
    assert not ContactList.objects.exists()


def test_without_a_key_one_can_ask_for_one_and_nothing_is_signed(two: Two) -> None:
    PublishingKey.objects.all().delete()
    client = signed_in(two.anna)
    assert client.post(ADDRESS, FORM).status_code == 409
    assert client.post(ADDRESS, {"act": "ask"}).status_code == 302
    assert "Ключ ждёт хранителей" in page(client)
    assert client.post(ADDRESS, FORM).status_code == 409
    assert client.post(ADDRESS, {"act": "sing"}).status_code == 400
    assert not ContactList.objects.exists()


def test_the_page_speaks_english(two: Two) -> None:
    client = signed_in(two.anna)
    client.post("/language/", {"language": "en", "next": ADDRESS})
    two.published()
    two.proposed("https://t.me/other_bot")
    shown = page(client)
    assert all(
        words in shown for words in ("The list in force", "Waits for a second signature", "Check phrase")
    )


def test_today_tells_coordinators_when_a_list_waits_or_runs_out(two: Two) -> None:
    anna, dina, boris = (signed_in(person) for person in (two.anna, two.dina, two.world.boris))
    row = two.proposed(days=5)
    assert "ждёт вашей подписи" in dina.get("/").content.decode()
    assert "ждёт вашей подписи" not in anna.get("/").content.decode()
    sign_as_second(reader=two.dina.reader(), list_id=row.pk, number=row.number)
    shown = anna.get("/").content.decode()
    assert "ждёт вашей подписи" not in shown
    assert "истекает через 6 дней" in shown
    assert "истекает" not in boris.get("/").content.decode()
    two.published(days=60)
    assert "истекает" not in anna.get("/").content.decode()


def test_only_as_many_lines_are_shown_as_are_needed_and_all_that_were_typed(two: Two) -> None:
    client = signed_in(two.anna)
    assert page(client).count("<fieldset") == 3
    two.published()
    assert page(client).count("<fieldset") == 5
    answer = client.post(ADDRESS, {**FORM, "channel-9": "telegram", "address-9": "two words"})
    assert 'value="two words"' in answer.content.decode()
