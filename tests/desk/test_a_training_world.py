"""In a training world every page says what it is, and invented people go on writing; nowhere else do they."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk.world import World, signed_in
from tropa.desk import training
from tropa.desk.conf import conf
from tropa.desk.example.world import NoExample
from tropa.desk.example.writing import MOST_WAITING, somebody_writes
from tropa.desk.talk.models import Thread


@pytest.fixture
def marked() -> Iterator[Path]:
    """This test's own data directory, marked."""
    path = conf.data / training.TRAINING_MARK
    path.write_text("nothing leaves from here\n")
    yield path
    path.unlink()


def test_every_page_says_so(world: World, marked: Path) -> None:
    assert marked.exists()
    client = signed_in(world.boris)
    for address in ("/", "/inbox/", "/find/", "/help/", "/people/"):
        page = client.get(address).content.decode()
        assert "Учебный стол." in page, address


def test_invented_people_write_there_and_nowhere_else(world: World, marked: Path, monkeypatch: Any) -> None:
    dice = random.Random(1)  # noqa: S311  # nothing secret is drawn
    thread = somebody_writes(now=world.now, dice=dice)
    assert thread is not None
    assert Thread.objects.get().waiting
    monkeypatch.setattr("tropa.desk.example.writing.MOST_WAITING", 1)
    assert MOST_WAITING > 1
    assert somebody_writes(now=world.now, dice=dice) is None
    marked.unlink()
    with pytest.raises(NoExample):
        somebody_writes(now=world.now, dice=dice)
    marked.touch()
