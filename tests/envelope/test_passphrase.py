"""A locked seed opens with its passphrase, in its place, at a cost nobody can lower or inflate."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.envelope.world import PLACE, Spoil, anna, boris, damage, repeatable
from tropa.envelope import (
    CannotOpen,
    PassphraseProfile,
    WeakLock,
    WrongPassphrase,
    dummy_lock,
    lock_seed,
    unlock_seed,
)
from tropa.envelope.passphrase import LOCKED_SEED_BYTES, Argon2Cost

CHEAP = PassphraseProfile.CHEAP
PASSPHRASE = "тёплый хлеб у калитки"
LOCKED = lock_seed(boris, PASSPHRASE, CHEAP, repeatable("lock"), PLACE)


def test_the_passphrase_opens_it() -> None:
    assert unlock_seed(LOCKED, PASSPHRASE, PLACE, weakest=CHEAP) == boris


def test_the_production_profile_costs_what_the_design_says() -> None:
    assert PassphraseProfile.PRODUCTION.value == Argon2Cost(memory_kib=131_072, passes=3, lanes=1)


def test_the_production_profile_opens_without_being_asked_for() -> None:
    locked = lock_seed(boris, PASSPHRASE, PassphraseProfile.PRODUCTION, repeatable("lock"), PLACE)
    assert unlock_seed(locked, PASSPHRASE, PLACE) == boris


def test_the_cheap_profile_is_refused_unless_asked_for() -> None:
    with pytest.raises(WeakLock):
        unlock_seed(LOCKED, PASSPHRASE, PLACE)


@pytest.mark.parametrize("typed", ["тёплый хлеб", PASSPHRASE + " ", PASSPHRASE.title(), "", "\ud800"])
def test_any_other_passphrase_does_not_open_it(typed: str) -> None:
    with pytest.raises(WrongPassphrase):
        unlock_seed(LOCKED, typed, PLACE, weakest=CHEAP)


def test_a_keyboard_that_writes_the_same_letters_in_another_way_opens_it() -> None:
    decomposed = PASSPHRASE.replace("ё", "е\u0308").replace("й", "и\u0306").replace(" ", "\u00a0")
    assert decomposed != PASSPHRASE
    assert unlock_seed(LOCKED, decomposed, PLACE, weakest=CHEAP) == boris


def test_an_empty_passphrase_locks_nothing() -> None:
    with pytest.raises(ValueError, match="not empty"):
        lock_seed(boris, "", CHEAP, repeatable("lock"), PLACE)


@pytest.mark.parametrize("part", ["label", "table", "column", "row"])
def test_a_locked_seed_put_in_another_place_does_not_open(part: str) -> None:
    moved = replace(PLACE, **{part: "another"})  # type: ignore[arg-type]
    with pytest.raises(WrongPassphrase):
        unlock_seed(LOCKED, PASSPHRASE, moved, weakest=CHEAP)


@given(damage())
def test_damage_to_salt_nonce_or_ciphertext_does_not_open(spoil: Spoil) -> None:
    spoiled = LOCKED[:10] + spoil(LOCKED[10:])
    assume(spoiled != LOCKED)
    with pytest.raises((CannotOpen, WrongPassphrase)):
        unlock_seed(spoiled, PASSPHRASE, PLACE, weakest=CHEAP)


@given(damage())
def test_damage_to_the_header_does_not_open(spoil: Spoil) -> None:
    """Against the default floor, so that no flipped bit makes the test itself do dear work."""
    with pytest.raises((CannotOpen, WeakLock)):
        unlock_seed(spoil(LOCKED[:10]) + LOCKED[10:], PASSPHRASE, PLACE)


def with_cost(memory_kib: int, passes: int, lanes: int) -> bytes:
    return Argon2Cost(memory_kib, passes, lanes).header() + LOCKED[10:]


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes"),
    [(131_071, 3, 1), (131_072, 2, 1), (8, 1, 1), (0, 3, 1), (131_072, 0, 1), (131_072, 3, 0)],
)
def test_a_row_rewritten_to_make_guessing_cheap_is_refused_before_any_work(
    memory_kib: int, passes: int, lanes: int
) -> None:
    with pytest.raises(WeakLock):
        unlock_seed(with_cost(memory_kib, passes, lanes), PASSPHRASE, PLACE)


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes"),
    [(2**32 - 1, 3, 1), (524_289, 3, 1), (131_072, 11, 1), (131_072, 2**32 - 1, 1), (131_072, 3, 5)],
)
def test_a_row_rewritten_to_exhaust_the_server_is_refused_before_any_work(
    memory_kib: int, passes: int, lanes: int
) -> None:
    with pytest.raises(WeakLock):
        unlock_seed(with_cost(memory_kib, passes, lanes), PASSPHRASE, PLACE, weakest=CHEAP)


def test_a_bearable_other_cost_in_the_header_does_not_open_it_either() -> None:
    with pytest.raises(WrongPassphrase):
        unlock_seed(with_cost(128, 1, 1), PASSPHRASE, PLACE, weakest=CHEAP)


@given(st.binary(max_size=200))
def test_what_is_no_locked_seed_is_refused(blob: bytes) -> None:
    with pytest.raises((CannotOpen, WeakLock)):
        unlock_seed(blob, PASSPHRASE, PLACE)


def test_a_dummy_slot_has_the_shape_of_a_real_one_and_opens_with_nothing() -> None:
    dummy = dummy_lock(CHEAP, repeatable("dummy"))
    assert len(dummy) == len(LOCKED) == LOCKED_SEED_BYTES == 86
    assert dummy[:10] == LOCKED[:10]
    with pytest.raises(WrongPassphrase):
        unlock_seed(dummy, PASSPHRASE, PLACE, weakest=CHEAP)


def test_two_locks_of_one_seed_share_neither_salt_nor_nonce() -> None:
    random = repeatable("locks")
    one, other = (lock_seed(boris, PASSPHRASE, CHEAP, random, PLACE) for _ in range(2))
    assert one[10:26] != other[10:26]
    assert one[26:38] != other[26:38]
    assert unlock_seed(other, PASSPHRASE, PLACE, weakest=CHEAP) != anna
