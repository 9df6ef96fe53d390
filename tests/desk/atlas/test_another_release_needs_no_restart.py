"""A release that is taken while the desk runs is in force with the next request; the planner is asked over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.atlas.test_a_release_is_whole_signed_and_not_an_old_one import DAY, PACK, TRUST, released, verify
from tropa.atlas.adoption import PACKS, POINTER, adopt, adopted
from tropa.atlas.errors import AdoptionBroken
from tropa.desk.atlas.in_force import base, forget, look_again
from tropa.desk.conf import conf
from tropa.desk.plans.planner import _Process

pytestmark = pytest.mark.django_db


@pytest.fixture
def data() -> Iterator[Path]:
    """The desk's data; whatever was taken is gone afterwards."""
    forget()
    yield conf.data
    (conf.data / POINTER).unlink(missing_ok=True)
    shutil.rmtree(conf.data / PACKS, ignore_errors=True)
    forget()


def take(data: Path, number: int, name: bytes = b"Small") -> None:
    pack = {**PACK, "pack.yaml": PACK["pack.yaml"].replace(b"en: Small", b"en: " + name)}
    adopt(released(version=number, pack=pack), data=data, trust=TRUST, verify=verify, on=DAY)


def test_the_next_look_sees_the_release(data: Path) -> None:
    before = look_again()
    assert before.atlas.meta.name.en == "Citizens of Russia"
    assert look_again() is before
    take(data, 1)
    assert look_again().atlas.meta.name.en == "Small"
    assert base() is base()
    take(data, 2, b"Newer")
    assert look_again().atlas.meta.name.en == "Newer"


def test_a_release_that_is_not_there_any_more_is_no_reason_to_fall_back(data: Path) -> None:
    take(data, 1)
    assert look_again().atlas.meta.name.en == "Small"
    take(data, 2, b"Newer")
    found = adopted(data)
    assert found is not None
    shutil.rmtree(found.folder)
    with pytest.raises(AdoptionBroken):
        look_again()


def test_the_planner_is_asked_over_the_release(data: Path) -> None:
    process = _Process()
    first = process._running()
    assert process._running() is first
    take(data, 1)
    second = process._running()
    assert second is not first
    assert second.process_id is None  # it starts with its first question
    process.close()
