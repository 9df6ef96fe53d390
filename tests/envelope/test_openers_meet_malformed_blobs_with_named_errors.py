"""Ten thousand malformed blobs to every opener: each is refused by a named error, none by an accident."""

import hashlib
import inspect
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path

import pytest

import tropa.envelope
from tests.envelope.contact_lists import CONTACTS, publishing, signed
from tests.envelope.test_contact_notice import MADE, NOTICE
from tests.envelope.test_contact_notice import signed as signed_notice
from tests.envelope.world import DAY, NOW, PLACE, anna, boris, chain_to, repeatable, root, vera
from tropa.envelope import (
    BEGINNING,
    ArchiveReader,
    ArchiveWriter,
    ColumnOpener,
    ContactRole,
    EnvelopeError,
    LogEntry,
    PassphraseProfile,
    Recipients,
    ReleaseRole,
    ReleaseStatement,
    SealingPublicKey,
    SigningPublicKey,
    check_signer,
    hash_entry,
    join_two,
    key_by_holder,
    key_by_passphrase,
    lock_seed,
    open_sealed,
    read_contact_file,
    read_contacts,
    read_head,
    read_notice,
    seal,
    sign,
    sign_contacts,
    sign_release,
    split_for_two,
    unlock_seed,
    unwrap,
    verify,
    verify_certificate,
    verify_chain,
    verify_contacts,
    verify_log,
    verify_notice,
    verify_notice_signature,
    verify_release,
    verify_signature,
    wrap,
)

BLOBS = 10_000
SEALING, SIGNING, WRAPPING = boris.sealing(), boris.signing(), boris.subkey("records")
ANNAS_PUBLIC = anna.signing().public

PARTS = split_for_two(boris, 3, random=repeatable("parts"))
BORIS, VERA = (
    verify_chain(chain_to(name, seed), root.public, DAY) for name, seed in (("boris", boris), ("vera", vera))
)
FIRST_HASH = hash_entry(BEGINNING, 1, b"body of a record")
RELEASE = ReleaseStatement(
    case_id="case",
    thread_id="thread",
    plan_id="plan",
    plan_version=1,
    step_number=1,
    step_digest=bytes(32),
    facts_digest=bytes(32),
    expires=NOW,
)

APPROVED = sign_release(vera.signing(), RELEASE, ReleaseRole.APPROVER)
ANNAS_LINK = chain_to("boris", boris)[0]
PUBLISHING = check_signer(publishing("anna", anna), root.public, DAY)
ANNAS_WORD = sign_contacts(anna.signing(), CONTACTS, ContactRole.AUTHOR)


def archive() -> bytes:
    """An archive for Boris and for whoever knows the passphrase."""
    file = io.BytesIO()
    recipients = Recipients(SEALING.public, "passphrase", PassphraseProfile.CHEAP)
    writer = ArchiveWriter(file, recipients, random=repeatable("archive"))
    writer.write(b"everything that is stored " * 50)
    writer.finish()
    return file.getvalue()


def read_archive(blob: bytes) -> bytes:
    """All of it, by the holder's key."""
    source = io.BytesIO(blob)
    head = read_head(source)
    reader = ArchiveReader(source, head, key_by_holder(head, SEALING))
    content = reader.read(len(blob))
    reader.finish()
    return content


def unlock_archive(blob: bytes) -> bytes:
    """The same by the passphrase."""
    source = io.BytesIO(blob)
    head = read_head(source)
    key = key_by_passphrase(head, "passphrase", weakest=PassphraseProfile.CHEAP)
    reader = ArchiveReader(source, head, key)
    reader.finish()
    return key.raw


OPENERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "seal": (seal(SEALING.public, PLACE, b"body"), lambda blob: open_sealed(SEALING, PLACE, blob)),
    "wrap": (
        wrap(WRAPPING, PLACE, b"body", random=repeatable("n")),
        lambda blob: unwrap(WRAPPING, PLACE, blob),
    ),
    "lock": (
        lock_seed(boris, "passphrase", PassphraseProfile.CHEAP, repeatable("n"), PLACE),
        lambda blob: unlock_seed(blob, "passphrase", PLACE),
    ),
    "signature": (
        sign(SIGNING, PLACE, b"message"),
        lambda blob: verify(SIGNING.public, PLACE, b"message", blob),
    ),
    "certificate": (
        chain_to("boris", boris)[1],
        lambda blob: verify_certificate(blob, ANNAS_PUBLIC, DAY),
    ),
    "column": (
        wrap(WRAPPING, PLACE, b"body", random=repeatable("n")),
        lambda blob: ColumnOpener(WRAPPING, PLACE).open_padded(PLACE.row, blob),
    ),
    "archive": (archive(), read_archive),
    "archive by passphrase": (archive(), unlock_archive),
    "standby part": (PARTS[0], lambda blob: join_two(blob, PARTS[1])),
    "release": (
        sign_release(SIGNING, RELEASE, ReleaseRole.AUTHOR),
        lambda blob: verify_release(
            RELEASE,
            author=BORIS,
            author_signature=blob,
            approver=VERA,
            approver_signature=APPROVED,
            at=NOW,
        ),
    ),
    "chain": (
        chain_to("boris", boris)[1],
        lambda blob: verify_chain([ANNAS_LINK, blob], root.public, DAY),
    ),
    "log": (b"body of a record", lambda blob: verify_log([LogEntry(1, blob, FIRST_HASH)])),
    "root's certificate": (
        chain_to("boris", boris)[0],
        lambda blob: verify_certificate(blob, root.public, DAY),
    ),
    "publishing certificate": (
        publishing("anna", anna),
        lambda blob: check_signer(blob, root.public, DAY),
    ),
    "contact list": (
        CONTACTS.encoded(),
        lambda blob: verify_signature(
            read_contacts(blob.decode(errors="replace")), PUBLISHING, ANNAS_WORD, ContactRole.AUTHOR
        ),
    ),
    "signature on a contact list": (
        ANNAS_WORD,
        lambda blob: verify_signature(CONTACTS, PUBLISHING, blob, ContactRole.AUTHOR),
    ),
    "file of contact points": (
        signed().text.strip().encode(),
        lambda blob: verify_contacts(read_contact_file(blob.decode(errors="replace")), root.public, DAY),
    ),
    "contact notice": (
        NOTICE.encoded(),
        lambda blob: verify_notice(
            replace(signed_notice(), notice=read_notice(blob.decode(errors="replace"))),
            CONTACTS,
            root.public,
            MADE,
        ),
    ),
    "signature on a contact notice": (
        signed_notice().signatures[0],
        lambda blob: verify_notice_signature(NOTICE, PUBLISHING.sign_public, blob, ContactRole.AUTHOR),
    ),
}


