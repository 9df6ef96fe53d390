"""A log whose past was touched no longer joins, and a cut one misses a checkpoint."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.envelope import BEGINNING, BrokenLog, Checkpoint, LogEntry, hash_entry, verify_log


def log_of(*bodies: bytes) -> list[LogEntry]:
    entries = []
    previous = BEGINNING
    for sequence, body in enumerate(bodies, 1):
        previous = hash_entry(previous, sequence, body)
        entries.append(LogEntry(sequence, body, previous))
    return entries


LOG = log_of(b"signed in", b"took case 7", b"approved", b"signed out")


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_a_log_as_written_joins_and_says_where_it_ends(bodies: list[bytes]) -> None:
    log = log_of(*bodies)
    assert verify_log(log) == Checkpoint(len(bodies), log[-1].entry_hash if log else BEGINNING)


@given(st.integers(0, 3), st.binary(max_size=20))
def test_a_changed_entry_is_found(at: int, body: bytes) -> None:
    changed = replace(LOG[at], body=body + b"!")
    with pytest.raises(BrokenLog, match=str(at + 1)):
        verify_log([*LOG[:at], changed, *LOG[at + 1 :]])


@given(st.permutations(range(4)))
def test_another_order_is_found(order: list[int]) -> None:
    if order == [0, 1, 2, 3]:
        return
    with pytest.raises(BrokenLog):
        verify_log([LOG[at] for at in order])


@given(st.integers(0, 2))
def test_a_missing_entry_is_found(at: int) -> None:
    with pytest.raises(BrokenLog):
        verify_log(LOG[:at] + LOG[at + 1 :])


def test_an_entry_put_in_between_is_found() -> None:
    forged = LogEntry(2, b"nothing", hash_entry(LOG[0].entry_hash, 2, b"nothing"))
    with pytest.raises(BrokenLog):
        verify_log([LOG[0], forged, *LOG[1:]])


def test_a_log_rewritten_from_some_entry_on_misses_a_later_checkpoint() -> None:
    rewritten = log_of(b"signed in", b"nothing", b"nothing", b"signed out")
    assert verify_log(rewritten).sequence == 4
    with pytest.raises(BrokenLog, match="entry 3"):
        verify_log(rewritten, [Checkpoint(3, LOG[2].entry_hash)])


@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_a_log_cut_or_rolled_back_misses_a_checkpoint(left: int) -> None:
    assert verify_log(LOG[:left]).sequence == left
    with pytest.raises(BrokenLog, match=f"ends at entry {left}"):
        verify_log(LOG[:left], [Checkpoint(4, LOG[3].entry_hash)])


def test_kept_checkpoints_hold_in_the_log_they_were_taken_of() -> None:
    kept = [Checkpoint(entry.sequence, entry.entry_hash) for entry in LOG[::2]]
    assert verify_log(LOG, [*kept, Checkpoint(0, BEGINNING)]) == Checkpoint(4, LOG[3].entry_hash)


def test_two_checkpoints_for_one_entry_must_both_hold() -> None:
    with pytest.raises(BrokenLog):
        verify_log(LOG, [Checkpoint(2, bytes(32)), Checkpoint(2, LOG[1].entry_hash)])


@pytest.mark.parametrize(
    ("previous", "sequence"), [(b"", 1), (bytes(31), 1), (bytes(32), 0), (bytes(32), -1)]
)
def test_an_entry_that_follows_nothing_has_no_hash(previous: bytes, sequence: int) -> None:
    with pytest.raises(ValueError, match="follows a 32-byte hash"):
        hash_entry(previous, sequence, b"body")
