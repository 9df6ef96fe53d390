"""Whatever Telegram's server gives, nothing breaks and nobody waits: strange updates are passed over or kept as
unreadable, and what people wrote between them is stored once.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.rig import Desk
from tests.channels.scenes import read_as_boris, run
from tests.channels.strange import members, strange_copy
from tests.channels.test_the_contract_on_telegram import TelegramRig
from tropa.channels.telegram.reading import read_update
from tropa.channels.values import LARGEST_IN, LONGEST_TEXT

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


def _without_number(update: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in update.items() if name != "update_id"}


def test_generated_envelopes_hold_nobody_up(world: World, envelopes: int) -> None:
    rig, chance = TelegramRig(), random.Random(6)  # noqa: S311  the same envelopes each time
    desk, written = Desk.of(rig), []

    async def scene() -> None:
        async with rig.running():
            for number in range(envelopes):
                valid = {
                    "message": rig.double.message(7, rig.double._person(7), "текст", ("имя", b"content"))
                }
                rig.double.push(_without_number(strange_copy(chance, valid)))
                if number % 25 == 0:
                    written.append(f"настоящее сообщение {number}")
                    rig.double.write(8, written[-1])
            await desk.take_in()
            assert rig.waiting() == 0

    run(scene(), seconds=120 + envelopes)
    texts = [entry.text for entry in read_as_boris(world)]
    assert [text for text in texts if text in set(written)] == written


def test_reading_never_raises_and_never_gives_more_than_fits(envelopes: int) -> None:
    chance = random.Random(60)  # noqa: S311
    person = {"id": 7, "is_bot": False, "first_name": "Имя", "language_code": "ru"}
    chat = {"id": 7, "type": "private"}
    file = {"file_id": "F1", "file_name": "имя", "mime_type": "image/png", "file_size": 10}
    message = {"message_id": 1, "from": person, "chat": chat, "date": 1, "caption": "вот", "document": file}
    for _number in range(envelopes * 10):
        came = read_update(
            {"update_id": 1} | _without_number(strange_copy(chance, {"message": message})), lambda *_: None
        )
        if came is not None:
            assert len(came.text) <= LONGEST_TEXT
            came.text.encode()
            assert all(len(each.name) <= 200 and each.name.encode() is not None for each in came.attachments)


def test_an_answer_nobody_can_take_apart_is_passed_over(world: World) -> None:
    rig = TelegramRig()
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            deep: list[Any] = []
            for _level in range(300):
                deep = [deep]
            await rig.write("8", "до")
            rig.double.push({"message": {"text": deep}})
            rig.double.raw_after = "[" * 100_000
            await rig.write("8", "после")
            await desk.take_in()
            assert rig.waiting() == 0

    run(scene())
    assert [entry.text for entry in read_as_boris(world)] == ["до", "после"]


def test_what_is_said_in_a_group_is_not_ours_and_the_bot_leaves(world: World) -> None:
    rig = TelegramRig()
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            rig.double.write_in_group(-100123, 7, "все это слышат")
            await rig.write("7", "а это нет")
            await desk.take_in()

    run(scene())
    assert [entry.text for entry in read_as_boris(world)] == ["а это нет"]
    assert rig.double.left == [-100123]
    assert rig.double.sent == []


def test_a_group_of_ten_thousand_is_left_and_what_unpacks_without_end_is_cut_off(world: World) -> None:
    rig = TelegramRig()
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            chat = {"id": -100123, "type": "supergroup", "title": "Everybody"}
            message = rig.double.message(-100123, rig.double._person(7), "", None)
            rig.double.push({"message": message | {"chat": chat, "new_chat_members": members()}})
            rig.double.packed_files = True
            rig.double.write(8, "вот", file=("архив", bytes(LARGEST_IN + 1)))
            rig.double.updates[-1]["message"]["document"]["file_size"] = 10
            await rig.write("7", "а это да")
            await desk.take_in()

    run(scene())
    assert rig.double.left == [-100123]
    told = {entry.text: entry.remarks for entry in read_as_boris(world)}
    assert told == {"вот": ("file-too-large",), "а это да": ()}


def test_what_is_written_over_is_kept_and_marked(world: World) -> None:
    rig = TelegramRig()
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", "завтра")
            rig.double.edit(7, 1, "сегодня")
            rig.double.edit(7, 999, "чего не было")
            await desk.take_in()

    run(scene())
    told = [(entry.text, entry.remarks) for entry in read_as_boris(world)]
    assert told == [("завтра", ()), ("сегодня", ("edited",)), ("чего не было", ("edited",))]


@pytest.mark.parametrize("how", ["cut off", "gone"])
def test_a_file_that_does_not_come_keeps_no_message_waiting(world: World, how: str) -> None:
    rig = TelegramRig()
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", "вот фото", file=("фото.jpg", bytes(500_000)))
            if how == "gone":
                rig.double.files.clear()
            rig.double.truncate_files = how == "cut off"
            await asyncio.wait_for(desk.take_in(), 30)

    run(scene())
    (entry,) = read_as_boris(world)
    assert (entry.text, entry.files, entry.remarks) == ("вот фото", (), ("file-lost",))
