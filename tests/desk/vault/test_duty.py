"""What nobody has taken is sealed to a duty epoch that a coordinator opened and signed, and its
roster opens it.
"""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from tests.desk.world import World, build_world
from tropa.desk.conf import conf
from tropa.desk.identifiers import new_id
from tropa.desk.vault import highest
from tropa.desk.vault.errors import NoDutyEpoch, NoGrant, NotCommitted
from tropa.desk.vault.models import DutyEpoch, DutyGrant
from tropa.desk.vault.services import (
    current_duty_epoch,
    duty_public,
    grant_duty,
    open_duty_epoch,
    open_duty_seed,
    open_duty_seeds,
    verified_signer,
)
from tropa.desk.vault.statements import duty_epoch_context, duty_epoch_statement, duty_grant_context
from tropa.envelope import CertificateExpired, Seed, seal, sign

PLANTED = Seed(b"planted key of an attacker 12345")


def plant(world: World, signer: object, key: Seed) -> DutyEpoch:
    """An epoch with an attacker's key in it, newer than the real one, signed by `key` in the
    name of `signer`.
    """
    epoch = DutyEpoch(
        id=new_id(),
        number=99,
        seal_public=PLANTED.sealing().public.raw,
        signer=signer,  # type: ignore[misc]
        opened_day=world.now.date(),
    )
    epoch.signature = sign(key.signing(), duty_epoch_context(epoch.id), duty_epoch_statement(epoch))
    epoch.save(force_insert=True)
    return epoch


def test_the_roster_opens_the_epoch_and_nobody_else_does(world: World) -> None:
    for person in (world.anna, world.boris, world.vera):
        seed = open_duty_seed(reader=person.reader(), epoch=world.epoch)
        assert seed.sealing().public == duty_public(world.epoch)
    with pytest.raises(NoGrant):
        open_duty_seed(reader=world.stranger.reader(), epoch=world.epoch)


def test_the_second_opening_needs_no_key_pair_and_gives_the_same(world: World) -> None:
    first = open_duty_seed(reader=world.boris.reader(), epoch=world.epoch)
    grant = DutyGrant.objects.get(member=world.boris.member)
    assert grant.wrapped is not None
    DutyGrant.objects.filter(pk=grant.pk).update(sealed=b"not needed any more")
    assert open_duty_seed(reader=world.boris.reader(), epoch=world.epoch) == first


def test_only_a_coordinator_opens_an_epoch(world: World) -> None:
    with pytest.raises(NoGrant):
        open_duty_epoch(reader=world.boris.reader(), roster=[world.boris.member])


def test_the_newest_epoch_is_the_current_one_and_earlier_ones_stay_openable(world: World) -> None:
    newer = open_duty_epoch(reader=world.anna.reader(), roster=[world.boris.member])
    assert current_duty_epoch() == newer
    assert set(open_duty_seeds(reader=world.boris.reader())) == {world.epoch.id, newer.id}
    assert set(open_duty_seeds(reader=world.vera.reader())) == {world.epoch.id}


def test_somebody_on_the_roster_may_be_joined_by_another(world: World) -> None:
    grant_duty(reader=world.boris.reader(), epoch=world.epoch, member=world.stranger.member)
    open_duty_seed(reader=world.stranger.reader(), epoch=world.epoch)


def test_a_planted_epoch_is_passed_over_for_the_good_one(world: World) -> None:
    plant(world, world.anna.member, PLANTED)
    assert current_duty_epoch() == world.epoch


def test_an_epoch_signed_by_an_adviser_is_passed_over(world: World) -> None:
    plant(world, world.boris.member, world.boris.seed)
    assert current_duty_epoch() == world.epoch


def test_closing_the_newest_epoch_in_its_row_opens_no_earlier_one(world: World) -> None:
    newer = open_duty_epoch(reader=world.anna.reader(), roster=[world.boris.member])
    today = world.now.date()
    DutyEpoch.objects.filter(pk=newer.pk).update(closed_day=today)
    DutyEpoch.objects.filter(pk=world.epoch.pk).update(closed_day=None)
    assert current_duty_epoch() == newer


@pytest.mark.django_db(transaction=True)
def test_deleting_the_newest_epoch_opens_no_earlier_one() -> None:
    world = build_world()
    newer = open_duty_epoch(reader=world.anna.reader(), roster=[world.boris.member])
    assert current_duty_epoch() == newer
    DutyGrant.objects.filter(epoch=newer).delete()
    newer.delete()
    with pytest.raises(NoDutyEpoch):
        current_duty_epoch()
    with pytest.raises(NoDutyEpoch):
        world.write_in()
    again = open_duty_epoch(reader=world.anna.reader(), roster=[world.boris.member])
    assert again.number == newer.number + 1
    assert world.write_in().thread.duty_epoch == again


@pytest.mark.django_db(transaction=True)
def test_an_epoch_that_was_not_stored_does_not_count() -> None:
    world = build_world()
    with transaction.atomic():
        open_duty_epoch(reader=world.anna.reader(), roster=[])
        transaction.set_rollback(True)
    assert current_duty_epoch() == world.epoch


def test_the_highest_number_only_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highest, "conf", dataclasses.replace(conf, pinned=tmp_path / "pinned"))
    (tmp_path / "pinned").mkdir()
    assert highest.highest_opened() == 0
    for number in (3, 2, 12):
        highest.note_opened(number)
    assert highest.highest_opened() == 12
    assert [path.name for path in (tmp_path / "pinned").iterdir()] == [highest.HIGHEST_FILE]
    for damage in ("", "-1\n", "many\n", "\u0664"):
        (tmp_path / "pinned" / highest.HIGHEST_FILE).write_text(damage, encoding="utf-8")
        with pytest.raises(NoDutyEpoch):
            highest.highest_opened()


def test_the_current_epoch_costs_one_query(world: World, django_assert_num_queries: object) -> None:
    current_duty_epoch()  # verified once
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert current_duty_epoch() == world.epoch


def test_a_good_epoch_with_another_key_put_in_is_refused(world: World) -> None:
    DutyEpoch.objects.update(seal_public=PLANTED.sealing().public.raw)
    with pytest.raises(NotCommitted):
        duty_public(DutyEpoch.objects.get())
    with pytest.raises(NoDutyEpoch):
        current_duty_epoch()


def test_a_coordinators_certificate_running_out_turns_nobody_away(db: None) -> None:
    """The signature counts on the day it was made: messages are taken in years later too."""
    now = datetime.now(UTC)
    world = build_world(now - timedelta(days=1500))
    with pytest.raises(CertificateExpired):
        verified_signer(world.anna.member, now.date())
    assert current_duty_epoch() == world.epoch
    assert world.write_in(at=now).thread.duty_epoch == world.epoch


def test_a_planted_grant_is_as_if_it_were_not_there(world: World) -> None:
    grant = DutyGrant.objects.get(member=world.boris.member)
    grant.sealed = seal(world.boris.seed.sealing().public, duty_grant_context(grant, "sealed"), PLANTED.raw)
    grant.save()
    with pytest.raises(NoGrant):
        open_duty_seed(reader=world.boris.reader(), epoch=world.epoch)


def test_a_grant_moved_to_another_member_does_not_open(world: World) -> None:
    DutyGrant.objects.filter(member=world.vera.member).update(member=world.stranger.member)
    with pytest.raises(NoGrant):
        open_duty_seed(reader=world.stranger.reader(), epoch=world.epoch)
