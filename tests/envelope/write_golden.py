"""Writes the golden files of formats that have none yet: `python -m tests.envelope.write_golden`.

A golden file is written once, by the version that introduced its format, and never again: it stands for what
lies in real databases. This program therefore refuses to touch a file that exists.
"""

import io
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

from tropa.envelope import (
    BEGINNING,
    COORDINATOR,
    PUBLISHER,
    ROOT,
    ArchiveWriter,
    Certificate,
    Codename,
    ContactList,
    ContactPoint,
    ContactRole,
    Context,
    Language,
    PassphraseProfile,
    Recipients,
    ReleaseStatement,
    Seed,
    SignedContactList,
    applicant_keys,
    certify,
    hash_entry,
    lock_seed,
    root_fingerprint,
    seal,
    sign,
    sign_contacts,
    sign_release,
    split_for_two,
    split_seed,
    wrap,
)

FOLDER = Path(__file__).parent / "golden"
PLACE = Context("golden", 1, "таблица", "column", "row 1")
SEED = Seed(bytes(range(32)))
BODIES = (b"", b"one line", "повестка на 3 декабря".encode() * 40)
PASSPHRASE = "тёплый хлеб"


def keys_1() -> dict[str, object]:
    """What a seed expands to."""
    return {
        "seed": SEED.raw.hex(),
        "seal_public": SEED.sealing().public.raw.hex(),
        "sign_public": SEED.signing().public.raw.hex(),
        "subkeys": {label: SEED.subkey(label).raw.hex() for label in ("records", "черновик")},
    }


def context_1() -> dict[str, object]:
    """The encoding of a place."""
    return {"info": PLACE.info().hex(), "family": PLACE.family().hex()}


def seal_1() -> dict[str, object]:
    """Sealed bodies of several sizes."""
    public = SEED.sealing().public
    return {"sealed": [[body.hex(), seal(public, PLACE, body).hex()] for body in BODIES]}


def wrap_1() -> dict[str, object]:
    """Wrapped bodies of several sizes, under the subkey `records`."""
    key = SEED.subkey("records")
    return {"wrapped": [[body.hex(), wrap(key, PLACE, body, random=os.urandom).hex()] for body in BODIES]}


def locked_seed_1() -> dict[str, object]:
    """The seed locked at both costs."""
    return {
        "passphrase": PASSPHRASE,
        "locked": {
            profile.name: lock_seed(SEED, PASSPHRASE, profile, os.urandom, PLACE).hex()
            for profile in PassphraseProfile
        },
    }


def signature_1() -> dict[str, object]:
    """A signature."""
    return {"message": BODIES[1].hex(), "signature": sign(SEED.signing(), PLACE, BODIES[1]).hex()}


def certificate_1() -> dict[str, object]:
    """Root to coordinator to adviser."""
    root, anna, boris = (Seed(letter * 32) for letter in (b"r", b"a", b"b"))
    days = {"issued": date(2026, 11, 1), "expires": date(2027, 2, 28)}

    def of(subject: str, role: str, seed: Seed, issuer: str) -> Certificate:
        seal_public, sign_public = seed.sealing().public, seed.signing().public
        return Certificate(subject, role, seal_public, sign_public, **days, issuer=issuer)

    chain = [
        certify(root.signing(), of("anna", COORDINATOR, anna, ROOT)),
        certify(anna.signing(), of("boris", "adviser", boris, "anna")),
    ]
    return {"root_public": root.signing().public.raw.hex(), "chain": [link.hex() for link in chain]}


def release_1() -> dict[str, object]:
    """A released step, signed by Boris as author and Anna as approver."""
    statement = ReleaseStatement(
        case_id="case 7",
        thread_id="0f" * 16,
        plan_id="plan 3",
        plan_version=2,
        step_number=1,
        step_digest=bytes(range(32)),
        facts_digest=bytes(range(32, 64)),
        expires=datetime(2026, 11, 25, 12, 0, 0, 1, tzinfo=UTC),
    )
    return {
        "digest": statement.digest().hex(),
        "author_signature": sign_release(Seed(b"b" * 32).signing(), statement, "author").hex(),
        "approver_signature": sign_release(Seed(b"a" * 32).signing(), statement, "approver").hex(),
    }


