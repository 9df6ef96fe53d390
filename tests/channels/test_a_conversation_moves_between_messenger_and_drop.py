"""From a messenger to the drop and the other way round: the same thread and case, words that open it, answers where the
person is, and nothing that tells a right code from a wrong one.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.channels.moving_scenes import CODE, Machine
from tests.channels.scenes import answer, read_as_boris, taken, whole_database
from tests.desk.world import World
from tests.drop.applicant import Applicant, heading, hidden, nine_words, notice, text_of
from tests.drop.conftest import drop_settings
from tropa.desk.audit.models import Refusal
from tropa.desk.messengers.channel_state import say_health
from tropa.desk.messengers.models import Address, Doorway, MoveTicket, Outgoing, Standing
from tropa.desk.talk.models import Entry, Thread
from tropa.drop.size_class import SIZE_CLASS

__all__ = ["drop_settings"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def visitor(drop_settings: object, world: World) -> Applicant:
    """Somebody at the drop while a messenger of ours is in use."""
    say_health(
        account="first", channel="telegram", standing=Standing.OK, code="", waiting_out=0, now=world.now
    )
    return Applicant()


def enter(visitor: Applicant, code: str) -> object:
    """Type a code at the drop; copies the words when they come."""
    page = visitor.post("move/", token=hidden(visitor.get("move/"), "token"), code=code)
    visitor.words = nine_words(page)
    return page


def test_a_messengers_thread_goes_on_at_the_drop_under_nine_words(
    machine: Machine, world: World, visitor: Applicant
) -> None:
    machine.open.write("Здравствуйте")
    thread, case = taken(world)
    page = enter(visitor, machine.open.code())
    assert len(visitor.words) == 9
    assert heading(page) == "Ваша переписка продолжается здесь. Сохраните эти девять слов"  # type: ignore[arg-type]
    answer(world, "Мы рядом.")
    visitor.come_back()
    assert "Мы рядом." in text_of(visitor.answers())
    visitor.press("send", text="Я теперь здесь")
    thread.refresh_from_db()
    assert (Thread.objects.count(), thread.case_id) == (1, case.pk)
    assert [entry.text for entry in read_as_boris(world)][-1] == "Я теперь здесь"
    assert [entry.remarks for entry in read_as_boris(world)][1] == ("moved.fake.drop",)
    assert not Address.objects.exists()
    assert "перенесена в другой канал" in machine.open.look()[-1]
    assert "Мы рядом." not in machine.open.look()
    machine.open.write("Это снова я")
    assert Thread.objects.count() == 2


def test_what_waited_to_be_sent_waits_to_be_read(machine: Machine, world: World, visitor: Applicant) -> None:
    machine.open.write("Здравствуйте")
    code = machine.open.code()
    answer(world, "Ждите нас.")
    assert Outgoing.objects.filter(kind="reply", state="queued").exists()
    enter(visitor, code)
    assert not Outgoing.objects.filter(kind="reply").exists()
    visitor.come_back()
    assert "Ждите нас." in text_of(visitor.answers())


def test_a_drops_thread_goes_on_in_a_messenger_and_its_words_still_open_it(
    machine: Machine, world: World, visitor: Applicant
) -> None:
    visitor.write()
    thread, case = taken(world)
    answer(world, "Раньше.")
    visitor.come_back()
    shown = text_of(visitor.post("move/code/"))
    assert "Telegram может читать эту переписку" in shown
    machine.open.write(CODE.findall(shown)[0])
    answer(world, "Теперь тут.")
    visitor.come_back()
    page = text_of(visitor.answers())
    assert "Раньше." in page
    assert "Теперь тут." not in page
    assert "новые ответы приходят туда" in page
    assert machine.open.look()[-1] == "Теперь тут."
    assert "Девять слов" in machine.open.look()[0]
    thread.refresh_from_db()
    assert (Thread.objects.get().pk, thread.case_id) == (thread.pk, case.pk)
    remarks = [entry.remarks for entry in read_as_boris(world)]
    assert ("moved.drop.fake",) in remarks
    visitor.press("erase_all")
    assert not Thread.objects.exists()
    assert not Doorway.objects.exists()


def test_there_and_back_and_there_again(machine: Machine, world: World, visitor: Applicant) -> None:
    visitor.write()
    first = list(visitor.words)
    visitor.come_back()
    machine.open.write(CODE.findall(text_of(visitor.post("move/code/")))[0])
    enter(visitor, machine.open.code())
    assert visitor.words != first
    for words in (first, visitor.words):
        visitor.come_back(" ".join(words))
        assert heading(visitor.answers()) == "Новых ответов пока нет"
    machine.other.write(CODE.findall(text_of(visitor.post("move/code/")))[0])
    assert (Thread.objects.count(), Address.objects.count(), Entry.objects.count()) == (1, 1, 4)


def test_right_and_wrong_codes_give_pages_of_one_size(
    machine: Machine, world: World, visitor: Applicant
) -> None:
    machine.open.write("Здравствуйте")
    code = machine.open.code()
    wrong = [enter(visitor, typed) for typed in ("", "x" * 5000, "0000-0000-0000-0000-0000-0000")]
    right = enter(visitor, code)
    again = enter(visitor, code)
    for page in (*wrong, right, again):
        assert (page.status_code, len(page.content)) == (200, SIZE_CLASS)  # type: ignore[attr-defined]
    for page in (*wrong, again):
        assert notice(page) == "Этот код ничего не открывает"  # type: ignore[arg-type]


def test_a_form_sent_twice_shows_the_words_again(machine: Machine, world: World, visitor: Applicant) -> None:
    machine.open.write("Здравствуйте")
    code = machine.open.code()
    token = hidden(visitor.get("move/"), "token")
    once, twice = (nine_words(visitor.post("move/", token=token, code=code)) for _each in range(2))
    assert once == twice != []
    assert Doorway.objects.count() == 1


def test_a_doorway_led_elsewhere_opens_nothing(machine: Machine, world: World, visitor: Applicant) -> None:
    machine.open.write("Здравствуйте")
    enter(visitor, machine.open.code())
    machine.open.write("Кто-то другой", person="70")
    Doorway.objects.update(thread=Thread.objects.exclude(pk=Doorway.objects.get().thread_id).get())
    visitor.come_back()
    assert heading(visitor.answers()) == "Эти слова ничего не открыли"
    other = Doorway.objects.get().thread_id
    assert set(Refusal.objects.values_list("table", "row")) == {("messengers_doorway", other)}


def test_a_doorway_that_was_changed_opens_nothing_and_is_counted(
    machine: Machine, world: World, visitor: Applicant
) -> None:
    machine.open.write("Здравствуйте")
    enter(visitor, machine.open.code())
    door = Doorway.objects.get()
    sealed = bytes(door.sealed or b"")
    for changed in (sealed[:-1], b"", bytes([sealed[0], sealed[1] ^ 1]) + sealed[2:], None):
        Refusal.objects.all().delete()
        Doorway.objects.update(sealed=changed)
        visitor.come_back()
        assert heading(visitor.answers()) == "Эти слова ничего не открыли"
        assert set(Refusal.objects.values_list("table", "row")) == {("messengers_doorway", door.thread_id)}


def test_a_code_for_nobody_is_not_given(world: World, visitor: Applicant) -> None:
    page = Applicant("ru", Client()).post("move/code/")
    assert not CODE.findall(text_of(page))
    assert not MoveTicket.objects.exists()
    assert visitor.get("move/code/").status_code == 302


def test_without_messengers_no_code_is_offered(world: World, visitor: Applicant) -> None:
    from tropa.desk.messengers.models import ChannelHealth

    visitor.write()
    visitor.come_back()
    assert "Продолжить в мессенджере" in text_of(visitor.answers())
    ChannelHealth.objects.all().delete()
    assert "Продолжить в мессенджере" not in text_of(visitor.answers())


def test_neither_words_nor_code_lie_in_clear(machine: Machine, world: World, visitor: Applicant) -> None:
    visitor.write()
    visitor.come_back()
    code = CODE.findall(text_of(visitor.post("move/code/")))[0]
    lies = whole_database()
    machine.open.write(code)
    enter(visitor, machine.open.code())
    lies += whole_database()
    assert not re.search(" ".join(visitor.words).encode() + b"|" + code.encode(), lies)
