"""The signed list of an organisation's genuine contact points, and the check anybody can make with the root alone.

Kept true: a list counts only between its first and last day, 92 at most, and only if two different people signed the
very same list, each with a key of their own that the root itself certified for publishing and whose certificate is
valid on the day asked about. The part somebody signed in is part of what is signed, so one signature is never taken
for the other, and a change of anything voids both. Addresses are printable ASCII without blanks: letters of other
scripts that look alike cannot stand in one.

Format 1 is text: JSON with sorted keys and nothing between, `statement` as it was signed, `root`, and two `signed`,
each with `certificate` and `signature` in hex. There is one encoding of a list, and only that one is read.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from tropa.envelope.certificate import PUBLISHER, Certificate, verify_chain
from tropa.envelope.context import Context
from tropa.envelope.errors import BadContactList, BadKey, ContactListNotInForce
from tropa.envelope.keys import SigningKey, SigningPublicKey
from tropa.envelope.signature import sign, verify
from tropa.envelope.wordlist import Language, word_list

FORMAT: Final = "contact points 1"  # names nobody: the file may lie on a phone that is taken
LONGEST_LIFE: Final = timedelta(days=92)
MOST_POINTS: Final = 24
LONGEST_TEXT: Final = 64 * 1024
FINGERPRINT_BYTES: Final = 10
PHRASE_WORDS: Final = 4
_CHANNEL = re.compile(r"[a-z][a-z0-9-]{1,19}")
_ADDRESS = re.compile(r"[!-~]{3,200}")
_BITS_OF_WORD = 11


class ContactRole(StrEnum):
    """In which part somebody signs a list."""

    AUTHOR = "author"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """One address of ours on one channel, and since when."""

    channel: str
    address: str
    since: date

    def __post_init__(self) -> None:
        if not _CHANNEL.fullmatch(self.channel):
            raise BadContactList("a channel is a word in small Latin letters")
        if not _ADDRESS.fullmatch(self.address):
            raise BadContactList("an address is 3 to 200 printable ASCII characters without blanks")
        if type(self.since) is not date:
            raise BadContactList("a contact point has a day since when")


@dataclass(frozen=True, slots=True)
class ContactList:
    """The points of list `number`, which counts from 1, in force from `first` to `last`, both included."""

    number: int
    first: date
    last: date
    points: tuple[ContactPoint, ...]

    def __post_init__(self) -> None:
        if type(self.number) is not int or not 1 <= self.number < 2**31:
            raise BadContactList("lists are numbered from 1")
        if type(self.first) is not date or type(self.last) is not date:
            raise BadContactList("a list has a first and a last day")
        if not self.first <= self.last <= self.first + LONGEST_LIFE:
            raise BadContactList("a list is in force for 92 days at most")
        if not 1 <= len(self.points) <= MOST_POINTS:
            raise BadContactList(f"a list has 1 to {MOST_POINTS} points")
        if len({(point.channel, point.address) for point in self.points}) != len(self.points):
            raise BadContactList("a point stands on a list once")
        if any(point.since > self.first for point in self.points):
            raise BadContactList("a point is ours before its list is in force")

    def encoded(self) -> bytes:
        """What is signed."""
        points = [
            {"address": one.address, "channel": one.channel, "since": one.since.isoformat()}
            for one in self.points
        ]
        return _canonical(
            {
                "format": FORMAT,
                "number": self.number,
                "first": self.first.isoformat(),
                "last": self.last.isoformat(),
                "points": points,
            }
        ).encode()

    def check_phrase(self, language: Language) -> str:
        """Four words that belong to this list and no other: 44 bits of its digest, to be compared by eye."""
        digest = hashlib.sha256(b"tropa check phrase 1\0" + self.encoded()).digest()
        bits = int.from_bytes(digest, "big") >> (8 * len(digest) - PHRASE_WORDS * _BITS_OF_WORD)
        words = word_list(language).words
        places = [bits >> (_BITS_OF_WORD * place) for place in reversed(range(PHRASE_WORDS))]
        return " ".join(words[place % len(words)] for place in places)


@dataclass(frozen=True, slots=True)
class SignedContactList:
    """A list with the certificates and signatures of author and second, in this order; believed once verified."""

    contacts: ContactList
    root: SigningPublicKey
    certificates: tuple[bytes, bytes]
    signatures: tuple[bytes, bytes]

    @property
    def text(self) -> str:
        """The file."""
        signed = [
            {"certificate": certificate.hex(), "signature": signature.hex()}
            for certificate, signature in zip(self.certificates, self.signatures, strict=True)
        ]
        statement = self.contacts.encoded().decode()
        return _canonical({"statement": statement, "root": self.root.raw.hex(), "signed": signed}) + "\n"


def sign_contacts(key: SigningKey, contacts: ContactList, role: ContactRole) -> bytes:
    """A publishing key's signature over the list, as author or second."""
    return sign(key, _context(contacts, role), contacts.encoded())


