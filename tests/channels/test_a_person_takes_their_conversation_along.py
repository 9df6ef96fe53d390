"""With a one-time code a person goes on in another messenger and back, in the same thread and case; a code that is not
good says nothing, and nothing but a code ever joins two addresses.
"""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.channels.moving_scenes import Machine
from tests.channels.scenes import answer, entries, read_as_boris, taken, whole_database, whole_disk
from tests.desk.world import World
from tropa.desk import clock
from tropa.desk.audit.models import Refusal
from tropa.desk.messengers.models import Address, MoveTicket, Outgoing
from tropa.desk.messengers.move_code import MoveCode
from tropa.desk.messengers.moving import MOVED, use
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.models import Thread
from tropa.envelope import CannotOpen
from tropa.gateway.addresses import AddressBook

pytestmark = pytest.mark.django_db(transaction=True)
NOT_GOOD = "Этот код ничего не открывает"


@pytest.fixture
def machine() -> Machine:
    return Machine()


def reached(machine: Machine) -> tuple[str, str]:
    """Account and handle the one thread is answered at."""
    address = Address.objects.get()
    found = AddressBook(machine.keys).open(address.thread_id, bytes(address.sealed))
    return found.account, found.handle


def test_thread_and_case_go_along_and_back_and_answers_go_where_the_person_is(
    machine: Machine, world: World
) -> None:
    machine.open.write("Здравствуйте")
    thread, case = taken(world)
    machine.other.write(machine.open.code(), person="+31")
    thread.refresh_from_db()
    assert (Thread.objects.get().pk, thread.case_id) == (thread.pk, case.pk)
    assert reached(machine) == ("second", "+31")
    answer(world, "Мы рядом.")
    machine.other.write("Я теперь тут", person="+31")
    there = machine.other.look(person="+31")
    assert "продолжается здесь" in there[0]
    assert "Everybody can read this." in there[0]
    assert "Read by everybody." in there[0]  # of where it was, too
    assert there[-1] == "Мы рядом."
    farewell = machine.open.look()[-1]
    assert "перенесена в другой канал" in farewell
    assert "Read by everybody." in farewell
    assert "Мы рядом." not in machine.open.look()
    machine.other.person = "+31"
    machine.open.write(machine.other.code())
    assert reached(machine) == ("first", "7")
    said = [(entry.text, entry.remarks) for entry in read_as_boris(world) if MOVED in str(entry.remarks)]
    assert said == [("Переписка перенесена сюда по одноразовому коду.", ("moved.fake.fake",))] * 2
    machine.open.write("Снова здесь")
    assert Thread.objects.count() == 1


def test_nothing_but_a_code_joins_two_addresses(machine: Machine, world: World) -> None:
    machine.open.write("Здравствуйте, я Лип4")
    machine.other.write("Здравствуйте, я Лип4")
    assert Thread.objects.count() == 2


def test_a_code_is_good_once_for_the_first_who_sends_it(machine: Machine, world: World) -> None:
    machine.open.write("Здравствуйте")
    code = machine.open.code()
    machine.other.write(code.lower().replace("-", " "), person="8")
    machine.other.write(code, person="9")
    assert NOT_GOOD in machine.other.look(person="9")[0]
    assert reached(machine) == ("second", "8")
    assert entries() == 2


def test_every_bad_code_is_answered_in_the_same_words(machine: Machine, world: World) -> None:
    machine.open.write("Здравствуйте")
    replaced = machine.open.code()
    ended = machine.open.code()
    other = MoveCode.generate(lambda count: bytes(range(count))).text
    for person, code in (("1", replaced), ("2", other)):
        machine.other.write(code, person=person)
    told = [machine.other.look(person=person) for person in "12"]
    machine.other.desk.ahead = timedelta(hours=25)
    machine.other.write(ended, person="3")
    told.append(machine.other.look(person="3"))
    machine.other.desk.ahead = timedelta()
    machine.open.write("ещё")
    last = machine.open.code()
    delete_everything(thread=Thread.objects.get(), now=clock.now())
    machine.other.write(last, person="4")
    told.append(machine.other.look(person="4"))
    assert len(told[0]) == 1
    assert told == [told[0]] * 4
    assert not refused()  # nobody changed a row
    assert Address.objects.count() == 0
    assert not MoveTicket.objects.exists()


def test_a_row_put_back_is_not_used_again(machine: Machine, world: World) -> None:
    machine.open.write("Здравствуйте")
    code = machine.open.code()
    row = MoveTicket.objects.get()
    machine.other.write(code, person="8")
    MoveTicket.objects.create(thread=row.thread, tag=row.tag, sealed=row.sealed, day=row.day)
    machine.other.write(code, person="9")
    assert reached(machine) == ("second", "8")
    assert refused() == [("messengers_moveticket", row.thread_id)]


def test_a_row_that_was_changed_opens_nothing_and_is_counted(machine: Machine, world: World) -> None:
    machine.open.write("Здравствуйте")
    code = MoveCode.parse(machine.open.code())
    row = MoveTicket.objects.get()
    assert code is not None
    sealed = bytes(row.sealed)
    for changed in (sealed[:-1], sealed[:7], b"", bytes([sealed[0], sealed[1] ^ 1]) + sealed[2:], sealed * 2):
        Refusal.objects.all().delete()
        MoveTicket.objects.all().delete()
        MoveTicket.objects.create(thread=row.thread, tag=row.tag, sealed=changed, day=row.day)
        with transaction.atomic():
            assert use(code=code, now=clock.now()) is None
        assert refused() == [("messengers_moveticket", row.thread_id)], changed


