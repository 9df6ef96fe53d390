"""No step is shown unless two certified people signed exactly this step, resting on exactly these facts."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.envelope.world import NOW, anna, boris, certificate_of, stranger, vera
from tropa.envelope import (
    COORDINATOR,
    ROOT,
    BadSignature,
    Certificate,
    CertificateNotAllowed,
    EnvelopeError,
    ReleaseExpired,
    ReleaseRole,
    ReleaseStatement,
    Seed,
    SelfApproval,
    sign_release,
    verify_release,
)

STATEMENT = ReleaseStatement(
    case_id="case 7",
    thread_id="0f" * 16,
    plan_id="plan 3",
    plan_version=2,
    step_number=1,
    step_digest=hashlib.sha256(b"step").digest(),
    facts_digest=hashlib.sha256(b"facts").digest(),
    expires=NOW + timedelta(days=3),
)
AUTHOR = certificate_of("boris", boris)
APPROVER = certificate_of("anna", anna, role=COORDINATOR, issuer=ROOT)
AUTHOR_SIGNATURE = sign_release(boris.signing(), STATEMENT, "author")
APPROVER_SIGNATURE = sign_release(anna.signing(), STATEMENT, "approver")


def check(
    statement: ReleaseStatement = STATEMENT,
    author: Certificate = AUTHOR,
    author_signature: bytes = AUTHOR_SIGNATURE,
    approver: Certificate = APPROVER,
    approver_signature: bytes = APPROVER_SIGNATURE,
    at: datetime = NOW,
) -> None:
    verify_release(
        statement,
        author=author,
        author_signature=author_signature,
        approver=approver,
        approver_signature=approver_signature,
        at=at,
    )


def test_a_step_both_signed_may_be_shown() -> None:
    check()


ids = st.text("0123456789abcdef", min_size=1, max_size=32)
digests = st.binary(min_size=32, max_size=32)
numbers = st.integers(1, 2**31 - 1)
statements = st.builds(
    ReleaseStatement,
    case_id=ids,
    thread_id=ids,
    plan_id=ids,
    plan_version=numbers,
    step_number=numbers,
    step_digest=digests,
    facts_digest=digests,
    expires=st.datetimes(min_value=datetime(2026, 11, 23), timezones=st.just(UTC)),  # noqa: DTZ001
)


@given(
    st.sampled_from(
        [
            "case_id",
            "thread_id",
            "plan_id",
            "plan_version",
            "step_number",
            "step_digest",
            "facts_digest",
            "expires",
        ]
    ),
    statements,
)
def test_a_change_of_any_field_voids_both_signatures(field: str, other: ReleaseStatement) -> None:
    changed = replace(STATEMENT, **{field: getattr(other, field)})
    assume(changed != STATEMENT)
    assert changed.digest() != STATEMENT.digest()
    with pytest.raises(BadSignature):
        check(changed)
    with pytest.raises(BadSignature):
        check(changed, author_signature=sign_release(boris.signing(), changed, "author"))
    with pytest.raises(BadSignature):
        check(changed, approver_signature=sign_release(anna.signing(), changed, "approver"))


@given(statements, statements)
def test_two_statements_share_a_digest_only_if_they_are_the_same(
    one: ReleaseStatement, other: ReleaseStatement
) -> None:
    assert (one.digest() == other.digest()) == (one == other)


def test_neither_signature_stands_for_the_other() -> None:
    with pytest.raises(BadSignature):
        check(author_signature=sign_release(boris.signing(), STATEMENT, ReleaseRole.APPROVER))
    with pytest.raises(BadSignature):
        check(approver_signature=sign_release(anna.signing(), STATEMENT, ReleaseRole.AUTHOR))
    with pytest.raises(BadSignature):
        check(author_signature=APPROVER_SIGNATURE, approver_signature=AUTHOR_SIGNATURE)


def test_a_forged_signature_is_refused() -> None:
    for forged in (b"", bytes(65), sign_release(stranger.signing(), STATEMENT, "approver")):
        with pytest.raises(BadSignature):
            check(approver_signature=forged)


def test_the_author_never_approves() -> None:
    signature = sign_release(boris.signing(), STATEMENT, "approver")
    with pytest.raises(SelfApproval):
        check(approver=AUTHOR, approver_signature=signature)


def test_the_author_under_another_key_or_name_does_not_approve_either() -> None:
    new_key = Seed(b"n" * 32)
    renewed = certificate_of("boris", new_key)
    with pytest.raises(SelfApproval):
        check(approver=renewed, approver_signature=sign_release(new_key.signing(), STATEMENT, "approver"))
    renamed = certificate_of("boris too", boris)
    with pytest.raises(SelfApproval):
        check(approver=renamed, approver_signature=sign_release(boris.signing(), STATEMENT, "approver"))


@pytest.mark.parametrize("role", ["duty", "gateway", "researcher", "trustee", "publisher"])
def test_a_key_certified_for_something_else_neither_writes_nor_approves(role: str) -> None:
    other = certificate_of("vera", vera, role=role)
    with pytest.raises(CertificateNotAllowed):
        check(approver=other, approver_signature=sign_release(vera.signing(), STATEMENT, "approver"))
    with pytest.raises(CertificateNotAllowed):
        check(author=other, author_signature=sign_release(vera.signing(), STATEMENT, "author"))


def test_it_runs_out_at_its_moment() -> None:
    check(at=STATEMENT.expires - timedelta(microseconds=1))
    for at in (STATEMENT.expires, STATEMENT.expires + timedelta(days=400)):
        with pytest.raises(ReleaseExpired):
            check(at=at)


def test_a_role_nobody_has_signs_nothing() -> None:
    with pytest.raises(ValueError, match="not a valid ReleaseRole"):
        sign_release(boris.signing(), STATEMENT, "reader")


@pytest.mark.parametrize(
    "change",
    [
        {"case_id": ""},
        {"thread_id": ""},
        {"plan_id": None},
        {"plan_version": 0},
        {"step_number": 2**31},
        {"plan_version": True},
        {"step_digest": bytes(31)},
        {"facts_digest": "x" * 32},
        {"expires": datetime(2026, 12, 1)},  # noqa: DTZ001  # what it is about
        {"expires": datetime(2026, 12, 1, tzinfo=timezone(timedelta(hours=3)))},
    ],
    ids=str,
)
def test_a_statement_that_leaves_something_open_does_not_construct(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"release names|count from 1|32 bytes|in UTC"):
        replace(STATEMENT, **change)  # type: ignore[arg-type]


def test_a_moment_without_a_zone_is_not_judged() -> None:
    with pytest.raises(ValueError, match="in UTC"):
        check(at=datetime(2026, 11, 22))  # noqa: DTZ001  # what it is about


def test_every_refusal_is_an_envelope_error() -> None:
    assert issubclass(ReleaseExpired, EnvelopeError)
    assert issubclass(SelfApproval, EnvelopeError)
