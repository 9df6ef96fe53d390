"""Whoever writes to the database cannot plant a key: every key is followed up to the root, link by link."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.envelope.world import (
    DAY,
    Spoil,
    anna,
    annas_link,
    boris,
    certificate_of,
    chain_to,
    damage,
    root,
    stranger,
    vera,
)
from tropa.envelope import (
    COORDINATOR,
    PUBLISHER,
    ROOT,
    BadCertificate,
    BadKey,
    BadSignature,
    CertificateExpired,
    CertificateNotAllowed,
    CertificateNotYetValid,
    SealingPublicKey,
    Seed,
    certify,
    verify_certificate,
    verify_chain,
)
from tropa.envelope.encoding import join, split

BORIS = certificate_of("boris", boris)
LINK = certify(anna.signing(), BORIS)


def test_a_certificate_reads_back_as_it_was_signed() -> None:
    assert verify_certificate(LINK, anna.signing().public, DAY) == BORIS


@given(
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=64),
    st.dates(),
    st.integers(0, 4000),
)
def test_any_certificate_reads_back(subject: str, issued: date, days: int) -> None:
    assume(subject not in (ROOT, "anna"))
    assume(issued <= date.max - timedelta(days=days))
    certificate = replace(BORIS, subject=subject, issued=issued, expires=issued + timedelta(days=days))
    assert (
        verify_certificate(certify(anna.signing(), certificate), anna.signing().public, issued) == certificate
    )


def test_the_chain_leads_from_the_root_to_the_person() -> None:
    assert verify_chain(chain_to("boris", boris), root.public, DAY) == BORIS
    assert verify_chain([annas_link()], root.public, DAY).role == COORDINATOR


@given(damage())
def test_a_damaged_certificate_is_refused(spoil: Spoil) -> None:
    spoiled = spoil(LINK)
    assume(spoiled != LINK)
    with pytest.raises((BadCertificate, BadSignature)):
        verify_certificate(spoiled, anna.signing().public, DAY)


@given(st.binary(max_size=300))
def test_bytes_that_are_no_certificate_are_refused(blob: bytes) -> None:
    with pytest.raises((BadCertificate, BadSignature)):
        verify_chain([b"\x01" + blob], root.public, DAY)


def test_a_planted_key_is_refused() -> None:
    encoded, signature = split(LINK[1:], 2)
    planted = encoded.replace(boris.signing().public.raw, stranger.signing().public.raw)
    with pytest.raises(BadSignature):
        verify_certificate(b"\x01" + join([planted, signature]), anna.signing().public, DAY)


def test_a_chain_to_another_root_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify_chain(chain_to("boris", boris), stranger.signing().public, DAY)


def test_a_certificate_somebody_else_signed_in_annas_name_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify_chain(chain_to("boris", boris, signer=stranger.signing()), root.public, DAY)


def test_no_chain_certifies_nobody() -> None:
    with pytest.raises(CertificateNotAllowed):
        verify_chain([], root.public, DAY)


def test_a_chain_in_another_order_or_with_a_link_missing_is_refused() -> None:
    first, last = chain_to("boris", boris)
    for chain in ([last], [last, first], [first, first], [first, last, last]):
        with pytest.raises((BadSignature, CertificateNotAllowed)):
            verify_chain(chain, root.public, DAY)


@pytest.mark.parametrize("on", [date(2026, 11, 1), DAY, date(2027, 2, 28)])
def test_the_first_and_the_last_day_count(on: date) -> None:
    assert verify_chain(chain_to("boris", boris), root.public, on) == BORIS


def test_before_its_first_and_after_its_last_day_it_is_refused() -> None:
    with pytest.raises(CertificateNotYetValid):
        verify_certificate(LINK, anna.signing().public, date(2026, 10, 31))
    with pytest.raises(CertificateExpired):
        verify_certificate(LINK, anna.signing().public, date(2027, 3, 1))


def test_a_valid_certificate_below_an_expired_one_is_refused() -> None:
    expired = certify(
        root, certificate_of("anna", anna, role=COORDINATOR, issuer=ROOT, expires=DAY - timedelta(days=1))
    )
    with pytest.raises(CertificateExpired):
        verify_chain([expired, LINK], root.public, DAY)


@pytest.mark.parametrize("role", ["adviser", "researcher", "trustee", "duty", "gateway", PUBLISHER])
def test_nobody_but_a_coordinator_certifies(role: str) -> None:
    issuer = PUBLISHER if role == PUBLISHER else "anna"
    if role == PUBLISHER:
        above = [certify(root, certificate_of("vera", vera, role=role, issuer=ROOT))]
    else:
        above = [
            annas_link(),
            certify(anna.signing(), certificate_of("vera", vera, role=role, issuer=issuer)),
        ]
    assert verify_chain(above, root.public, DAY).role == role
    below = certify(vera.signing(), certificate_of("boris", boris, issuer="vera"))
    with pytest.raises(CertificateNotAllowed):
        verify_chain([*above, below], root.public, DAY)


@pytest.mark.parametrize("role", [COORDINATOR, PUBLISHER])
def test_a_coordinator_certifies_no_coordinator_or_publisher(role: str) -> None:
    link = certify(anna.signing(), certificate_of("boris", boris, role=role))
    with pytest.raises(CertificateNotAllowed):
        verify_chain([annas_link(), link], root.public, DAY)


def test_the_root_certifies_nobody_below_a_coordinator() -> None:
    link = certify(root, certificate_of("boris", boris, role="adviser", issuer=ROOT))
    with pytest.raises(CertificateNotAllowed):
        verify_chain([link], root.public, DAY)


def test_a_certificate_that_names_another_issuer_is_refused() -> None:
    link = certify(anna.signing(), certificate_of("boris", boris, issuer="vera"))
    with pytest.raises(CertificateNotAllowed):
        verify_chain([annas_link(), link], root.public, DAY)


@pytest.mark.parametrize("issued", [date(2026, 10, 31), date(2027, 3, 1)])
def test_one_issued_while_its_issuer_was_not_valid_is_refused(issued: date) -> None:
    link = certify(anna.signing(), certificate_of("boris", boris, issued=issued, expires=date(2027, 12, 31)))
    longer = certify(root, certificate_of("anna", anna, role=COORDINATOR, issuer=ROOT))
    on = min(max(issued, date(2026, 11, 1)), date(2027, 2, 28))
    with pytest.raises((CertificateNotAllowed, CertificateNotYetValid)):
        verify_chain([longer, link], root.public, on)


def test_one_issued_before_its_issuer_was_certified_is_refused_for_that() -> None:
    link = certify(anna.signing(), certificate_of("boris", boris, issued=date(2026, 10, 31)))
    with pytest.raises(CertificateNotAllowed, match="own validity"):
        verify_chain([annas_link(), link], root.public, DAY)


def test_a_day_spelled_otherwise_is_not_the_canonical_encoding() -> None:
    parts = list(split(BORIS.encoded(), 7))
    parts[4] = b"20261101"
    with pytest.raises(BadCertificate, match="canonical"):
        verify_certificate(b"\x01" + join([join(parts), bytes(65)]), anna.signing().public, DAY)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": ""},
        {"subject": "x" * 65},
        {"subject": "bo\nris"},
        {"subject": ROOT},
        {"subject": "anna"},
        {"role": ""},
        {"issuer": ""},
        {"issuer": "\ud800"},
        {"expires": date(2026, 10, 31)},
        {"issued": datetime(2026, 11, 1)},  # noqa: DTZ001  # a moment is no day, with or without a zone
        {"expires": None},
    ],
    ids=str,
)
def test_a_certificate_that_says_nothing_sensible_does_not_construct(change: dict[str, object]) -> None:
    with pytest.raises(BadCertificate):
        replace(BORIS, **change)  # type: ignore[arg-type]


def test_a_key_that_is_none_is_not_certified() -> None:
    broken = SealingPublicKey(b"\xff" * 1216)
    with pytest.raises(BadKey):
        certify(anna.signing(), replace(BORIS, seal_public=broken))


def test_the_same_certificate_is_signed_in_the_same_bytes() -> None:
    assert certify(Seed(anna.raw).signing(), replace(BORIS)) == LINK