def check_signer(certificate: bytes, root: SigningPublicKey, on: date) -> Certificate:
    """The publishing certificate, signed by the root itself and valid that day. Raises BadCertificate, BadSignature."""
    found = verify_chain((certificate,), root, on)
    if found.role != PUBLISHER:
        raise BadContactList("this certificate is not one for publishing")
    return found


def verify_signature(
    contacts: ContactList, certificate: Certificate, signature: bytes, role: ContactRole
) -> None:
    """Return if the holder of this certificate signed the list in this part. Raises BadSignature."""
    verify(certificate.sign_public, _context(contacts, role), contacts.encoded(), signature)


def verify_contacts(signed: SignedContactList, root: SigningPublicKey, on: date) -> ContactList:
    """The list, if it is genuine and in force that day. `root` is the organisation's, known from elsewhere.

    Raises ContactListNotInForce, BadContactList, BadCertificate or BadSignature.
    """
    if signed.root != root:
        raise BadContactList("another organisation's list")
    author, second = (check_signer(blob, root, on) for blob in signed.certificates)
    if author.subject == second.subject or author.sign_public == second.sign_public:
        raise BadContactList("whoever wrote a list does not sign it as the second")
    for certificate, signature, role in zip((author, second), signed.signatures, ContactRole, strict=True):
        verify_signature(signed.contacts, certificate, signature, role)
    if not signed.contacts.first <= on <= signed.contacts.last:
        raise ContactListNotInForce("the list is not in force on that day")
    return signed.contacts


def read_contact_file(text: str) -> SignedContactList:
    """The list in a file, not verified. Raises BadContactList for anything but the one encoding of one."""
    told = _read(text, {"statement", "root", "signed"})
    try:
        parts = [
            (bytes.fromhex(one["certificate"]), bytes.fromhex(one["signature"])) for one in told["signed"]
        ]
        author, second = parts
        signed = SignedContactList(
            read_contacts(told["statement"]),
            SigningPublicKey(bytes.fromhex(told["root"])),
            (author[0], second[0]),
            (author[1], second[1]),
        )
    except (ValueError, KeyError, TypeError, BadKey):
        raise BadContactList("not a file of contact points") from None
    if signed.text.rstrip("\n") != text.rstrip("\r\n"):
        raise BadContactList("not the canonical encoding of a file of contact points")
    return signed


def read_contacts(statement: str) -> ContactList:
    """The list a statement says. Raises BadContactList."""
    told = _read(statement, {"format", "number", "first", "last", "points"})
    try:
        points = tuple(
            ContactPoint(one["channel"], one["address"], date.fromisoformat(one["since"]))
            for one in told["points"]
        )
        contacts = ContactList(
            told["number"], date.fromisoformat(told["first"]), date.fromisoformat(told["last"]), points
        )
    except (ValueError, KeyError, TypeError):
        raise BadContactList("not a list of contact points") from None
    if contacts.encoded() != statement.encode(errors="replace"):
        raise BadContactList("not the canonical encoding of a list")
    return contacts


def root_fingerprint(public: SigningPublicKey) -> str:
    """A short name of a root for people to compare: 80 bits, in five groups of four hex digits."""
    digits = hashlib.sha256(b"tropa root fingerprint 1\0" + public.raw).digest()[:FINGERPRINT_BYTES].hex()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _read(text: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise BadContactList("too long for a list of contact points")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise BadContactList("not a list of contact points") from None
    if not isinstance(told, dict) or told.keys() != names:
        raise BadContactList("not a list of contact points")
    return told


def _canonical(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _context(contacts: ContactList, role: ContactRole) -> Context:
    return Context("contact points", 1, "contact list", role.value, str(contacts.number))
