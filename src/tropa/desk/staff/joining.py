"""How somebody joins: their keys are made, certified by whoever may, and stored sealed. Every account has two
slots.

The set-up ceremony and invitations rest on this; so do the example world and the tests.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta

from tropa.desk.identifiers import new_id
from tropa.desk.staff.models import Gender, Member, Role, Team
from tropa.desk.staff.service_key import seal_totp
from tropa.desk.staff.services import slot_context
from tropa.desk.staff.slow_hash import hash_password, profile
from tropa.envelope import ROOT, Certificate, Seed, SigningKey, certify, dummy_lock, lock_seed

CERTIFICATE_DAYS = 731
TOTP_BYTES = 20


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a person keeps: password, passphrase, and the secret in their authenticator."""

    password: str = field(repr=False)
    passphrase: str = field(repr=False)
    totp: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who joins, as the organisation knows them."""

    pseudonym: str
    gender: Gender
    role: Role
    team: Team
    language: str = "ru"
    on_duty: bool = True


@dataclass(frozen=True, slots=True)
class Certifier:
    """Who vouches: the root (member None), or a coordinator."""

    key: SigningKey
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A member ready to be stored, with the seed they alone keep."""

    member: Member
    seed: Seed


def prepare_member(*, newcomer: Newcomer, kept: Secrets, certifier: Certifier, on: date) -> Joined:
    """Keys, certificate and slots of a new member; not stored yet. Costs one slow hash for each of two
    secrets.

    The envelope refuses a certifier who may not certify this role when the chain is verified.
    """
    seed = Seed.generate(secrets.token_bytes)
    identifier = new_id()
    certificate = Certificate(
        subject=identifier,
        role=newcomer.role,
        seal_public=seed.sealing().public,
        sign_public=seed.signing().public,
        issued=on,
        expires=on + timedelta(days=CERTIFICATE_DAYS),
        issuer=certifier.member.id if certifier.member else ROOT,
    )
    place = slot_context(identifier, "slot_one")
    member = Member(
        id=identifier,
        pseudonym=newcomer.pseudonym,
        gender=newcomer.gender,
        role=newcomer.role,
        team=newcomer.team,
        language=newcomer.language,
        on_duty=newcomer.on_duty,
        password=hash_password(kept.password),
        totp_sealed=seal_totp(kept.totp, identifier),
        seal_public=certificate.seal_public.raw,
        sign_public=certificate.sign_public.raw,
        certificate=certify(certifier.key, certificate),
        issuer=certifier.member,
        slot_one=lock_seed(seed, kept.passphrase, profile(), secrets.token_bytes, place),
        slot_two=dummy_lock(profile(), secrets.token_bytes),
    )
    return Joined(member=member, seed=seed)
