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
from tropa.desk.staff.recovery_codes import no_codes
from tropa.desk.staff.service_key import seal_totp
from tropa.desk.staff.slots import Door, fresh_slots
from tropa.desk.staff.slow_hash import hash_password
from tropa.envelope import (
    ROOT,
    Certificate,
    SealingPublicKey,
    Seed,
    SigningKey,
    SigningPublicKey,
    certify,
)

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
    """A new member with keys, slots and certificate; not stored yet. Costs as `prepare_newcomer`.

    The envelope refuses a certifier who may not certify this role when the chain is verified.
    """
    joined = prepare_newcomer(newcomer=newcomer, kept=kept)
    certify_keys(member=joined.member, certifier=certifier, on=on)
    return joined


def prepare_newcomer(*, newcomer: Newcomer, kept: Secrets) -> Joined:
    """Keys and slots of somebody nobody has certified; not stored yet. Costs one slow hash for each of two
    secrets.
    """
    seed = Seed.generate(secrets.token_bytes)
    identifier = new_id()
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
        recovery_codes_sealed=no_codes(identifier),
        seal_public=seed.sealing().public.raw,
        sign_public=seed.signing().public.raw,
        certificate=b"",
        **fresh_slots(member_id=identifier, own=Door(seed, kept.passphrase)),
    )
    return Joined(member=member, seed=seed)


def certify_keys(*, member: Member, certifier: Certifier, on: date) -> None:
    """Put a certificate for the keys in this row into it; the row is not stored here."""
    certificate = Certificate(
        subject=member.id,
        role=member.role,
        seal_public=SealingPublicKey(bytes(member.seal_public)),
        sign_public=SigningPublicKey(bytes(member.sign_public)),
        issued=on,
        expires=on + timedelta(days=CERTIFICATE_DAYS),
        issuer=certifier.member.id if certifier.member else ROOT,
    )
    member.certificate = certify(certifier.key, certificate)
    member.issuer = certifier.member
