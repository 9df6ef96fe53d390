"""The log tells coordinators who did what, in an order nobody can change unnoticed; to others
it says nothing.
"""

import pytest

from tests.desk.world import World
from tropa.desk.audit.acts import Act
from tropa.desk.audit.models import Record
from tropa.desk.audit.queries import checked_log, latest_acts, refused_rows
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.sealing import signature_context
from tropa.desk.audit.services import record
from tropa.desk.talk.errors import AlreadyTaken
from tropa.desk.talk.services import reply, take
from tropa.envelope import BrokenLog, verify


def test_a_coordinator_reads_who_did_what(world: World) -> None:
    written, case = world.taken()
    reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    acts = latest_acts(reader=world.anna.reader(), count=10)
    assert [act.act for act in acts] == [Act.REPLIED, Act.TAKEN, Act.GRANTED, Act.GRANTED, Act.DUTY_OPENED]
    assert (acts[1].member, acts[1].detail["case"]) == (world.boris.member.id, case.pk)


def test_each_act_is_signed_by_who_did_it(world: World) -> None:
    record(reader=world.boris.reader(), act=Act.TAKEN, detail={}, now=world.now)
    act = latest_acts(reader=world.anna.reader(), count=1)[0]
    key = world.boris.seed.signing().public
    verify(key, signature_context(act.sequence), act.signed, act.signature)


def test_an_adviser_reads_nothing_of_it(world: World) -> None:
    world.taken()
    assert latest_acts(reader=world.boris.reader(), count=10) == []


def test_neither_act_nor_person_stands_in_clear(world: World) -> None:
    world.taken()
    stored = b"".join(bytes(row.sealed) for row in Record.objects.all())
    assert Act.TAKEN.encode() not in stored
    assert world.boris.member.id.encode() not in stored


def test_an_untouched_log_joins(world: World) -> None:
    world.taken()
    assert checked_log().sequence == Record.objects.count()


@pytest.mark.parametrize("tamper", ["change", "drop", "swap", "insert"])
def test_a_changed_log_shows(world: World, tamper: str) -> None:
    for _ in range(4):
        record(reader=world.boris.reader(), act=Act.TAKEN, detail={}, now=world.now)
    rows = list(Record.objects.order_by("sequence"))
    match tamper:
        case "change":
            Record.objects.filter(sequence=2).update(sealed=b"another act")
        case "drop":
            Record.objects.filter(sequence=2).delete()
        case "swap":
            Record.objects.filter(sequence=2).update(sealed=rows[2].sealed, hash=rows[2].hash)
            Record.objects.filter(sequence=3).update(sealed=rows[1].sealed, hash=rows[1].hash)
        case "insert":
            Record.objects.create(sequence=99, sealed=b"x", previous=rows[-1].hash, hash=b"x" * 32)
    with pytest.raises(BrokenLog):
        checked_log()


def test_an_act_that_fails_leaves_no_record(world: World) -> None:
    before = Record.objects.count()
    written, _case = world.taken()
    after = Record.objects.count()
    with pytest.raises(AlreadyTaken):
        take(reader=world.vera.reader(), thread=written.thread)
    assert Record.objects.count() == after > before


def test_refused_rows_are_counted_once_each(world: World) -> None:
    for row in ("a", "a", "b"):
        refuse(table="talk_entry", row=row, day=world.now.date())
    assert refused_rows() == 2
