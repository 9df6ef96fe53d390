"""What the envelope's tests share: places, people's keys, and randomness that gives the same again."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from tropa.envelope import COORDINATOR, ROOT, Certificate, Context, Random, Seed, SigningKey, certify

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLACE = Context("entry", 1, "talk entry", "body", "17")

root = Seed(b"r" * 32).signing()
anna = Seed(b"a" * 32)
boris = Seed(b"b" * 32)
vera = Seed(b"v" * 32)
stranger = Seed(b"s" * 32)


def repeatable(name: str) -> Random:
    """A source that gives the same bytes in every run, and other bytes at every call."""
    calls = 0

    def give(length: int) -> bytes:
        nonlocal calls
        calls += 1
        return hashlib.shake_256(f"{name} {calls}".encode()).digest(length)

    return give


def certificate_of(
    subject: str,
    seed: Seed,
    *,
    role: str = "adviser",
    issuer: str = "anna",
    issued: date = date(2026, 11, 1),
    expires: date = date(2027, 2, 28),
) -> Certificate:
    """A certificate nobody has signed yet."""
    return Certificate(
        subject=subject,
        role=role,
        seal_public=seed.sealing().public,
        sign_public=seed.signing().public,
        issued=issued,
        expires=expires,
        issuer=issuer,
    )


def annas_link() -> bytes:
    """The root's certificate for Anna, coordinator."""
    return certify(root, certificate_of("anna", anna, role=COORDINATOR, issuer=ROOT))


def chain_to(subject: str, seed: Seed, signer: SigningKey | None = None) -> list[bytes]:
    """Root to Anna to an adviser."""
    return [annas_link(), certify(signer or anna.signing(), certificate_of(subject, seed))]


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
contexts = st.builds(
    Context, label=names, version=st.integers(0, 2**31 - 1), table=names, column=names, row=names
)
bodies = st.binary(max_size=2000)

Spoil = Callable[[bytes], bytes]


@st.composite
def damage(draw: st.DrawFn) -> Spoil:
    """One way to damage a blob: flip a bit, cut, add, or drop a byte."""
    kind = draw(st.sampled_from(["flip", "cut", "add", "drop"]))
    place = draw(st.integers(0, 10_000))
    bit = draw(st.integers(0, 7))

    def spoil(blob: bytes) -> bytes:
        at = place % len(blob)
        match kind:
            case "flip":
                return blob[:at] + bytes([blob[at] ^ 1 << bit]) + blob[at + 1 :]
            case "cut":
                return blob[:at]
            case "add":
                return blob[:at] + bytes([bit]) + blob[at:]
            case _:
                return blob[:at] + blob[at + 1 :]

    return spoil
