"""A list of contact points that Anna wrote and Boris signed, for tests."""

from __future__ import annotations

from datetime import date, timedelta

from tests.envelope.world import DAY, anna, boris, root
from tropa.envelope import (
    PUBLISHER,
    ROOT,
    Certificate,
    ContactList,
    ContactPoint,
    ContactRole,
    Seed,
    SignedContactList,
    SigningKey,
    certify,
    sign_contacts,
)

POINTS = (
    ContactPoint("drop", "http://exampleexampleexampleexample.onion", date(2026, 3, 1)),
    ContactPoint("telegram", "https://t.me/example_bot", date(2026, 9, 14)),
)
CONTACTS = ContactList(3, DAY, DAY + timedelta(days=60), POINTS)


def publishing(
    subject: str, seed: Seed, *, role: str = PUBLISHER, by: SigningKey = root, last: date = date(2027, 6, 1)
) -> bytes:
    """A certificate for publishing, or one that should not pass for it."""
    publics = seed.sealing().public, seed.signing().public
    return certify(by, Certificate(subject, role, *publics, date(2026, 11, 1), last, ROOT))


def signed(
    contacts: ContactList = CONTACTS, author: Seed = anna, second: Seed = boris, **certificates: bytes
) -> SignedContactList:
    return SignedContactList(
        contacts,
        root.public,
        (
            certificates.get("author_certificate") or publishing("anna", author),
            certificates.get("second_certificate") or publishing("boris", second),
        ),
        (
            sign_contacts(author.signing(), contacts, ContactRole.AUTHOR),
            sign_contacts(second.signing(), contacts, ContactRole.SECOND),
        ),
    )
