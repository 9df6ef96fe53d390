"""What a mail says: opened, its signature made sure of, and taken apart. Runs in the opening process alone.

Kept true: text and files are a partner's only if they are signed with the key an operator entered; what was signed and
not encrypted is told from what was both. What nobody signed so is said by no word of it. Nothing a letter points to is
fetched. Words in HTML alone are a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr, parsedate_to_datetime
from enum import StrEnum
from itertools import pairwise

from pysequoia import Decrypted, Sig, decrypt, verify
from pysequoia.packet import PacketPile, Tag

from tropa.channels.mail.keys import Keys

BEGIN, END = b"-----BEGIN PGP MESSAGE-----", b"-----END PGP MESSAGE-----"
SIGNED, SIGNED_END = b"-----BEGIN PGP SIGNED MESSAGE-----", b"-----END PGP SIGNATURE-----"
VERSION = "application/pgp-encrypted"
UNSEALED = (Tag.OnePassSig, Tag.Signature, Tag.Literal, Tag.CompressedData, Tag.Marker)
LONGEST = 25_000
NOT_SIGNED = "Signature verification failed"
"""What the library, pinned, says of a letter it opened. Of one that is compressed inside it says that it opens none."""
MOST_FILES = 20
MOST_PARTS = 500
MOST_SEAMS = 2_000
"""Lines that may begin or end a part; looking for them costs more with each part that is open."""
MOST_LINES = 1_500_000
HEAD = 64 * 1024
READABLE = policy.default.clone(raise_on_defect=False)
STRANGE = (RuntimeError, ValueError, LookupError, MessageError, MemoryError, AttributeError, TypeError)
"""What the library and the standard parser of mails raise for letters of strange shape; RecursionError is of them."""


class Closed(Exception):
    """It does not open."""


class How(StrEnum):
    """What a letter came under."""

    SEALED = "sealed"  # encrypted to us, and signed with a partner's key
    SIGNED = "signed"  # signed so, and readable on its way
    OTHER_KEY = "other_key"  # encrypted to us, and not signed with a key we hold
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a letter."""

    name: str = field(repr=False)
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that was read. `partner` is the fingerprint of whose it is, or empty; `seal` the digest of the encrypted
    packet or of what was signed, which nobody but who signed it can make another of.
    """

    how: How
    partner: str = ""
    seal: str = ""
    text: str = field(default="", repr=False)
    files: tuple[File, ...] = field(default=(), repr=False)
    left_out: int = 0
    """Files that are not taken."""


def read_letter(mail: bytes, keys: Keys) -> Letter:
    """A mail opened and taken apart. Raises Closed."""
    try:
        outer = message_from_bytes(_bounded(mail), policy=policy.compat32)
        found = _encrypted(outer)
        if found is None:
            return _signed(mail, outer, keys)
        blob, beside = found
        return _opened(blob, keys, beside)
    except STRANGE:
        raise Closed from None  # a letter of any shape at all must not end the reading


def sender_of(mail: bytes) -> str:
    """Whose a mail says it is, in small letters, or nothing."""
    try:
        head = BytesHeaderParser(policy=policy.compat32).parsebytes(mail[:HEAD])
        return _sound(parseaddr(str(head.get("From", "")))[1].lower()[:400])
    except STRANGE:
        return ""


def written_at(mail: bytes) -> str:
    """When it says it was written, as ISO 8601, or nothing."""
    try:
        head = BytesHeaderParser(policy=policy.compat32).parsebytes(mail[:HEAD])
        moment = parsedate_to_datetime(str(head.get("Date", "")))
        return moment.isoformat() if moment.tzinfo is not None else ""
    except (*STRANGE, OverflowError):
        return ""


def _bounded(mail: bytes) -> bytes:
    """The same, unless taking it apart would keep everybody waiting. Raises Closed."""
    if mail.count(b"\n--") > MOST_SEAMS or mail.count(b"\n") > MOST_LINES:
        raise Closed
    return mail


def _encrypted(outer: Message) -> tuple[bytes, int | None] | None:
    """The encrypted blob of a mail: the part behind the one that says so (RFC 3156), or the whole of a text; with it,
    None or how many parts stand beside such a text. None: in clear.
    """
    parts = list(_leaves(outer))
    for part, following in pairwise(parts):
        if part.get_content_type() == VERSION:
            return _payload(following), None
    if outer.get_content_type() == "multipart/encrypted":
        raise Closed
    for part in parts:
        if part.get_content_type() == "text/plain":
            body = _payload(part).strip()
            if body.startswith(BEGIN) and body.endswith(END):
                return body, sum(each.get_content_maintype() != "text" for each in parts)
    return None


def _leaves(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            raise Closed
        if not part.is_multipart():
            yield part


def _opened(blob: bytes, keys: Keys, beside: int | None) -> Letter:
    seal = _seal(blob)
    if not seal:
        return _signed_text(blob, keys)
    try:
        opened: Decrypted = decrypt(blob, keys.own.decryptor(), lambda _ids: keys.certs)
    except RuntimeError as refused:
        if str(refused).startswith(NOT_SIGNED):
            return Letter(How.OTHER_KEY)
        raise
    partner = _signer(opened, keys)
    if not partner or opened.bytes is None:
        return Letter(How.OTHER_KEY)
    if beside is not None:
        text = _sound(opened.bytes.decode("utf-8", "replace"))[:LONGEST]
        return Letter(How.SEALED, partner, seal, text, (), beside)
    return _said(opened.bytes, How.SEALED, partner, seal)


def _signer(opened: Decrypted, keys: Keys) -> str:
    """The fingerprint of the partner whose signature is good, or nothing."""
    signers = (each.certificate for each in opened.valid_sigs)
    return next((each for each in signers if each in keys.partners), "")


def _seal(blob: bytes) -> str:
    """The digest of the one encrypted packet; nothing where none is: the library itself would take a letter that was
    signed and not encrypted for an opened one. Raises Closed.
    """
    packets = list(PacketPile.from_bytes(blob))
    if all(packet.tag in UNSEALED for packet in packets):
        return ""
    *readers, last = packets
    if last.tag != Tag.SEIP or any(packet.tag != Tag.PKESK for packet in readers):
        raise Closed
    return hashlib.sha256(last.body).hexdigest()


def _signed(mail: bytes, outer: Message, keys: Keys) -> Letter:
    """What was signed and not encrypted, as a whole or as one text; of anything else no word."""
    if outer.get_content_type() != "multipart/signed":
        body = b"" if outer.is_multipart() else _payload(outer).strip()
        signed = body.startswith(SIGNED) and body.endswith(SIGNED_END)
        return _signed_text(body, keys) if signed else Letter(How.CLEAR)
    try:
        content, signature = _under_signature(mail, outer)
        partner = _signer(verify(content, lambda _ids: keys.certs, signature=Sig.from_bytes(signature)), keys)
    except (*STRANGE, Closed):
        return Letter(How.CLEAR)  # a signature that is not good is none
    seal = hashlib.sha256(content).hexdigest()
    return _said(content, How.SIGNED, partner, seal) if partner else Letter(How.CLEAR)


def _signed_text(body: bytes, keys: Keys) -> Letter:
    try:
        found = verify(body, lambda _ids: keys.certs)
    except RuntimeError:
        return Letter(How.CLEAR)
    partner, said = _signer(found, keys), found.bytes or b""
    if not partner:
        return Letter(How.CLEAR)
    text = _sound(said.decode("utf-8", "replace"))[:LONGEST]
    return Letter(How.SIGNED, partner, hashlib.sha256(said).hexdigest(), text)


def _under_signature(mail: bytes, outer: Message) -> tuple[bytes, bytes]:
    """The very bytes that were signed, and the signature. Raises Closed."""
    boundary, parts = outer.get_boundary(), outer.get_payload()
    if not boundary or not isinstance(parts, list) or len(parts) != 2 or not isinstance(parts[1], Message):
        raise Closed
    between = mail.split(b"\r\n--" + boundary.encode())
    if len(between) < 4:
        raise Closed
    return between[1].partition(b"\r\n")[2], _payload(parts[1])


def _said(content: bytes, how: How, partner: str, seal: str) -> Letter:
    """Text and files of what was written."""
    message = message_from_bytes(_bounded(content), policy=READABLE)
    assert isinstance(message, EmailMessage)
    words: list[str] = []
    files: list[File] = []
    for part in _leaves(message):
        if part.get_content_type() == "text/plain" and not _is_a_file(part):
            words.append(_text(part))
        elif part.get_content_type() == "text/html" and words and not _is_a_file(part):
            continue  # the same once more
        else:
            files.append(_file(part))
    subject = _head(message, "Subject")
    text = "\n\n".join(each for each in (subject, "\n".join(words)) if each.strip())
    taken = tuple(files[:MOST_FILES])
    told = _sound(text)[:LONGEST].strip("\r\n")
    return Letter(how, partner, seal, told, taken, len(files) - len(taken))


def _is_a_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _file(part: Message) -> File:
    name = _sound(str(part.get_filename() or "file"))[:200]
    return File(name, _sound(part.get_content_type())[:100], _payload(part))


def _text(part: Message) -> str:
    content, charset = _payload(part), part.get_content_charset("utf-8")
    try:
        return content.decode(charset, "replace").replace("\r\n", "\n")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace").replace("\r\n", "\n")


def _head(message: EmailMessage, name: str) -> str:
    """A line of the head; "..." is what mail programs write where they hide it."""
    said = " ".join(str(message.get(name, "")).split())[:500]
    return "" if said in ("...", "[...]") else said


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise Closed
    return content


def _sound(text: str) -> str:
    # half a pair of surrogates cannot be stored as UTF-8
    return text.encode("utf-8", "replace").decode()
