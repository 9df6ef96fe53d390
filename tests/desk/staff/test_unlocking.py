"""The passphrase opens one's own certified key, for one browser, until it is locked, idle, or revoked."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.desk.world import ROOT, World
from tropa.desk.staff import services, slots, visits
from tropa.desk.staff.errors import KeysDoNotMatch, UnlockRefused
from tropa.desk.staff.models import Member, Visit
from tropa.envelope import CannotOpen, Certificate, PassphraseProfile, Seed, certify, lock_seed

NOW = datetime.now(UTC)


def visit_of_boris(world: World) -> tuple[Visit, str]:
    boris = world.boris
    return services.sign_in(pseudonym="Борис", password=boris.kept.password, code=boris.code(NOW), now=NOW)


def unlock(world: World, passphrase: str | None = None) -> tuple[Visit, str]:
    visit, token = visit_of_boris(world)
    services.unlock(visit=visit, token=token, passphrase=passphrase or world.boris.kept.passphrase, now=NOW)
    visit.refresh_from_db()
    return visit, token


def test_the_passphrase_opens_the_key_for_this_browser(world: World) -> None:
    visit, token = unlock(world)
    assert visit.sealed_seed is not None
    assert visits.open_seed(bytes(visit.sealed_seed), token) == world.boris.seed


def test_the_stored_key_opens_only_with_the_cookie(world: World) -> None:
    visit, _token = unlock(world)
    with pytest.raises(CannotOpen):
        visits.open_seed(bytes(visit.sealed_seed or b""), visit.id)


def test_a_wrong_passphrase_is_refused_and_leaves_the_visit_locked(world: World) -> None:
    with pytest.raises(UnlockRefused):
        unlock(world, "passphrase of somebody else")
    assert Visit.objects.get().sealed_seed is None


def test_both_slots_look_alike_and_either_may_hold_the_key(world: World) -> None:
    member = world.boris.member
    assert len(member.slot_one) == len(member.slot_two)
    assert bytes(member.slot_one)[:10] == bytes(member.slot_two)[:10]
    second = lock_seed(
        world.boris.seed,
        "another passphrase",
        PassphraseProfile.CHEAP,
        bytes,
        slots.slot_context(member.id, "slot_two"),
    )
    Member.objects.filter(pk=member.pk).update(slot_two=second)
    unlock(world, "another passphrase")


def test_a_slot_moved_from_another_member_does_not_open(world: World) -> None:
    Member.objects.filter(pk=world.boris.member.pk).update(slot_one=world.vera.member.slot_one)
    with pytest.raises(UnlockRefused):
        unlock(world, world.vera.kept.passphrase)


def test_a_planted_key_pair_is_refused_though_it_opens(world: World) -> None:
    planted = Seed(b"planted key of an attacker 12345")
    slot = lock_seed(
        planted,
        "known to the attacker",
        PassphraseProfile.CHEAP,
        bytes,
        slots.slot_context(world.boris.member.id, "slot_one"),
    )
    Member.objects.filter(pk=world.boris.member.pk).update(
        slot_one=slot, seal_public=planted.sealing().public.raw, sign_public=planted.signing().public.raw
    )
    with pytest.raises(KeysDoNotMatch):
        unlock(world, "known to the attacker")


def test_a_certificate_signed_by_somebody_else_is_refused(world: World) -> None:
    forger = Seed(b"somebody who is not the root 123")
    member = world.boris.member
    forged = certify(
        forger.signing(),
        Certificate(
            subject=member.id,
            role="adviser",
            seal_public=world.boris.seed.sealing().public,
            sign_public=world.boris.seed.signing().public,
            issued=NOW.date(),
            expires=NOW.date() + timedelta(days=1),
            issuer=world.anna.member.id,
        ),
    )
    Member.objects.filter(pk=member.pk).update(certificate=forged)
    with pytest.raises(KeysDoNotMatch):
        unlock(world)


def test_an_adviser_certified_by_the_root_itself_is_refused(world: World) -> None:
    """The root certifies coordinators only: a stolen link cannot be shortened."""
    member = world.boris.member
    direct = certify(
        ROOT.signing(),
        Certificate(
            subject=member.id,
            role="adviser",
            seal_public=world.boris.seed.sealing().public,
            sign_public=world.boris.seed.signing().public,
            issued=NOW.date(),
            expires=NOW.date() + timedelta(days=1),
            issuer="root",
        ),
    )
    Member.objects.filter(pk=member.pk).update(certificate=direct, issuer=None)
    with pytest.raises(KeysDoNotMatch):
        unlock(world)


def test_locking_forgets_the_key(world: World) -> None:
    visit, _token = unlock(world)
    services.lock(visit=visit)
    assert Visit.objects.get().sealed_seed is None


def test_touching_writes_at_most_once_a_minute(world: World, django_assert_num_queries: object) -> None:
    visit, _token = unlock(world)
    with django_assert_num_queries(0):  # type: ignore[operator]
        services.touch(visit=visit, now=NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]
        services.touch(visit=visit, now=NOW + timedelta(minutes=1))