def codename_1() -> dict[str, object]:
    """Codenames, their words and what follows from them."""
    entropies = (bytes(12), b"twelve bytes", b"\xff" * 12)
    return {"codenames": [_codename_row(entropy) for entropy in entropies]}


def _codename_row(entropy: bytes) -> dict[str, str]:
    keys = applicant_keys(entropy)
    return {
        "entropy": entropy.hex(),
        "en": " ".join(Codename(entropy, Language.ENGLISH).words),
        "ru": " ".join(Codename(entropy, Language.RUSSIAN).words),
        "look_up_tag": keys.look_up_tag.hex(),
        "seed": keys.seed.raw.hex(),
    }


def applicant_2() -> dict[str, object]:
    """The public keys, thread ids and a signature of applicants whose words are signed."""
    rows = []
    for entropy in (bytes(12), b"twelve bytes", b"\xff" * 12):
        keys = applicant_keys(entropy)
        signature = sign(keys.seed.signing(), PLACE, b"their words")
        rows.append(
            {
                "entropy": entropy.hex(),
                "public": keys.public.raw.hex(),
                "thread_id": keys.thread_id,
                "signature": signature.hex(),
            }
        )
    return {"applicants": rows}


def log_1() -> dict[str, object]:
    """Three entries of a log."""
    previous, hashes = BEGINNING, []
    for sequence, body in enumerate(BODIES, 1):
        previous = hash_entry(previous, sequence, body)
        hashes.append(previous.hex())
    return {"bodies": [body.hex() for body in BODIES], "hashes": hashes}


def shares_1() -> dict[str, object]:
    """The seed in five shares, of which three are needed."""
    shares = split_seed(SEED, needed=3, count=5)
    return {"needed": 3, "shares": [" ".join(share.words) for share in shares]}


def standby_1() -> dict[str, object]:
    """The seed in four parts, of which two are needed."""
    return {"parts": [part.hex() for part in split_for_two(SEED, 4, random=os.urandom)]}


def archive_1() -> dict[str, object]:
    """A short archive for the seed's holder, or for whoever knows a passphrase."""
    sink = io.BytesIO()
    recipients = Recipients(SEED.sealing().public, PASSPHRASE, PassphraseProfile.CHEAP)
    writer = ArchiveWriter(sink, recipients, random=os.urandom)
    writer.write(BODIES[2])
    writer.finish()
    return {"archive": sink.getvalue().hex(), "content": BODIES[2].decode(), "passphrase": PASSPHRASE}


def contact_list_1() -> dict[str, object]:
    """A file of contact points, signed by Anna and Boris with publishing keys."""
    root, anna, boris = (Seed(letter * 32) for letter in (b"r", b"a", b"b"))
    days = {"issued": date(2026, 11, 1), "expires": date(2027, 2, 28)}

    def certified(subject: str, seed: Seed) -> bytes:
        publics = {"seal_public": seed.sealing().public, "sign_public": seed.signing().public}
        return certify(root.signing(), Certificate(subject, PUBLISHER, **publics, **days, issuer=ROOT))

    points = (
        ContactPoint("drop", "http://exampleexampleexampleexample.onion", date(2026, 3, 1)),
        ContactPoint("telegram", "https://t.me/example_bot", date(2026, 9, 14)),
    )
    contacts = ContactList(3, date(2026, 11, 20), date(2027, 1, 31), points)
    signed = SignedContactList(
        contacts,
        root.signing().public,
        (certified("anna", anna), certified("boris", boris)),
        (
            sign_contacts(anna.signing(), contacts, ContactRole.AUTHOR),
            sign_contacts(boris.signing(), contacts, ContactRole.SECOND),
        ),
    )
    phrases = {language.value: contacts.check_phrase(language) for language in Language}
    return {"file": signed.text, "phrases": phrases, "fingerprint": root_fingerprint(root.signing().public)}


FORMATS = (
    keys_1, context_1, seal_1, wrap_1, locked_seed_1, signature_1, certificate_1, release_1, codename_1,
    log_1, shares_1, applicant_2, standby_1, archive_1, contact_list_1,
)  # fmt: skip


def main() -> None:
    """Write what is missing."""
    for make in FORMATS:
        path = FOLDER / f"{make.__name__}.json"
        if not path.exists():
            path.write_text(json.dumps(make(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
