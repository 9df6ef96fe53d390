"""Whose key is whose: every public key of staff is verified through its certificates up to the pinned root.

A verified chain is remembered by its bytes, root and day, so a row that was changed is verified anew and
refused. What a person may do stands in the certificate; a row that gives them another role is refused whole, so
that nobody becomes a coordinator by one write.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from tropa.desk.staff.models import Member, Role
from tropa.desk.vault.pinned import root_public
from tropa.envelope import (
    COORDINATOR,
    ROLES_OF_REVIEW,
    BadCertificate,
    Certificate,
    EnvelopeError,
    SealingPublicKey,
    SigningPublicKey,
    verify_chain,
)

LONGEST_CHAIN = 4

_verified_rows: dict[
    str, tuple[object, ...]
] = {}  # by member: all that counts of their row when it last verified


def verified_certificate(member: Member, on: date) -> Certificate:
    """The member's certificate, joined to the root and valid that day.

    Raises BadCertificate or BadSignature when it is not, or when the member's row names other keys or another
    role than it does.
    """
    certificate = _verified(_chain(member), root_public().raw, on)
    if certificate.subject != member.id:
        raise BadCertificate("the certificate is somebody else's")
    if certificate.seal_public.raw != bytes(member.seal_public):
        raise BadCertificate("the certificate names another sealing key")
    if certificate.sign_public.raw != bytes(member.sign_public):
        raise BadCertificate("the certificate names another signing key")
    if certificate.role != member.role:
        raise BadCertificate("the certificate names another role")
    return certificate


def verified_row(member: Member, on: date) -> None:
    """Return if `verified_certificate` holds for this row; quick, and without a query, for one that did before.

    Raises as `verified_certificate`.
    """
    keys = (bytes(member.seal_public), bytes(member.sign_public), bytes(member.certificate))
    said = (member.role, member.issuer_id, *keys, on)
    if _verified_rows.get(member.id) != said:
        verified_certificate(member, on)
        _verified_rows[member.id] = said


def verified_caseworker(member: Member, on: date) -> Certificate:
    """The certificate of somebody who may hold cases and answer people: an adviser or coordinator.

    Raises as `verified_certificate`, and BadCertificate for any other role.
    """
    certificate = verified_certificate(member, on)
    if certificate.role not in ROLES_OF_REVIEW:
        raise BadCertificate("this role neither holds cases nor answers")
    return certificate


def verified_signer(member: Member, on: date) -> SigningPublicKey:
    """The key this member's signatures are checked with. Raises as `verified_certificate`."""
    return verified_certificate(member, on).sign_public


def verified_recipient(member: Member, on: date) -> SealingPublicKey:
    """The key to seal to for this member. Raises as `verified_certificate`."""
    return verified_certificate(member, on).seal_public


def staff_signing_key(member_id: str, on: date) -> SigningPublicKey:
    """`verified_signer` by id. Raises BadCertificate when nobody has that id."""
    member = Member.objects.select_related("issuer").filter(pk=member_id).first()
    if member is None:
        raise BadCertificate("nobody has this id")
    return verified_signer(member, on)


def coordinators(on: date) -> list[tuple[Member, SealingPublicKey]]:
    """Who works here and is certified as a coordinator that day, with the key to seal to, by id; a planted one, or
    somebody called one in their row, is not among them.
    """
    found = []
    rows = Member.objects.select_related("issuer").filter(role=Role.COORDINATOR, active=True)
    for member in rows.order_by("id"):
        try:
            certificate = verified_certificate(member, on)
        except EnvelopeError:
            continue
        if certificate.role == COORDINATOR:
            found.append((member, certificate.seal_public))
    return found


def _chain(member: Member) -> tuple[bytes, ...]:
    """The certificates from the one the root signed down to the member's."""
    chain: list[bytes] = []
    link: Member | None = member
    while link is not None and len(chain) < LONGEST_CHAIN:
        chain.append(bytes(link.certificate))
        link = link.issuer
    return tuple(reversed(chain))


@lru_cache(maxsize=512)
def _verified(chain: tuple[bytes, ...], root: bytes, on: date) -> Certificate:
    return verify_chain(chain, SigningPublicKey(root), on)
