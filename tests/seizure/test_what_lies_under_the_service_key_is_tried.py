"""What lies under the desk's service key is counted, opens with that key alone, and what another key opens is told."""

from __future__ import annotations

import hashlib
import secrets

import pytest

from tests.desk.conftest import world
from tests.desk.world import World
from tropa.desk.staff.abilities import Abilities, say_abilities
from tropa.desk.staff.models import Member, Passkey
from tropa.desk.staff.passkeys import _context as passkey_context
from tropa.desk.staff.recovery_codes import make_codes
from tropa.desk.staff.service_key import _totp_context, seal_totp, service_seed
from tropa.desk.talk.saved_replies import save_reply
from tropa.envelope import Seed, SymmetricKey, wrap
from tropa.seizure.service_key import LABELS, UnderServiceKey, service_blobs, under_service_key

__all__ = ["world"]

OTHER = Seed(hashlib.sha256(b"another key that lies on the seized disk").digest())
PASSKEYS = "staff_passkey.passkey_sealed"
SECOND_FACTORS = "staff_member.totp_sealed"

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(world: World) -> World:
    """One value at least in every column under the service key but the passkeys'."""
    make_codes(member=world.anna.member, now=world.now)
    say_abilities(member=world.anna.member, abilities=Abilities(languages=frozenset({"kk"})))
    save_reply(reader=world.anna.reader(), reply_id="", title="Прочитано", text="Мы прочитали.", version=0)
    return world


def seal_with(key: SymmetricKey, person: Member) -> None:
    """This person's second factor, under a key it must not lie under."""
    sealed = wrap(key, _totp_context(person.pk), b"s" * 20, random=secrets.token_bytes)
    Member.objects.filter(pk=person.pk).update(totp_sealed=sealed)


def test_the_service_key_opens_all_of_it_and_no_other_key_any(filled: World) -> None:
    held = under_service_key(service_seed().raw, {service_seed().raw, OTHER.raw, filled.anna.seed.raw})
    assert held.values.keys() == LABELS.keys() - {PASSKEYS}
    assert (held.values[SECOND_FACTORS], held.opened, held.otherwise) == (4, held.values, ())


def test_a_passkey_is_tried_in_the_place_of_its_row(filled: World) -> None:
    row = Passkey(id="a" * 32, member=filled.boris.member, passkey_sealed=b"")
    key = service_seed().subkey(LABELS[PASSKEYS])
    row.passkey_sealed = wrap(key, passkey_context(row), b"what is kept", random=secrets.token_bytes)
    row.save(force_insert=True)
    assert under_service_key(service_seed().raw, ()).opened[PASSKEYS] == 1
    Passkey.objects.update(member=filled.vera.member)
    assert PASSKEYS not in under_service_key(service_seed().raw, ()).opened


@pytest.mark.parametrize("key", [OTHER.subkey("totp"), SymmetricKey(OTHER.raw)], ids=["drawn", "as it is"])
def test_what_another_key_opens_is_told_and_what_the_service_key_does_not(
    filled: World, key: SymmetricKey
) -> None:
    seal_with(key, filled.vera.member)
    held = under_service_key(service_seed().raw, {service_seed().raw, OTHER.raw})
    assert held.otherwise == (SECOND_FACTORS,)
    assert (held.opened[SECOND_FACTORS], held.values[SECOND_FACTORS]) == (3, 4)


def test_a_value_moved_to_another_row_does_not_open(filled: World) -> None:
    moved = seal_totp(b"s" * 20, filled.anna.member.pk)
    Member.objects.filter(pk=filled.vera.member.pk).update(totp_sealed=moved)
    assert under_service_key(service_seed().raw, ()).opened[SECOND_FACTORS] == 3


def test_without_the_service_key_nothing_of_it_opens(filled: World) -> None:
    held = under_service_key(None, {OTHER.raw})
    assert held == UnderServiceKey(held.values, {}, ())
    assert sum(held.values.values()) == len(list(service_blobs())) > 8
