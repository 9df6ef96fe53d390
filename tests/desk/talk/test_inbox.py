"""The inbox lists who waits, danger first, with first words, and costs the same whatever lies
in the database.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.world import World
from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.inbox import InboxFilters, InboxRow, Queue, inbox_page, waiting_count
from tropa.desk.talk.inbox_rows import counted
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.queries import claimed_by
from tropa.desk.talk.services import claim, reply, take
from tropa.desk.talk.setting_aside import Until, snooze


def page(world: World, person: str = "boris", **filters: object) -> list[InboxRow]:
    reader = getattr(world, person).reader(world.now)
    return inbox_page(reader=reader, filters=InboxFilters(**filters))  # type: ignore[arg-type]


def test_danger_stands_first_then_who_waited_longest(world: World) -> None:
    hours = {"давно": 9, "недавно": 1}
    for text, ago in hours.items():
        for urgency in (Urgency.INFO, Urgency.NOW, Urgency.UNSORTED, Urgency.DAY, Urgency.WEEK):
            world.write_in(f"{text} {urgency}", urgency=urgency, at=world.now - timedelta(hours=ago))
    order = [Urgency.NOW, Urgency.DAY, Urgency.UNSORTED, Urgency.WEEK, Urgency.INFO]
    wanted = [f"{text} {urgency}" for urgency in order for text in hours]
    assert [row.words for row in page(world)] == wanted


def test_a_row_says_how_long_which_language_and_who_looks_at_it(world: World) -> None:
    written = world.write_in("  Hello   there\n\nfriend ", at=world.now - timedelta(hours=7), language="en")
    claim(reader=world.vera.reader(world.now), thread=written.thread)
    [row] = page(world)
    assert row.words == "Hello there friend"
    assert (row.language, row.channel, row.claimed_by, row.mine) == ("en", "drop", "Вера", False)
    assert row.hours is not None
    assert 7 <= row.hours <= 8
    assert page(world, "vera")[0].claimed_by == ""


def test_ones_own_claim_lapses(world: World) -> None:
    written = world.write_in()
    claim(reader=world.vera.reader(world.now - timedelta(minutes=20)), thread=written.thread)
    assert page(world)[0].claimed_by == ""


def test_somebody_who_may_not_open_a_thread_claims_nothing(world: World) -> None:
    written, _case = world.taken()
    claim(reader=world.vera.reader(), thread=written.thread)
    assert claimed_by(thread=written.thread, reader=world.boris.reader()) is None


def test_a_thread_somebody_holds_is_listed_for_its_holders_alone(world: World) -> None:
    written, _case = world.taken("дело Бориса")
    receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="новое", at=world.now),
        dedupe_tag="a" * 32,
        now=world.now,
    )
    assert [(row.words, row.holder, row.mine) for row in page(world)] == [("новое", "Борис", True)]
    assert [row.words for row in page(world, "anna")] == ["новое"]
    assert page(world, "vera") == []


def test_somebody_on_no_roster_sees_nobody(world: World) -> None:
    world.write_in()
    world.taken()
    assert page(world, "stranger") == []
    assert waiting_count(reader=world.stranger.reader()) == 0


def test_who_was_answered_is_listed_only_among_ones_own(world: World) -> None:
    written, _case = world.taken("отвечено")
    reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    assert page(world) == []
    assert [(row.words, row.hours) for row in page(world, queue=Queue.MINE)] == [("отвечено", None)]


def test_queues_and_filters_narrow_the_list(world: World) -> None:
    world.taken("моё")
    world.write_in("ничьё", urgency=Urgency.NOW)
    assert {row.words for row in page(world, queue=Queue.OPEN)} == {"моё", "ничьё"}
    assert [row.words for row in page(world, queue=Queue.UNTAKEN)] == ["ничьё"]
    assert [row.words for row in page(world, queue=Queue.MINE)] == ["моё"]
    assert [row.words for row in page(world, urgency=Urgency.NOW)] == ["ничьё"]
    assert page(world, lane=Lane.LEAVING) == []
    assert waiting_count(reader=world.boris.reader()) == 2


@pytest.mark.parametrize("queue", [Queue.OPEN, Queue.MINE])
def test_pages_follow_one_another_without_gap_or_repeat(world: World, queue: Queue) -> None:
    for number in range(14):
        written = world.write_in(
            f"{number}",
            urgency=[Urgency.NOW, Urgency.INFO][number % 2],
            at=world.now - timedelta(hours=number % 3),
        )
        if queue is Queue.MINE:
            take(reader=world.boris.reader(), thread=written.thread)
            if number % 4 == 0:
                reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    reader, filters = world.boris.reader(), InboxFilters(queue=queue)
    whole = [row.words for row in inbox_page(reader=reader, filters=filters)]
    assert len(whole) == 14
    walked: list[str] = []
    after = None
    while rows := inbox_page(reader=reader, filters=filters, after=after, size=4):
        walked += [row.words for row in rows]
        after = rows[-1].place
    assert walked == whole


def test_a_page_costs_the_same_queries_for_three_rows_and_for_thirty(world: World) -> None:
    counts = []
    for rows in (3, 27):
        for _ in range(rows):
            world.write_in()
            world.taken()
        page(world)  # the first opening keeps what it opened
        with CaptureQueriesContext(connection) as queries:
            listed = page(world)
        counts.append(len(queries))
        assert all(row.words for row in listed)
    assert counts[0] == counts[1] <= 5


def test_what_was_opened_once_is_kept_wrapped(world: World) -> None:
    world.write_in("раз")
    page(world)
    Entry.objects.update(sealed=b"not needed any more")
    assert [row.words for row in page(world)] == ["раз"]


def test_a_damaged_entry_is_listed_as_broken(world: World) -> None:
    world.write_in("раз")
    Entry.objects.update(sealed=b"\x01 damaged")
    [row] = page(world)
    assert (row.words, row.broken) == ("", True)


def test_the_inbox_walks_its_index_and_sorts_nothing(world: World) -> None:
    world.write_in()
    with CaptureQueriesContext(connection) as queries:
        page(world)
    [listing] = [query["sql"] for query in queries if "FROM talk_thread" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {listing}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "inbox_order" in plan, plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan
    assert Thread.objects.count() == 1


def test_what_waits_is_counted_without_those_put_aside_whoever_counts(world: World) -> None:
    aside, held = world.write_in("отложено"), world.taken("дело Бориса")[0]
    world.write_in("ждёт")
    world.write_in("в опасности", urgency=Urgency.NOW)
    for written in (aside, held):
        snooze(reader=world.boris.reader(world.now), thread=written.thread, until=Until.FOUR_HOURS, heard=1)
    for who, waits in (("boris", 2), ("vera", 2), ("stranger", 0)):
        reader = getattr(world, who).reader(world.now)
        assert waiting_count(reader=reader) == len(page(world, who)) == waits
    assert counted(reader=world.boris.reader(world.now), most=1) == 1
    later = world.boris.reader(world.now + timedelta(hours=5))
    assert waiting_count(reader=later) == 4


def test_counting_looks_at_no_thread_of_another_duty(world: World) -> None:
    world.write_in()
    with CaptureQueriesContext(connection) as queries:
        waiting_count(reader=world.stranger.reader())
    [counting] = queries.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {counting['sql']}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "waits_on_duty" in plan, plan
    assert "SCAN t" not in plan, plan