def malformed(genuine: bytes, name: str) -> Iterator[bytes]:
    """Cut, stretched, bit-flipped, overwritten and random blobs; the same in every run."""
    for number in range(BLOBS):
        noise = hashlib.shake_256(f"{name} {number}".encode()).digest(64)
        at = int.from_bytes(noise[:4], "big") % len(genuine)
        match number % 5:
            case 0:
                yield genuine[:at]
            case 1:
                yield genuine + noise[: 1 + at % 63]
            case 2:
                yield genuine[:at] + bytes([genuine[at] ^ 1 << noise[5] % 8]) + genuine[at + 1 :]
            case 3:
                noise = noise if noise[:1] != genuine[at : at + 1] else bytes([noise[0] ^ 1]) + noise[1:]
                yield (genuine[:at] + noise)[: len(genuine)] + genuine[at + 64 :]
            case _:
                yield genuine[:1] + (noise * (1 + at // 64))[:at]


@pytest.mark.parametrize("name", OPENERS)
def test_each_is_refused_by_name(name: str) -> None:
    genuine, opened_by = OPENERS[name]
    refused = 0
    for blob in malformed(genuine, name):
        assert blob != genuine
        with pytest.raises(EnvelopeError):
            opened_by(blob)
        refused += 1
    assert refused == BLOBS


OPENS = {
    "open_sealed", "unwrap", "ColumnOpener", "unlock_seed", "verify", "verify_certificate", "verify_chain",
    "verify_release", "verify_log", "read_head", "key_by_holder", "key_by_passphrase", "ArchiveReader", "join_two",
    "check_signer", "read_contact_file", "read_contacts", "verify_contacts", "verify_signature",
    "read_notice", "verify_notice", "verify_notice_signature",
}  # fmt: skip
"""What reads stored bytes: each is called by one of `OPENERS`."""
READS_WHAT_IS_TYPED_OR_PUBLIC = {
    "Codename": "test_codename_as_people_type_it.py",
    "SeedShare": "test_shares.py",
    "join_shares": "test_shares.py",
    "totp_matches": "test_totp.py",
    "ApplicantPublic": "test_applicant.py",
    "SealingPublicKey": "test_keys.py",
    "SigningPublicKey": "test_keys.py",
    "thread_id_of": "test_applicant.py",
}
MAKES = {
    "ApplicantKeys", "ArchiveHead", "ArchiveWriter", "Certificate", "Checkpoint", "ContactList", "ContactPoint",
    "Context", "LogEntry", "Recipients", "ReleaseStatement", "SealingKey", "Secret", "Seed", "SignedContactList",
    "SigningKey", "SymmetricKey", "applicant_keys", "certify", "dummy_lock", "hash_entry", "lock_seed", "look_up_tag",
    "padme_length", "root_fingerprint", "seal", "sign", "sign_contacts", "sign_release", "split_for_two", "split_seed",
    "totp", "wrap",
    "ContactNotice", "SignedContactNotice", "check_beside", "digest_of", "not_on_the_list", "sign_notice",
    "keys_of_seed",
}  # fmt: skip


def test_no_opener_is_forgotten() -> None:
    callables = {
        name
        for name in tropa.envelope.__all__
        if inspect.isfunction(getattr(tropa.envelope, name))
        or (inspect.isclass(getattr(tropa.envelope, name)) and not _is_value(getattr(tropa.envelope, name)))
    }
    assert callables == OPENS | READS_WHAT_IS_TYPED_OR_PUBLIC.keys() | MAKES
    called = Path(__file__).read_text(encoding="utf-8").partition("@pytest.mark")[0]
    assert all(f"{name}(" in called for name in OPENS)
    here = Path(__file__).parent
    assert all((here / test).is_file() for test in READS_WHAT_IS_TYPED_OR_PUBLIC.values())


def _is_value(kind: type) -> bool:
    return issubclass(kind, (Exception, Enum))


@pytest.mark.parametrize("kind", [SealingPublicKey, SigningPublicKey])
def test_public_keys_of_any_wrong_length_are_refused_by_name(kind: type) -> None:
    for length in range(2000):
        if length not in (32, 1216):
            with pytest.raises(EnvelopeError):
                kind(bytes(length))