def refused() -> list[tuple[str, str]]:
    """The rows that were counted."""
    return list(Refusal.objects.values_list("table", "row"))


def test_a_row_led_to_another_thread_opens_nothing(machine: Machine, world: World) -> None:
    machine.open.write("Здравствуйте")
    machine.open.write("Это другой", person="70")
    code = machine.open.code()
    other = Thread.objects.exclude(pk=MoveTicket.objects.get().thread_id).get()
    MoveTicket.objects.update(thread=other)
    machine.other.write(code, person="8")
    assert NOT_GOOD in machine.other.look(person="8")[0]
    assert Address.objects.count() == 2
    assert refused() == [("messengers_moveticket", other.pk)]


def test_who_has_written_from_here_gets_no_other_thread_and_the_code_stays_good(
    machine: Machine, world: World
) -> None:
    machine.open.write("Здравствуйте")
    code = machine.open.code()
    machine.other.write("Здравствуйте, меня забирают")
    machine.other.write(code)
    wrong = MoveCode.generate(bytes).text
    machine.other.write(wrong)
    assert Thread.objects.count() == 2
    assert "Вы уже писали нам отсюда" in machine.other.look()[-1]
    machine.other.write("/delete")
    machine.other.write(code)
    assert reached(machine) == ("second", "7")


def test_who_never_wrote_has_nothing_to_take_along(machine: Machine, world: World) -> None:
    machine.open.write("/move")
    assert "нет переписки" in machine.open.look()[0]
    assert not MoveTicket.objects.exists()


def test_what_may_have_gone_out_is_not_sent_to_the_new_place(machine: Machine, world: World) -> None:
    machine.open.write("Здравствуйте")
    code = machine.open.code()
    answer(world, "Первый ответ")
    answer(world, "Второй ответ")
    first = Outgoing.objects.filter(kind="reply").order_by("pk")[0]
    Outgoing.objects.filter(pk=first.pk).update(state="sending")  # the process of the account is in the call
    machine.other.write(code, person="8")
    there = machine.other.look(person="8")
    first.refresh_from_db()
    assert first.state == "unknown"
    assert "Первый ответ" not in there
    assert there[-1] == "Второй ответ"


def test_a_message_that_comes_again_makes_no_second_code_and_no_second_move(
    machine: Machine, world: World
) -> None:
    machine.open.write("Здравствуйте")
    code = machine.open.code()
    ticket = bytes(MoveTicket.objects.get().sealed)
    machine.open.rig.service.number -= 1  # the same message under the same number
    machine.open.write("/move")
    assert bytes(MoveTicket.objects.get().sealed) == ticket
    machine.other.write(code, person="8")
    machine.other.rig.service.number -= 1
    machine.other.write(code, person="8")
    assert entries() == 2


def test_two_who_send_a_code_at_once_move_it_once(machine: Machine, world: World) -> None:
    machine.open.write("Здравствуйте")
    code = MoveCode.parse(machine.open.code())
    assert code is not None
    won: list[bool] = []
    together = threading.Barrier(2)

    def send() -> None:
        together.wait(180)
        try:
            with transaction.atomic():
                won.append(use(code=code, now=clock.now()) is not None)
        finally:
            connection.close()

    people = [threading.Thread(target=send) for _each in range(2)]
    for each in people:
        each.start()
    for each in people:
        each.join(180)
    assert sorted(won) == [False, True]


def test_neither_code_nor_handle_lies_in_clear(machine: Machine, world: World) -> None:
    machine.open.write("Здравствуйте", person="handle-before")
    machine.open.person = "handle-before"
    code = machine.open.code()
    lies = [whole_database() + whole_disk()]
    machine.other.write(code, person="handle-after")
    lies.append(whole_database() + whole_disk())
    parsed = MoveCode.parse(code)
    assert parsed is not None
    for lying in lies:
        for secret in (
            code.encode(),
            code.replace("-", "").encode(),
            parsed.raw,
            b"handle-before",
            b"handle-after",
        ):
            assert secret not in lying
        assert b"probe in clear" in lying


def test_only_the_code_opens_what_lies_under_it(machine: Machine, world: World) -> None:
    from tropa.desk.messengers.moving import _place
    from tropa.envelope import unwrap

    machine.open.write("Здравствуйте")
    code = MoveCode.parse(machine.open.code())
    assert code is not None
    row = MoveTicket.objects.get()
    sealed = bytes(row.sealed)
    assert unwrap(code.key, _place(code, row.thread_id), sealed)
    for name in ("addresses", "automatic messages", "move codes", "channel state"):
        with pytest.raises(CannotOpen):
            unwrap(machine.keys.seed.subkey(name), _place(code, row.thread_id), sealed)
    with pytest.raises(CannotOpen):
        unwrap(code.key, _place(code, "0" * 32), sealed)


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("0123-4567-89AB-CDEF-GHJK-MNPQ", True),
        (" 0123 4567 89ab cdef ghjk mnpq\n", True),
        ("о123—4567—89АВ—СDEF—GНJК—МNРQ", True),  # from a Russian keyboard
        ("OI23-4567-89AB-CDEF-GHJK-MNPQ", True),
        ("0123-4567-89AB-CDEF-GHJK-MNP", False),
        ("0123-4567-89AB-CDEF-GHJK-MNPQ спасибо", False),
        ("0123-4567-89AB-CDEF-GHJK-MNPU", False),
        ("", False),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, same: bool) -> None:
    code = MoveCode.parse(typed)
    assert (code is not None) is same
    if code is not None:
        assert code.text == "0123-4567-89AB-CDEF-GHJK-MNPQ"
