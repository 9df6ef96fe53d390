"""Both slots of an account look alike, are always both tried, and tell nobody whether a duress passphrase exists."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tropa.desk.staff import services, slots
from tropa.desk.staff.errors import KeysDoNotMatch, UnlockRefused
from tropa.desk.staff.models import Member
from tropa.desk.staff.slots import Door, fresh_slots, open_slots
from tropa.envelope import PassphraseProfile, Seed, lock_seed

if TYPE_CHECKING:
    from tests.desk.world import World

NOW = datetime.now(UTC)
MANY = 300
LOCKED_SEED_BYTES = 86
HEADER = 10  # format and cost, the same in every slot


def drawn(*, duress: bool) -> dict[str, bytes]:
    own = Door(Seed.generate(secrets.token_bytes), "own passphrase of somebody")
    other = Door(Seed.generate(secrets.token_bytes), "another passphrase of somebody") if duress else None
    return fresh_slots(member_id="somebody", own=own, duress=other)


def give(world: World, duress: str) -> Seed:
    boris = world.boris
    seed = Seed.generate(secrets.token_bytes)
    columns = fresh_slots(
        member_id=boris.member.id, own=Door(boris.seed, boris.kept.passphrase), duress=Door(seed, duress)
    )
    Member.objects.filter(pk=boris.member.pk).update(**columns)
    return seed


def unlock(world: World, passphrase: str) -> object:
    Member.objects.filter(pk=world.boris.member.pk).update(totp_last_step=0)
    visit, token = services.sign_in(
        pseudonym="Борис", password=world.boris.kept.password, code=world.boris.code(NOW), now=NOW
    )
    return services.unlock(visit=visit, token=token, passphrase=passphrase, now=NOW)


def chi_square(blobs: list[bytes]) -> float:
    """How far the bytes of all these are from even; about 255 for random ones, with a deviation of 22.6."""
    counts = Counter(b"".join(blobs))
    even = sum(map(len, blobs)) / 256
    return sum((counts[value] - even) ** 2 / even for value in range(256))


@pytest.mark.parametrize("column", [*slots.SLOTS, "companion_sealed"])
def test_a_column_has_one_form_and_length_and_even_bytes_with_and_without_duress(column: str) -> None:
    head = 1 if column == "companion_sealed" else HEADER
    for duress in (False, True):
        blobs = [drawn(duress=duress)[column] for _ in range(MANY)]
        assert {(len(blob), blob[:head]) for blob in blobs} == {
            (slots.COMPANION_BYTES, b"\x01")
            if column == "companion_sealed"
            else (LOCKED_SEED_BYTES, PassphraseProfile.CHEAP.value.header())
        }
        assert chi_square([blob[head:] for blob in blobs]) < 255 + 8 * 22.6
        for place in range(
            head, len(blobs[0])
        ):  # no place gives a bit away either: each stays near half of them
            for bit in range(8):
                ones = sum(blob[place] >> bit & 1 for blob in blobs)
                assert abs(ones - MANY / 2) < 7 * (MANY / 4) ** 0.5


def test_the_persons_own_seed_lies_in_either_slot_as_it_falls() -> None:
    found = Counter()
    for _ in range(40):
        own = Door(Seed(bytes(range(32))), "own passphrase of somebody")
        member = Member(id="somebody", **fresh_slots(member_id="somebody", own=own))
        opened = open_slots(member, own.passphrase)
        assert opened is not None
        found[opened.slot] += 1
    assert set(found) == set(slots.SLOTS)


@pytest.mark.parametrize("passphrase", ["own", "duress", "wrong"])
def test_both_slots_are_tried_whatever_opens(
    world: World, monkeypatch: pytest.MonkeyPatch, passphrase: str
) -> None:
    give(world, "the duress passphrase of Boris")
    typed = {"own": world.boris.kept.passphrase, "duress": "the duress passphrase of Boris", "wrong": "?"}
    tried: list[bytes] = []
    real = slots.unlock_seed

    def spying(blob: bytes, *args: object, **named: object) -> Seed:
        tried.append(blob[:HEADER])
        return real(blob, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(slots, "unlock_seed", spying)
    if passphrase == "wrong":
        with pytest.raises(UnlockRefused):
            unlock(world, typed[passphrase])
    else:
        unlock(world, typed[passphrase])
    assert tried == [PassphraseProfile.CHEAP.value.header()] * 2


def test_a_dummy_and_a_duress_slot_cost_a_guess_the_same() -> None:
    """What a slot costs stands in its head; the production profile writes 128 MiB and three passes into all."""
    for duress in (False, True):
        columns = drawn(duress=duress)
        assert columns["slot_one"][:HEADER] == columns["slot_two"][:HEADER]
    cost = PassphraseProfile.PRODUCTION.value
    assert (cost.memory_kib, cost.passes) == (128 * 1024, 3)


@pytest.mark.parametrize("slot", slots.SLOTS)
def test_a_slot_planted_by_somebody_else_opens_not_even_an_empty_desk(world: World, slot: str) -> None:
    give(world, "the duress passphrase of Boris")
    planted = lock_seed(
        Seed(b"planted key of an attacker 12345"),
        "known to the attacker",
        PassphraseProfile.CHEAP,
        secrets.token_bytes,
        slots.slot_context(world.boris.member.id, slot),
    )
    Member.objects.filter(pk=world.boris.member.pk).update(**{slot: planted})
    with pytest.raises(KeysDoNotMatch):
        unlock(world, "known to the attacker")


def test_a_companion_from_a_colleagues_row_vouches_for_nothing(world: World) -> None:
    seed = give(world, "the duress passphrase of Boris")
    boris = Member.objects.get(pk=world.boris.member.pk)
    assert slots.is_vouched(boris, seed)
    Member.objects.filter(pk=world.vera.member.pk).update(
        slot_one=boris.slot_one, slot_two=boris.slot_two, companion_sealed=boris.companion_sealed
    )
    vera = Member.objects.get(pk=world.vera.member.pk)
    assert not slots.is_vouched(vera, seed)
    assert open_slots(vera, "the duress passphrase of Boris") is None


def test_every_new_account_has_a_companion_as_an_account_with_duress_has(world: World) -> None:
    for person in (world.anna, world.boris, world.vera, world.stranger):
        assert len(Member.objects.get(pk=person.member.pk).companion_sealed) == slots.COMPANION_BYTES
