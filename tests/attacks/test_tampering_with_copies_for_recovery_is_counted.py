"""Copies sealed to the recovery key that somebody changed, swapped or took away are counted once a day, before anybody
needs them; genuine ones are not.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.desk.conftest import world
from tests.desk.retention.test_exhibits import released
from tests.desk.world import RECOVERY, World
from tropa.desk.audit.log_end import tend_log
from tropa.desk.audit.models import Refusal
from tropa.desk.housekeeping import keep_house
from tropa.desk.retention.models import Exhibit
from tropa.desk.retention.recovered_exhibits import count_unsigned_exhibits, exhibits_within_reach
from tropa.desk.vault.duty import open_duty_epoch
from tropa.desk.vault.models import CaseKey, DutyEpoch
from tropa.desk.vault.recovery import Recoverable, count_unsigned

__all__ = ["world"]

TABLES = {"vault_casekey": CaseKey, "vault_dutyepoch": DutyEpoch, "retention_exhibit": Exhibit}
Change = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


def flipped(value: bytes) -> bytes:
    at = secrets.randbelow(len(value))
    return value[:at] + bytes([value[at] ^ 1 << secrets.randbelow(8)]) + value[at + 1 :]


WAYS: dict[str, Change] = {
    "flip": lambda mine, _other: {"recovery": flipped(mine["recovery"])},
    "flip the signature": lambda mine, _other: {"recovery_signature": flipped(mine["recovery_signature"])},
    "cut": lambda mine, _other: {"recovery": mine["recovery"][:-1]},
    "empty": lambda _mine, _other: {"recovery": b"", "recovery_signature": b""},
    "take away": lambda _mine, _other: {"recovery": None, "recovery_signature": b""},
    "plant": lambda mine, _other: {"recovery": secrets.token_bytes(len(mine["recovery"]))},
    "move": lambda _mine, other: {"recovery": other["recovery"]},
    "move with its signature": lambda _mine, other: other,
}


@pytest.fixture
def kept(world: World) -> World:
    """Two rows in each table."""
    open_duty_epoch(reader=world.anna.reader(), roster=[world.boris.member])
    released(world)
    released(world)
    assert all(model.objects.count() >= 2 for model in TABLES.values())  # type: ignore[attr-defined]
    return world


def count(world: World, days: int = 0) -> int:
    on = world.now.date() + timedelta(days=days)
    return count_unsigned(on=on) + count_unsigned_exhibits(on=on)


def columns(row: Any) -> dict[str, Any]:
    return {"recovery": bytes(row.recovery), "recovery_signature": bytes(row.recovery_signature)}


@pytest.mark.parametrize("table", TABLES)
def test_each_way_is_counted_once_a_day_until_it_is_put_right(kept: World, table: str) -> None:
    rows = TABLES[table].objects  # type: ignore[attr-defined]
    first, second = rows.order_by("pk")[:2]
    for day, (way, changed) in enumerate(WAYS.items()):
        rows.filter(pk=first.pk).update(**changed(columns(first), columns(second)))
        assert [count(kept, day), count(kept, day)] == [1, 1], way
        told = Refusal.objects.get()
        assert (told.table, told.row, told.times) == (table, first.pk, day + 1), way
        rows.filter(pk=first.pk).update(**columns(first))
    assert count(kept, len(WAYS)) == 0


def test_a_copy_that_others_signed_is_counted(kept: World) -> None:
    key = CaseKey.objects.order_by("pk").first()
    assert key is not None
    CaseKey.objects.filter(pk=key.pk).update(signer=kept.vera.member)
    assert count(kept) == 1


def test_an_epoch_is_not_called_destroyed_while_threads_rest_on_it(kept: World) -> None:
    kept.write_in("Мне пришла повестка")
    resting = DutyEpoch.objects.order_by("-number")[0]
    DutyEpoch.objects.filter(pk=resting.pk).update(recovery=None, recovery_signature=b"", destroyed=True)
    assert count(kept) == 1
    assert Refusal.objects.get().row == resting.pk


def test_housekeeping_looks_on_its_first_round_of_a_day(kept: World) -> None:
    assert keep_house(now=kept.now).changed_copies == 0
    Exhibit.objects.update(recovery=None)
    tend_log(today=kept.now.date())
    assert keep_house(now=kept.now).changed_copies == 0
    assert keep_house(now=kept.now + timedelta(days=1)).changed_copies == 2


def test_a_rehearsal_tells_which_exhibits_would_be_lost(kept: World) -> None:
    assert exhibits_within_reach(RECOVERY.sealing()) == Recoverable(2, 2)
    first, second = Exhibit.objects.order_by("pk")
    Exhibit.objects.filter(pk=first.pk).update(recovery=second.recovery)
    assert exhibits_within_reach(RECOVERY.sealing()) == Recoverable(2, 1)
    assert exhibits_within_reach(kept.anna.seed.sealing()) == Recoverable(2, 0)
