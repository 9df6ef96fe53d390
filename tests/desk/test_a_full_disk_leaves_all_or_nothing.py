"""The disk takes no byte more, whichever file is being written: the database's log, a pinned file, the store of keys.

No file of the process may grow beyond so many bytes; the bound is raised until the act goes through. Each refusal
leaves every row as it was and everything readable that was; what destroys may have got as far as the key, and then
nothing opens and the next round of housekeeping ends it.
"""

from __future__ import annotations

import resource
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DatabaseError

from tests.channels.rig import Desk
from tests.channels.test_the_contract_in_memory import FakeRig
from tests.desk.test_bad_input_changes_nothing import rows
from tests.desk.world import World, build_world
from tropa.channels.values import DedupeKey, Handle, Incoming, IncomingKind
from tropa.desk.conf import conf
from tropa.desk.housekeeping import keep_house
from tropa.desk.retention.services import close_case, hold_case
from tropa.desk.scrub import scrub
from tropa.desk.talk.applicant import delete_entry, delete_everything
from tropa.desk.talk.hand_over import hand_over
from tropa.desk.talk.saved_replies import save_reply
from tropa.desk.talk.services import reply, take
from tropa.desk.vault.services import rotate_case
from tropa.desk.vault.wrapping_keys import wrapping_keys
from tropa.gateway.accounts import Account
from tropa.gateway.credential import GatewayKeys
from tropa.gateway.fetching import Fetched

pytestmark = pytest.mark.django_db(transaction=True)
ROOMS = (0, 30, 1_000, 9_000, 40_000, 160_000, 640_000, 2_560_000)
"""Bytes a file may reach. A page of SQLite's log takes 4,120."""
Act = Callable[[], object]


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes, or beyond what the database has already."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Scene:
    """A case Boris leads, a thread nobody has taken, and a case that was closed."""

    def __init__(self) -> None:
        self.world: World = build_world()
        self.written, self.case = self.world.taken()
        self.untaken = self.world.write_in()
        reply(reader=self.world.boris.reader(), thread=self.written.thread, text="ответ")
        self.gateway = Desk(FakeRig(), GatewayKeys.generate(), Account("help", "telegram", {})).gateway()

    def acts(self) -> dict[str, Act]:
        """By name."""
        world, boris, thread = self.world, self.world.boris.reader(), self.written.thread
        today = world.now.date()
        return {
            "take": lambda: take(reader=boris, thread=self.untaken.thread),
            "reply": lambda: reply(reader=boris, thread=thread, text="ответ " * 900),
            "rotate": lambda: rotate_case(reader=boris, case=self.case),
            "close": lambda: close_case(reader=boris, case=self.case, safe=True, reason="уехал"),
            "hold": lambda: hold_case(
                reader=boris, case=self.case, last_day=today + timedelta(days=9), reason="ждём суда"
            ),
            "hand over": lambda: hand_over(reader=boris, text="Посольство не отвечает"),
            "save a reply": lambda: save_reply(
                reader=boris, reply_id="", title="Прочитано", text="Мы прочитали письмо.", version=0
            ),
            "take in from a messenger": self._take_in,
            "erase a message": lambda: delete_entry(thread=thread, entry_id=self.written.entry.pk),
            "erase everything": lambda: delete_everything(thread=thread, now=world.now),
        }

    def _take_in(self) -> None:
        key, handle = DedupeKey(secrets.token_hex(8)), Handle("4711")
        item = Incoming(key, handle, IncomingKind.TEXT, b"4711", text="Пришла повестка " * 100)
        assert self.gateway.intake.store([Fetched(item)], {"cursor": b"7"}, self.world.now) == 1


NAMES = (
    "take", "reply", "rotate", "close", "hold", "hand over", "save a reply", "take in from a messenger",
    "erase a message", "erase everything",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_whatever_file_is_full_an_act_leaves_all_as_it_was_or_is_done(name: str) -> None:
    scene = Scene()
    assert set(scene.acts()) == set(NAMES)
    act, before, refused = scene.acts()[name], rows(), 0
    for size in ROOMS:
        if goes_through(act, size):
            break
        refused += 1
        assert rows() == before, (name, size)
        gone = scene.case.pk not in wrapping_keys([scene.case.pk])
        if gone:
            assert name == "erase everything"
            assert keep_house(now=scene.world.now).ended > 0  # what was begun is ended
            break
    assert refused > 0, "the disk was never full"
    assert rows() != before


def goes_through(act: Act, size: int) -> bool:
    """Whether the act finds room; only a full disk may keep it."""
    scrub()  # the log is cut, so that every page of the act needs room
    with room(size):
        try:
            act()
        except (OSError, DatabaseError):
            return False
    return True


def test_a_round_of_retention_destroys_all_or_nothing() -> None:
    scene = Scene()
    close_case(reader=scene.world.boris.reader(), case=scene.case, safe=True, reason="уехал")
    later = scene.world.now + timedelta(days=conf.closed_days + 1)
    before, refused = rows(), 0
    for size in ROOMS:
        if goes_through(lambda: keep_house(now=later), size):
            break
        refused += 1
        if scene.case.pk in wrapping_keys([scene.case.pk]):
            assert rows()["talk_entry"] == before["talk_entry"], size
    assert refused > 0
    keep_house(now=later)
    assert not wrapping_keys([scene.case.pk])
    assert scene.case.pk not in {row[0] for row in rows()["cases_case"]}
