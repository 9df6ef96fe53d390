"""Keys of staff are believed through their certificates up to the root pinned outside the
database, or not at all.
"""

from datetime import timedelta

import pytest

from tests.desk.world import World, join
from tropa.desk.conf import conf
from tropa.desk.staff.joining import Certifier
from tropa.desk.staff.models import Member, Role
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.desk.vault.pinned import _root_in, pin_root
from tropa.desk.vault.services import (
    staff_signing_key,
    verified_caseworker,
    verified_certificate,
    verified_signer,
)
from tropa.envelope import BadCertificate, BadSignature, Certificate, Seed, certify

PLANTED = Seed(b"planted key of an attacker 12345")


def fresh(world: World) -> Member:
    return Member.objects.get(pk=world.boris.member.pk)


def test_a_certified_key_is_believed(world: World) -> None:
    on = world.now.date()
    assert verified_signer(fresh(world), on) == world.boris.seed.signing().public
    assert staff_signing_key(world.boris.member.id, on) == world.boris.seed.signing().public


@pytest.mark.parametrize("column", ["seal_public", "sign_public"])
def test_a_row_with_another_key_than_its_certificate_is_refused(world: World, column: str) -> None:
    key = PLANTED.sealing().public.raw if column == "seal_public" else PLANTED.signing().public.raw
    Member.objects.filter(pk=world.boris.member.pk).update(**{column: key})
    with pytest.raises(BadCertificate):
        verified_certificate(fresh(world), world.now.date())


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.RESEARCHER])
def test_a_row_with_another_role_than_its_certificate_is_refused(world: World, role: Role) -> None:
    Member.objects.filter(pk=world.boris.member.pk).update(role=role)
    with pytest.raises(BadCertificate):
        verified_certificate(fresh(world), world.now.date())


def test_a_researcher_neither_holds_cases_nor_answers(world: World) -> None:
    on = world.now.date()
    for person in (world.anna, world.boris):
        assert verified_caseworker(person.member, on).subject == person.member.pk
    with pytest.raises(BadCertificate):
        verified_caseworker(world.stranger.member, on)


def test_somebody_elses_certificate_is_refused(world: World) -> None:
    vera = world.vera.member
    Member.objects.filter(pk=world.boris.member.pk).update(
        certificate=vera.certificate, seal_public=vera.seal_public, sign_public=vera.sign_public
    )
    with pytest.raises(BadCertificate):
        verified_certificate(fresh(world), world.now.date())


def test_an_adviser_certifies_nobody(world: World) -> None:
    boris = world.boris
    planted = join(
        "Подсадка",
        Role.ADVISER,
        boris.member.team,
        Certifier(boris.seed.signing(), boris.member),
        now=world.now,
    )
    with pytest.raises(BadCertificate):
        verified_certificate(planted.member, world.now.date())


def test_a_second_root_in_the_database_is_nothing(world: World) -> None:
    """Whoever writes to the database makes a coordinator of their own: no page believes it."""
    planted = join(
        "Подсадка", Role.COORDINATOR, world.anna.member.team, Certifier(PLANTED.signing()), now=world.now
    )
    with pytest.raises(BadSignature):
        verified_certificate(planted.member, world.now.date())


def test_a_changed_certificate_is_refused_though_the_good_one_was_believed_before(world: World) -> None:
    verified_certificate(fresh(world), world.now.date())
    forged = certify(
        PLANTED.signing(),
        Certificate(
            subject=world.boris.member.id,
            role="adviser",
            seal_public=PLANTED.sealing().public,
            sign_public=PLANTED.signing().public,
            issued=world.now.date(),
            expires=world.now.date(),
            issuer=world.anna.member.id,
        ),
    )
    Member.objects.filter(pk=world.boris.member.pk).update(
        certificate=forged, seal_public=PLANTED.sealing().public.raw, sign_public=PLANTED.signing().public.raw
    )
    with pytest.raises(BadSignature):
        verified_certificate(fresh(world), world.now.date())


def test_a_certificate_counts_from_its_first_to_its_last_day(world: World) -> None:
    for days in (-31, 800):
        with pytest.raises(BadCertificate):
            verified_certificate(fresh(world), world.now.date() + timedelta(days=days))


def test_a_pinned_root_is_never_replaced_by_the_program(world: World) -> None:
    with pytest.raises(FileExistsError):
        pin_root(PLANTED.signing().public)


def test_without_a_pinned_root_there_is_nothing_to_believe(world: World) -> None:
    with pytest.raises(NoPinnedRoot):
        _root_in(conf.pinned / "no such file")
