"""The one message that goes to many: news about our contact points, and the check whether it may go at all.

Kept true: a notice counts until its last day, six days after it was written at most, beside the very list it was
written for, and only if two different people signed the very same text, each with a publishing key the root certified.
Whatever looks like an address in it stands on that list, letter by letter; what is neither an ordinary word, a short
number, a day, nor an address of the list stops the notice, so links, names of accounts, numbers to call, invisible
signs and words of mixed scripts never pass. A name made of plain letters looks like a word: that only people can see.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from tropa.envelope.contact_list import ContactList, ContactRole, check_signer
from tropa.envelope.context import Context
from tropa.envelope.errors import BadContactNotice, ContactNoticeNotInForce
from tropa.envelope.keys import SigningKey, SigningPublicKey
from tropa.envelope.signature import sign, verify
from tropa.envelope.wordlist import Language

FORMAT: Final = "contact notice 1"
LONGEST_LIFE: Final = timedelta(days=6)
SHORTEST_TEXT, LONGEST_TEXT = 20, 1_000
LONGEST_STATEMENT: Final = 32 * 1024
CLOCKS_DIFFER: Final = timedelta(minutes=10)
_AROUND = "«»“”„\"'()[],.:;!?…"
_ALONE = frozenset({"—", "–", "-"})
_NUMBER = re.compile(r"[0-9]{1,4}")
_DAY = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")
_LATIN = re.compile(r"[A-Za-z]{1,24}(?:['’-][A-Za-z]{1,24}){0,3}")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]{1,30}(?:-[А-Яа-яЁё]{1,30}){0,3}")


@dataclass(frozen=True, slots=True)
class ContactNotice:
    """Notice `number`, from 1, written at `made` (aware, UTC, whole seconds) for list `list_number` with this digest,
    good through `last`; its text in both languages.
    """

    number: int
    list_number: int
    list_digest: str
    made: datetime
    last: date
    russian: str = field(repr=False)
    english: str = field(repr=False)

    def __post_init__(self) -> None:
        for number in (self.number, self.list_number):
            if type(number) is not int or not 1 <= number < 2**31:
                raise BadContactNotice("notices and lists are numbered from 1")
        if not isinstance(self.list_digest, str) or not re.fullmatch(r"[0-9a-f]{64}", self.list_digest):
            raise BadContactNotice("a notice names its list by digest")
        if (
            not isinstance(self.made, datetime)
            or self.made.utcoffset() != timedelta(0)
            or self.made.microsecond
        ):
            raise BadContactNotice("a notice is written at a moment of UTC, in whole seconds")
        if type(self.last) is not date or not timedelta(0) <= self.last - self.made.date() <= LONGEST_LIFE:
            raise BadContactNotice("a notice is good for six days at most")
        for text in (self.russian, self.english):
            if not isinstance(text, str) or not SHORTEST_TEXT <= len(text) <= LONGEST_TEXT:
                raise BadContactNotice(f"a text has {SHORTEST_TEXT} to {LONGEST_TEXT} characters")

    def text(self, language: Language) -> str:
        """The text in this language."""
        return self.english if language is Language.ENGLISH else self.russian

    def encoded(self) -> bytes:
        """What is signed: JSON with sorted keys and nothing between."""
        said = {
            "format": FORMAT,
            "number": self.number,
            "list": self.list_number,
            "digest": self.list_digest,
            "made": self.made.isoformat(),
            "last": self.last.isoformat(),
            "ru": self.russian,
            "en": self.english,
        }
        return json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class SignedContactNotice:
    """A notice with the certificates and signatures of author and second, in this order; believed once verified."""

    notice: ContactNotice
    certificates: tuple[bytes, bytes]
    signatures: tuple[bytes, bytes]


def digest_of(contacts: ContactList) -> str:
    """What a notice names its list by, in hex."""
    return hashlib.sha256(b"tropa notice of list 1\0" + contacts.encoded()).hexdigest()


def not_on_the_list(text: str, contacts: ContactList) -> tuple[str, ...]:
    """What in a text is neither an ordinary word nor an address of the list, in the order it stands there."""
    listed = {point.address for point in contacts.points}
    found, after_number = [], False
    for token in re.split(r"[ \r\n]+", text.strip(" \r\n")):
        bare = token.strip(_AROUND)
        number = _NUMBER.fullmatch(bare) is not None
        known = token in listed or bare in listed or token in _ALONE
        plain = any(shape.fullmatch(bare) for shape in (_NUMBER, _DAY, _LATIN, _CYRILLIC))
        if not (known or plain) or (number and after_number):  # numbers side by side may be one to call
            found.append(token)
        after_number = number
    return tuple(found)


def sign_notice(key: SigningKey, notice: ContactNotice, role: ContactRole) -> bytes:
    """A publishing key's signature over the notice, as author or second."""
    return sign(key, _context(notice, role), notice.encoded())


def verify_notice_signature(
    notice: ContactNotice, public: SigningPublicKey, signature: bytes, role: ContactRole
) -> None:
    """Return if the holder of this key signed the notice in this part. Raises BadSignature."""
    verify(public, _context(notice, role), notice.encoded(), signature)


def check_beside(notice: ContactNotice, contacts: ContactList, now: datetime) -> None:
    """Return if the notice is for this list, nothing in it is foreign to it, and its time is now.

    Raises BadContactNotice, ContactNoticeNotInForce.
    """
    if (notice.list_number, notice.list_digest) != (contacts.number, digest_of(contacts)):
        raise ContactNoticeNotInForce("the notice is for another list")
    if not_on_the_list(notice.russian, contacts) or not_on_the_list(notice.english, contacts):
        raise BadContactNotice("something in the text is not on the list")
    if not (notice.made <= now + CLOCKS_DIFFER and now.astimezone(UTC).date() <= notice.last):
        raise ContactNoticeNotInForce("the notice is not in force at that moment")


def verify_notice(
    signed: SignedContactNotice, contacts: ContactList, root: SigningPublicKey, now: datetime
) -> ContactNotice:
    """The notice, if it may go out now. `contacts` is the list in force, verified by the caller.

    Raises BadContactNotice, ContactNoticeNotInForce, BadCertificate, BadSignature.
    """
    today = now.astimezone(UTC).date()
    author, second = (check_signer(blob, root, today) for blob in signed.certificates)
    if author.subject == second.subject or author.sign_public == second.sign_public:
        raise BadContactNotice("whoever wrote a notice does not sign it as the second")
    for certificate, signature, role in zip((author, second), signed.signatures, ContactRole, strict=True):
        verify_notice_signature(signed.notice, certificate.sign_public, signature, role)
    check_beside(signed.notice, contacts, now)
    return signed.notice


def read_notice(statement: str) -> ContactNotice:
    """The notice a statement says. Raises BadContactNotice for anything but the one encoding of one."""
    if not isinstance(statement, str) or len(statement) > LONGEST_STATEMENT:
        raise BadContactNotice("too long for a notice")
    try:
        said = json.loads(statement)
        notice = ContactNotice(
            said["number"],
            said["list"],
            said["digest"],
            datetime.fromisoformat(said["made"]),
            date.fromisoformat(said["last"]),
            said["ru"],
            said["en"],
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadContactNotice("not a notice") from None
    if notice.encoded() != statement.encode(errors="replace"):
        raise BadContactNotice("not the canonical encoding of a notice")
    return notice


def _context(notice: ContactNotice, role: ContactRole) -> Context:
    return Context("contact notice", 1, "contact notice", role.value, str(notice.number))
