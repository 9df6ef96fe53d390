"""Whoever writes rows can neither cut the log nor put back an older one unseen: its end lies outside the database."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse

from tests.desk.world import World, signed_in
from tropa.desk.audit import log_end
from tropa.desk.audit.acts import Act
from tropa.desk.audit.errors import EndDamaged
from tropa.desk.audit.log_end import ALARM_FILE, END_FILE, LogAlarm, alarm, kept_end, tend_log
from tropa.desk.audit.models import Record
from tropa.desk.audit.queries import checked_log
from tropa.desk.audit.services import record
from tropa.envelope import BEGINNING, BrokenLog, LogFault, hash_entry

TODAY = date(2026, 11, 22)


def act(world: World, times: int = 1) -> None:
    for _ in range(times):
        record(reader=world.boris.reader(), act=Act.TAKEN, detail={}, now=world.now)


def rewritten(first: int) -> None:
    """The log forged from a record on, so that it joins."""
    before = Record.objects.filter(sequence=first - 1).first()
    previous = bytes(before.hash) if before else BEGINNING
    for row in Record.objects.filter(sequence__gte=first).order_by("sequence"):
        body = b"nothing of the kind " + bytes(row.sealed)
        fresh = hash_entry(previous, row.sequence, body)
        Record.objects.filter(pk=row.pk).update(sealed=body, previous=previous, hash=fresh)
        previous = fresh


def test_a_round_keeps_the_end_and_the_next_moves_it_on(world: World, pinned: Path) -> None:
    act(world, 3)
    first = tend_log(today=TODAY)
    assert first == checked_log()
    act(world, 2)
    second = tend_log(today=TODAY)
    kept = kept_end()
    assert kept is not None
    assert (second.sequence, kept.checkpoint) == (first.sequence + 2, second)
    assert (pinned / END_FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("day", [TODAY, TODAY + timedelta(days=1)])
def test_a_log_that_was_cut_is_found(world: World, pinned: Path, day: date) -> None:
    act(world, 3)
    end = tend_log(today=TODAY)
    Record.objects.filter(sequence=end.sequence).delete()
    with pytest.raises(BrokenLog) as broken:
        tend_log(today=day)
    assert (broken.value.fault, broken.value.sequence) == (LogFault.ENDS_TOO_EARLY, end.sequence - 1)
    kept = kept_end()
    assert kept is not None
    assert kept.checkpoint == end


@pytest.mark.parametrize("day", [TODAY, TODAY + timedelta(days=1)])
def test_a_log_cut_and_written_on_is_found_though_it_joins(world: World, pinned: Path, day: date) -> None:
    act(world, 3)
    end = tend_log(today=TODAY)
    Record.objects.filter(sequence__gte=end.sequence).delete()
    act(world, 4)
    assert checked_log().sequence > end.sequence
    with pytest.raises(BrokenLog) as broken:
        tend_log(today=day)
    assert (broken.value.fault, broken.value.sequence) == (LogFault.NOT_AS_KEPT, end.sequence)


def test_a_change_long_past_is_found_by_the_whole_reading_of_the_next_day(world: World, pinned: Path) -> None:
    act(world, 4)
    tend_log(today=TODAY)
    Record.objects.filter(sequence=2).update(sealed=b"another act")
    tend_log(today=TODAY)
    with pytest.raises(BrokenLog) as broken:
        tend_log(today=TODAY + timedelta(days=1))
    assert broken.value.sequence == 2


def test_a_log_rewritten_whole_is_found_though_it_joins(world: World, pinned: Path) -> None:
    act(world, 4)
    end = tend_log(today=TODAY)
    rewritten(1)
    assert checked_log().sequence == end.sequence
    with pytest.raises(BrokenLog) as broken:
        tend_log(today=TODAY)
    assert broken.value.fault is LogFault.NOT_AS_KEPT


def test_an_alarm_stands_until_the_log_holds_again(world: World, pinned: Path) -> None:
    act(world, 3)
    end = tend_log(today=TODAY)
    assert alarm() is None
    row = Record.objects.get(sequence=end.sequence)
    Record.objects.filter(sequence=end.sequence).delete()
    with pytest.raises(BrokenLog):
        tend_log(today=TODAY)
    assert alarm() == LogAlarm(LogFault.ENDS_TOO_EARLY, end.sequence - 1)
    row.save(force_insert=True)
    tend_log(today=TODAY)
    assert alarm() is None
    assert not (pinned / ALARM_FILE).exists()


def test_coordinators_see_the_alarm_on_today_and_advisers_do_not(world: World, pinned: Path) -> None:
    (pinned / ALARM_FILE).write_text("7 not-as-kept\n")
    page = reverse("desk:today")
    sentence = "Подписанный журнал"
    assert sentence in signed_in(world.anna).get(page).content.decode()
    assert sentence not in signed_in(world.boris).get(page).content.decode()
    (pinned / ALARM_FILE).write_text("not readable")
    assert sentence in signed_in(world.anna).get(page).content.decode()


@pytest.mark.parametrize("damage", ["", "1 2", "x" * 600, "-", "3 zz 2026-11-22", "3 00 today"])
def test_a_damaged_end_lets_nothing_through(world: World, pinned: Path, damage: str) -> None:
    (pinned / END_FILE).write_text(damage)
    with pytest.raises(EndDamaged):
        tend_log(today=datetime.now(UTC).date())
    assert (pinned / END_FILE).read_text() == damage


def test_a_disk_that_takes_nothing_leaves_the_end_there_was(world: World, pinned: Path) -> None:
    act(world, 2)
    end = tend_log(today=TODAY)
    act(world)
    (pinned / f"{END_FILE}.new").mkdir()  # nothing can be written under this name
    with pytest.raises(OSError, match="directory"):
        tend_log(today=TODAY)
    kept = kept_end()
    assert kept is not None
    assert kept.checkpoint == end


@pytest.mark.django_db
def test_a_desk_nobody_has_founded_has_no_end_to_keep(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = tmp_path / "pinned"
    monkeypatch.setattr(log_end, "conf", SimpleNamespace(pinned=nowhere))
    assert tend_log(today=TODAY).sequence == 0
    assert not nowhere.exists()
