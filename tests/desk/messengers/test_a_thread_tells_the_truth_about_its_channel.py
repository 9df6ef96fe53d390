"""A thread's page says where somebody writes from, what others can read, and how each answer ended."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.desk.world import signed_in
from tropa.desk.audit.models import Refusal
from tropa.desk.messengers import delivery
from tropa.desk.messengers.delivery import Outcome
from tropa.desk.messengers.models import Address, Outgoing, OutgoingState
from tropa.desk.messengers.queries import undelivered
from tropa.desk.talk.services import reply, take
from tropa.envelope import Seed
from tropa.gateway.addresses import AddressBook, Reached
from tropa.gateway.credential import GatewayKeys

if TYPE_CHECKING:
    from tests.desk.world import World
    from tropa.desk.talk.models import Thread

THREAD = "/threads/{}/"


@pytest.fixture
def by_telegram(world: World) -> Thread:
    """Somebody who wrote to our bot, taken by Boris; Anna is second."""
    written = world.write_in("Помогите", channel="telegram")
    reached = Reached("help", "7734561902", b"7734561902", written.keys.seed, "ru")
    sealed = AddressBook(GatewayKeys.generate()).seal(written.thread.pk, reached)
    Address.objects.create(thread=written.thread, sealed=sealed)
    take(reader=world.boris.reader(), thread=written.thread, second=world.anna.member)
    written.thread.refresh_from_db()
    return written.thread


def page(world: World, thread: Thread, address: str = THREAD) -> str:
    return signed_in(world.boris).get(address.format(thread.pk)).content.decode()


def ended(world: World, thread: Thread, state: OutgoingState, code: str = "") -> Outgoing:
    """An answer of Boris that ended so."""
    entry = reply(reader=world.boris.reader(), thread=thread, text="Мы рядом.")
    row = Outgoing.objects.select_related(*delivery.RELATED).get(entry=entry)
    assert delivery.take_up(row)
    delivery.end(row, Outcome(state, code, datetime.now(UTC)))
    return Outgoing.objects.get(pk=row.pk)


def test_a_drops_thread_says_form(world: World) -> None:
    written, _case = world.taken()
    shown = page(world, written.thread)
    assert "Форма" in shown
    assert "Telegram" not in shown


def test_a_bots_thread_says_who_can_read_it_and_warns_above_the_answer(
    world: World, by_telegram: Thread
) -> None:
    shown = page(world, by_telegram)
    assert "Telegram может это читать; у нас запечатано" in shown
    assert "Не пишите здесь имён" in shown
    assert "7734561902" not in shown


def test_an_answer_waits_until_the_gateway_sent_it(world: World, by_telegram: Thread) -> None:
    client = signed_in(world.boris)
    form = {"act": "reply", "text": "Мы рядом.", "token": secrets.token_hex(16)}
    answered = client.post(f"{THREAD.format(by_telegram.pk)}answer/", form, follow=True)
    assert "ждёт отправки" in answered.content.decode()
    assert "чем кончится отправка" in answered.content.decode()
    assert Outgoing.objects.get().state == OutgoingState.QUEUED


@pytest.mark.parametrize(
    ("state", "code", "words"),
    [
        (OutgoingState.SENT, "", "отправлено"),
        (OutgoingState.UNKNOWN, "no_answer", "Мы не знаем, дошло ли это"),
        (OutgoingState.FAILED, "blocked", "больше не принимает там наши сообщения"),
        (OutgoingState.EXPIRED, "too_old", "не было отправлено с опозданием"),
    ],
)
def test_how_an_answer_ended_is_seen(
    world: World, by_telegram: Thread, state: OutgoingState, code: str, words: str
) -> None:
    row = ended(world, by_telegram, state, code)
    assert words in page(world, by_telegram)
    assert row.entry is not None
    assert row.entry.sealed_applicant is None


def test_an_outcome_is_read_by_holders_alone_and_only_in_its_place(world: World, by_telegram: Thread) -> None:
    from tropa.desk.talk.keys import thread_keys

    row = ended(world, by_telegram, OutgoingState.FAILED, "blocked")
    other = ended(world, by_telegram, OutgoingState.FAILED, "too_long")
    sealing = thread_keys(reader=world.boris.reader(), thread=by_telegram).at(row.case_epoch).sealing
    opened = delivery.open_outcome(row, sealing)
    assert opened is not None
    assert opened.code == "blocked"
    assert delivery.open_outcome(row, Seed(bytes(range(32))).sealing()) is None
    assert refused() == {row.key}
    Refusal.objects.all().delete()
    row.sealed_outcome = other.sealed_outcome
    assert delivery.open_outcome(row, sealing) is None
    assert refused() == {row.key}


def test_a_state_that_was_changed_is_not_believed_and_is_counted(world: World, by_telegram: Thread) -> None:
    row = ended(world, by_telegram, OutgoingState.FAILED, "blocked")
    Outgoing.objects.filter(pk=row.pk).update(state=OutgoingState.SENT)
    assert "blocked" not in page(world, by_telegram)
    assert refused() == {row.key}


def refused() -> set[str]:
    """The rows that were counted."""
    return set(Refusal.objects.filter(table="messengers_outgoing").values_list("row", flat=True))


def test_what_did_not_arrive_stands_on_today_until_somebody_has_seen_it(
    world: World, by_telegram: Thread
) -> None:
    row = ended(world, by_telegram, OutgoingState.UNKNOWN, "no_answer")
    assert "ответ не дошёл или мог не дойти" in page(world, by_telegram, "/")
    assert not undelivered(reader=world.vera.reader()).exists()
    assert not undelivered(reader=world.stranger.reader()).exists()
    address = f"{THREAD.format(by_telegram.pk)}sent/{row.key}/seen/"
    assert signed_in(world.vera).post(address).status_code == 404
    assert signed_in(world.stranger).post(address).status_code == 404
    assert undelivered(reader=world.boris.reader()).exists()
    assert signed_in(world.boris).post(address).status_code == 302
    assert not undelivered(reader=world.boris.reader()).exists()


def test_a_person_sends_again_what_nobody_knows_and_only_once(world: World, by_telegram: Thread) -> None:
    row = ended(world, by_telegram, OutgoingState.UNKNOWN, "no_answer")
    shown = page(world, by_telegram)
    assert f'name="token" value="{row.key}"' in shown
    client = signed_in(world.boris)
    form = {"act": "reply", "text": "Мы рядом.", "token": row.key}
    for _twice in range(2):
        client.post(f"{THREAD.format(by_telegram.pk)}answer/", form)
    assert list(Outgoing.objects.order_by("pk").values_list("state", flat=True)) == ["unknown", "queued"]


def test_a_thread_whose_address_is_gone_says_so(world: World, by_telegram: Thread) -> None:
    Address.objects.all().delete()
    assert "ответ никуда не уйдёт" in page(world, by_telegram)


def test_how_something_came_stands_beside_it(world: World) -> None:
    written = world.write_in("вот", channel="telegram", remarks=("file-too-large", "что-то новое"))  # type: ignore[arg-type]
    shown = page(world, written.thread)
    assert "Файл больше, чем мы принимаем" in shown
    assert "неизвестная этой версии" in shown
