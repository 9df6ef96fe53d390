"""What earlier versions stored opens with this one, byte for byte.

The files in `golden/` are never rewritten. When a format gets a successor, the old file stays and a new one
joins it.
"""

import io
import itertools
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.envelope import write_golden
from tests.envelope.write_golden import PLACE, SEED
from tropa.envelope import (
    ApplicantPublic,
    ArchiveReader,
    Checkpoint,
    Codename,
    Language,
    LogEntry,
    PassphraseProfile,
    ReleaseStatement,
    SeedShare,
    SigningPublicKey,
    applicant_keys,
    join_shares,
    join_two,
    key_by_holder,
    key_by_passphrase,
    open_sealed,
    read_contact_file,
    read_head,
    root_fingerprint,
    sign,
    thread_id_of,
    unlock_seed,
    unwrap,
    verify,
    verify_chain,
    verify_contacts,
    verify_log,
    verify_release,
)

FOLDER = Path(__file__).parent / "golden"
DAY = date(2026, 11, 22)


def golden(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def unhex(text: str) -> bytes:
    return bytes.fromhex(text)


def test_every_format_has_its_file_and_every_file_its_test() -> None:
    files = {path.stem for path in FOLDER.glob("*.json")}
    assert files == {make.__name__ for make in write_golden.FORMATS}
    source = Path(__file__).read_text(encoding="utf-8")
    assert all(f'golden("{name}")' in source for name in files)


def test_keys() -> None:
    stored = golden("keys_1")
    assert unhex(stored["seed"]) == SEED.raw
    assert SEED.sealing().public.raw.hex() == stored["seal_public"]
    assert SEED.signing().public.raw.hex() == stored["sign_public"]
    assert len(stored["subkeys"]) == 2
    for label, raw in stored["subkeys"].items():
        assert SEED.subkey(label).raw.hex() == raw


def test_places() -> None:
    stored = golden("context_1")
    assert PLACE.info().hex() == stored["info"]
    assert PLACE.family().hex() == stored["family"]


def test_seals() -> None:
    stored = golden("seal_1")["sealed"]
    assert len(stored) == 3
    for body, blob in stored:
        assert open_sealed(SEED.sealing(), PLACE, unhex(blob)) == unhex(body)


def test_wraps() -> None:
    stored = golden("wrap_1")["wrapped"]
    assert len(stored) == 3
    for body, blob in stored:
        assert unwrap(SEED.subkey("records"), PLACE, unhex(blob)) == unhex(body)


@pytest.mark.parametrize("profile", PassphraseProfile)
def test_locked_seeds(profile: PassphraseProfile) -> None:
    stored = golden("locked_seed_1")
    blob = unhex(stored["locked"][profile.name])
    assert unlock_seed(blob, stored["passphrase"], PLACE, weakest=profile) == SEED


def test_signatures() -> None:
    stored = golden("signature_1")
    message, signature = unhex(stored["message"]), unhex(stored["signature"])
    verify(SEED.signing().public, PLACE, message, signature)
    assert sign(SEED.signing(), PLACE, message) == signature


def test_lists_of_contact_points() -> None:
    stored = golden("contact_list_1")
    signed = read_contact_file(stored["file"])
    contacts = verify_contacts(signed, signed.root, DAY)
    assert [(one.channel, one.since) for one in contacts.points] == [
        ("drop", date(2026, 3, 1)),
        ("telegram", date(2026, 9, 14)),
    ]
    assert {language.value: contacts.check_phrase(language) for language in Language} == stored["phrases"]
    assert root_fingerprint(signed.root) == stored["fingerprint"]


def test_certificates_and_releases() -> None:
    certificates, stored = golden("certificate_1"), golden("release_1")
    root = SigningPublicKey(unhex(certificates["root_public"]))
    chain = [unhex(link) for link in certificates["chain"]]
    anna, boris = verify_chain(chain[:1], root, DAY), verify_chain(chain, root, DAY)
    assert (anna.subject, anna.role, boris.subject, boris.role) == ("anna", "coordinator", "boris", "adviser")
    assert (boris.issued, boris.expires) == (date(2026, 11, 1), date(2027, 2, 28))
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
    assert statement.digest().hex() == stored["digest"]
    verify_release(
        statement,
        author=boris,
        author_signature=unhex(stored["author_signature"]),
        approver=anna,
        approver_signature=unhex(stored["approver_signature"]),
        at=datetime(2026, 11, 25, 12, tzinfo=UTC),
    )


def test_codenames() -> None:
    stored = golden("codename_1")["codenames"]
    assert len(stored) == 3
    for row in stored:
        entropy = unhex(row["entropy"])
        keys = applicant_keys(entropy)
        for language in Language:
            assert Codename.parse(row[language.value]).entropy == entropy
            assert " ".join(Codename(entropy, language).words) == row[language.value]
        assert keys.look_up_tag.hex() == row["look_up_tag"]
        assert keys.seed.raw.hex() == row["seed"]
        # their thread ids were those of applicants who could not sign yet; `applicant_2` has what counts now


def test_applicants() -> None:
    stored = golden("applicant_2")["applicants"]
    assert len(stored) == 3
    for row in stored:
        keys = applicant_keys(unhex(row["entropy"]))
        assert keys.public == ApplicantPublic.parse(unhex(row["public"]))
        assert keys.thread_id == row["thread_id"] == thread_id_of(keys.public)
        verify(keys.public.signing, PLACE, b"their words", unhex(row["signature"]))


def test_standby_parts() -> None:
    parts = [unhex(part) for part in golden("standby_1")["parts"]]
    assert len(parts) == 4
    for one, other in itertools.permutations(parts, 2):
        assert join_two(one, other) == SEED


def test_archives() -> None:
    kept = golden("archive_1")
    archive, passphrase = bytes.fromhex(str(kept["archive"])), str(kept["passphrase"])
    for by_passphrase in (False, True):
        source = io.BytesIO(archive)
        head = read_head(source)
        if by_passphrase:
            key = key_by_passphrase(head, passphrase, weakest=PassphraseProfile.CHEAP)
        else:
            key = key_by_holder(head, SEED.sealing())
        reader = ArchiveReader(source, head, key)
        assert reader.read(10_000).decode() == kept["content"]
        reader.finish()


def test_logs() -> None:
    stored = golden("log_1")
    entries = [
        LogEntry(sequence, unhex(body), unhex(entry_hash))
        for sequence, (body, entry_hash) in enumerate(zip(stored["bodies"], stored["hashes"], strict=True), 1)
    ]
    assert verify_log(entries) == Checkpoint(3, entries[-1].entry_hash)


def test_shares() -> None:
    stored = golden("shares_1")
    shares = [SeedShare.parse(words) for words in stored["shares"]]
    for chosen in itertools.combinations(shares, stored["needed"]):
        assert join_shares(chosen) == SEED
