"""What every messenger has to stand, through the real gateway and the real database: one suite, run for each adapter.

A messenger's test module subclasses `Contract`, gives it a rig, and names in `rig.absent` the tests whose fault the
messenger cannot have, with the reason. Nothing here looks inside an adapter.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

import pytest

from tests.channels.rig import Desk, Killed
from tests.channels.scenes import (
    answer,
    ended,
    entries,
    read_as_boris,
    run,
    standing,
    states,
    until,
    whole_database,
    whole_disk,
)
from tests.channels.strange import unpacks_without_end
from tropa.channels.values import LARGEST_IN

if TYPE_CHECKING:
    from tests.channels.rig import Rig
    from tests.desk.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PHRASE = "Пришла повестка на завтра"


class Contract:
    """The suite. A subclass gives the fixture `rig`."""

    backlog = 120
    """More than a service or an adapter gives at once."""
    keeps_order = True
    """Whether the service hands on what one person wrote in its order."""

    def cap(self, rig: Rig) -> int:
        """The largest file that is taken."""
        return max(rig.about.caps.attachment_in_max, LARGEST_IN)

    @pytest.fixture(autouse=True)
    def _no_absent_faults(self, request: pytest.FixtureRequest, rig: Rig) -> None:
        reason = rig.absent.get(request.function.__name__)
        if reason:
            pytest.skip(reason)

    def test_what_a_person_writes_is_stored_once_and_reads_the_same(self, rig: Rig, world: World) -> None:
        async def came() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                assert await Desk.of(rig).take_in() == 1
                assert rig.waiting() == 0

        run(came())
        (entry,) = read_as_boris(world)
        assert (entry.text, entry.channel) == (PHRASE, rig.about.name)

    def test_an_answer_reaches_the_person_as_it_was_written(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)

        async def came_and_settled() -> bool:
            shown = rig.texts_to("7")[-1:] == ["Мы здесь.\n\nЗавтра никуда не ходите."]
            return shown and await asyncio.to_thread(ended)  # the device shows it before the database says so

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await desk.take_in()
                await asyncio.to_thread(answer, world, "Мы здесь.\n\nЗавтра никуда не ходите.")
                await desk.live(came_and_settled)

        run(scene())
        assert states() == ["sent"]

    def test_the_person_is_told_the_truth_before_the_first_answer(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await desk.take_in()
                await asyncio.to_thread(answer, world, "Мы здесь.")
                await desk.live(lambda: len(rig.texts_to("7")) >= 2)

        run(scene())
        from tropa.channels.texts import in_language

        first, second = rig.texts_to("7")
        assert in_language(rig.about.caps.truth, "ru") in first
        assert second == "Мы здесь."

    def test_files_come_in_whole_and_too_large_ones_leave_nothing(self, rig: Rig, world: World) -> None:
        content = unpacks_without_end() + secrets.token_bytes(100_000)  # nobody here looks into it
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", "вот", file=("архив.zip", content))
                await rig.write_lying_file("7", bytes(self.cap(rig) + 1024 * 1024), announced=10)
                await rig.write("7", "и ещё")
                await desk.take_in()

        run(scene())
        from tropa.desk.talk.files import open_file
        from tropa.desk.talk.models import Attachment

        first, second, third = read_as_boris(world)
        assert b"".join(open_file(first.files[0])) == content
        assert (second.files, second.remarks) == ((), ("file-too-large",))
        assert third.text == "и ещё"
        assert Attachment.objects.count() == 1

    @pytest.mark.parametrize("point", ["fetched", "sealed", "stored"])
    def test_a_process_that_ends_loses_and_doubles_nothing(self, rig: Rig, world: World, point: str) -> None:
        desk = Desk.of(rig)

        def die(reached: str) -> None:
            if reached == point:
                raise Killed

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await rig.write("8", "Вторая")
                with pytest.raises(Killed):
                    await desk.take_in(reached=die)
                await desk.take_in()
                assert rig.waiting() == 0

        run(scene())
        assert sorted(entry.text for entry in read_as_boris(world)) == sorted([PHRASE, "Вторая"])

    def test_a_backlog_arrives_complete_once_and_in_order(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                for number in range(self.backlog):
                    await rig.write("7", f"сообщение {number}")
                assert await desk.take_in() == self.backlog
                assert await desk.take_in() == 0

        run(scene())
        written = [f"сообщение {each}" for each in range(self.backlog)]
        came = [entry.text for entry in read_as_boris(world)]
        assert (came if self.keeps_order else sorted(came)) == (
            written if self.keeps_order else sorted(written)
        )

    def test_what_cannot_be_read_is_seen_and_the_person_is_asked_once(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await rig.write_unreadable("7")
                await rig.write_unreadable("7")
                await desk.take_in()
                await desk.live(lambda: len(rig.texts_to("7")) >= 2)

        run(scene())
        assert [entry.remarks for entry in read_as_boris(world)] == [(), ("unreadable",), ("unreadable",)]
        assert len(rig.texts_to("7")) == 2

    def test_a_limit_is_obeyed_and_nothing_leaves_before(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await desk.take_in()
                rig.limit_next(1.0)
                loop = asyncio.get_running_loop()
                began = loop.time()
                await desk.live(lambda: len(rig.texts_to("7")) >= 1)
                assert loop.time() - began >= 1.0

        run(scene())
        assert len(rig.texts_to("7")) == 1

    def test_a_lost_reply_is_unknown_and_is_not_sent_again(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await desk.take_in()
                await desk.live(lambda: len(rig.texts_to("7")) == 1)
                await asyncio.to_thread(answer, world, "Один раз.")
                rig.lose_next_reply()
                await desk.live(lambda: asyncio.to_thread(ended))
                await desk.live(lambda: asyncio.to_thread(ended))

        run(scene())
        assert rig.texts_to("7").count("Один раз.") == 1
        assert states() == ["sent" if rig.about.caps.idempotent_send else "unknown"]

    @pytest.mark.parametrize(
        ("point", "then"),
        [("taken-up", "sent"), ("noted", "unknown"), ("sent", "unknown"), ("ended", "sent")],
    )
    def test_a_process_that_ends_while_sending_hides_nothing(
        self, rig: Rig, world: World, point: str, then: str
    ) -> None:
        desk = Desk.of(rig)

        def die(reached: str) -> None:
            if reached == point:
                raise Killed

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await desk.take_in()
                await desk.live(lambda: len(rig.texts_to("7")) == 1)
                await asyncio.to_thread(answer, world, "Один раз.")
                with pytest.raises(Killed):
                    await desk.live(lambda: False, reached=die)
                await desk.live(lambda: asyncio.to_thread(ended))

        run(scene())
        assert rig.texts_to("7").count("Один раз.") <= 1
        assert states() == ["sent" if rig.about.caps.idempotent_send else then]

    def test_somebody_who_blocked_us_is_shown_as_not_reached(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await desk.take_in()
                await asyncio.to_thread(answer, world, "Мы здесь.")
                rig.block("7")
                await desk.live(lambda: asyncio.to_thread(ended))

        run(scene())
        assert states() == ["failed"]

    def test_a_failing_commit_acknowledges_nothing(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)

        class Full(Exception):
            """The disk is full."""

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                gateway = desk.gateway()
                await gateway._channel.start(gateway.state)

                def fail(*_: object) -> int:
                    raise Full

                object.__setattr__(gateway, "intake", type("Failing", (), {"store": staticmethod(fail)})())
                with pytest.raises(Full):
                    await gateway.take_in_once(0.05)
                await gateway._end()
                assert rig.waiting() == 1
                assert await desk.take_in() == 1

        run(scene())
        assert len(read_as_boris(world)) == 1

    def test_while_the_service_is_away_health_says_so_and_then_messages_flow(
        self, rig: Rig, world: World
    ) -> None:
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.set_down(down=True)
                gateway, stop = desk.gateway(), asyncio.Event()
                running = asyncio.create_task(gateway.run(stop))
                await until(lambda: asyncio.to_thread(standing), "down")
                await rig.set_down(down=False)
                await rig.write("7", PHRASE)
                await until(lambda: asyncio.to_thread(entries), 1)
                stop.set()
                await asyncio.wait_for(running, 10)

        run(scene())

    def test_no_handle_and_no_word_lies_in_the_database(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)
        person = "7734561902"

        async def scene() -> None:
            async with rig.running():
                await rig.write(person, PHRASE)
                await rig.write(person, "", file=("справка", "содержимое файла ".encode() * 20_000))
                await desk.take_in()
                await asyncio.to_thread(answer, world, "Ответ волонтёра")
                await desk.live(lambda: len(rig.texts_to(person)) >= 2)

        run(scene())
        everything = whole_database() + whole_disk()
        for told in (person, PHRASE, "Ответ волонтёра", rig.about.title, "содержимое файла"):
            assert told.encode() not in everything, told
        assert b"talk_entry" in everything  # what is searched is the database
        assert b"probe in clear" in everything  # and the disk

    def test_deleting_deletes(self, rig: Rig, world: World) -> None:
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", PHRASE)
                await desk.take_in()
                await rig.write("7", "/delete")
                await desk.live(lambda: len(rig.texts_to("7")) >= 1)
                await rig.write("7", "Пишу заново")
                await desk.take_in()

        run(scene())
        assert [entry.text for entry in read_as_boris(world)] == ["Пишу заново"]

    def test_whoever_asks_whether_it_is_us_is_told_and_no_case_is_opened(
        self, rig: Rig, world: World
    ) -> None:
        desk = Desk.of(rig)

        async def scene() -> None:
            async with rig.running():
                await rig.write("7", "/real")
                await desk.live(lambda: len(rig.texts_to("7")) >= 1)

        run(scene())
        assert "/contacts/" in rig.texts_to("7")[0]
        assert entries() == 0

    def test_stopping_takes_no_time(self, rig: Rig, world: World) -> None:
        async def scene() -> None:
            async with rig.running():
                gateway, stop = Desk.of(rig).gateway(), asyncio.Event()
                running = asyncio.create_task(gateway.run(stop))
                await until(lambda: asyncio.to_thread(standing), "ok")
                stop.set()
                await asyncio.wait_for(running, 10)

        run(scene())
