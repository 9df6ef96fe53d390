"""A signed release: unknown keys, old versions, expired ones and mixed files are refused, each by its name."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.atlas.small_pack import FILES
from tropa.atlas import Atlas, AtlasError, PackError, load_pack
from tropa.atlas.errors import (
    ReleaseExpired,
    ReleaseFilesDiffer,
    ReleaseRefused,
    ReleaseRolledBack,
    ReleaseUnsigned,
)
from tropa.atlas.release import (
    SIGNATURES,
    STATEMENT,
    Release,
    Seen,
    Sign,
    Trust,
    make_signatures,
    make_statement,
    message_of,
    open_release,
)

DAY = date(2026, 11, 23)
PACK = {name: text.encode() for name, text in FILES.items()}
ANNA, BORIS, STRANGER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2, 3))


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def signer(key: Ed25519PrivateKey) -> tuple[bytes, Sign]:
    return public(key), key.sign


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


TRUST = Trust(frozenset({public(ANNA), public(BORIS)}))


def released(
    *keys: Ed25519PrivateKey, version: int = 3, pack: Mapping[str, bytes] = PACK, days: int = 30
) -> dict[str, bytes]:
    statement = make_statement(
        pack, name="Small", version=version, published=DAY, expires=DAY + timedelta(days=days)
    )
    return {
        **pack,
        STATEMENT: statement,
        SIGNATURES: make_signatures(statement, map(signer, keys or (ANNA,))),
    }


def opened(
    files: Mapping[str, bytes], *, on: date = DAY, seen: Seen | None = None, trust: Trust = TRUST
) -> tuple[Release, Atlas]:
    return open_release(files, trust=trust, verify=verify, on=on, seen=seen)


def test_a_good_release_gives_the_facts_of_its_files(tmp_path: Path) -> None:
    for name, text in PACK.items():
        (tmp_path / name).write_bytes(text)
    release, atlas = opened(released())
    assert atlas.version == load_pack(tmp_path).version
    assert (release.version, release.published, release.name) == (3, DAY, "Small")
    assert release.files.keys() == PACK.keys()


def test_the_same_release_may_be_taken_again_and_a_later_one_too() -> None:
    seen = opened(released())[0].seen
    assert opened(released(), seen=seen)[0].seen == seen
    assert opened(released(version=4), seen=seen)[0].version == 4


@pytest.mark.parametrize("keys", [(STRANGER,), (STRANGER, STRANGER)])
def test_a_release_of_an_unknown_key_is_refused(keys: tuple[Ed25519PrivateKey, ...]) -> None:
    with pytest.raises(ReleaseUnsigned):
        opened(released(*keys))


def test_one_key_twice_does_not_make_two() -> None:
    two = Trust(TRUST.keys, threshold=2)
    with pytest.raises(ReleaseUnsigned):
        opened(released(ANNA, ANNA, STRANGER), trust=two)
    assert opened(released(ANNA, BORIS), trust=two)[0].version == 3


def test_a_signature_of_another_release_or_another_use_is_refused() -> None:
    files = released()
    with pytest.raises(ReleaseUnsigned):
        opened({**files, SIGNATURES: released(version=4)[SIGNATURES]})
    bare = json.dumps(
        {"signatures": [{"key": public(ANNA).hex(), "signature": ANNA.sign(files[STATEMENT]).hex()}]}
    )
    with pytest.raises(ReleaseUnsigned):
        opened({**files, SIGNATURES: bare.encode()})
    assert message_of(files[STATEMENT]) != files[STATEMENT]


@pytest.mark.parametrize("name", [STATEMENT, SIGNATURES])
def test_a_release_without_statement_or_signatures_is_refused(name: str) -> None:
    files = released()
    del files[name]
    with pytest.raises(ReleaseUnsigned):
        opened(files)


def test_an_older_version_is_refused() -> None:
    seen = opened(released())[0].seen
    with pytest.raises(ReleaseRolledBack):
        opened(released(version=2), seen=seen)


def test_another_content_under_the_number_already_taken_is_refused() -> None:
    seen = opened(released())[0].seen
    with pytest.raises(ReleaseRolledBack):
        opened(released(days=31), seen=seen)


def test_a_release_past_its_expiry_is_refused_the_day_after() -> None:
    assert opened(released(), on=DAY + timedelta(days=30))
    for on in (DAY + timedelta(days=31), DAY - timedelta(days=1)):
        with pytest.raises(ReleaseExpired):
            opened(released(), on=on)


OTHER = {**PACK, "legs.yaml": PACK["legs.yaml"].replace(b"[20, 30, 60]", b"[20, 31, 60]")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"legs.yaml": OTHER["legs.yaml"]}, "legs.yaml differs"),
        ({"legs.yaml": None}, "legs.yaml is not there"),
        ({"more.yaml": b"kind: leg\nfacts: []\n"}, "more.yaml is not of this release"),
        ({"notes.txt": b"hello"}, "notes.txt is not of this release"),
    ],
)
def test_files_of_two_releases_do_not_mix(change: dict[str, bytes | None], said: str) -> None:
    mixed = {**released(), **change}
    with pytest.raises(ReleaseFilesDiffer) as refused:
        opened({name: text for name, text in mixed.items() if text is not None})
    assert said in str(refused.value)


def test_a_statement_that_names_a_file_outside_the_pack_is_refused() -> None:
    said = json.loads(released()[STATEMENT])
    said["files"]["../pack.yaml"] = said["files"].pop("pack.yaml")
    statement = json.dumps(said).encode()
    files = {**PACK, STATEMENT: statement, SIGNATURES: make_signatures(statement, [signer(ANNA)])}
    with pytest.raises(ReleaseRefused, match="no file of a pack"):
        opened(files)


def test_a_faulty_pack_is_not_released() -> None:
    with pytest.raises(PackError):
        released(pack={**PACK, "legs.yaml": b"kind: leg\nfacts: [words]\n"})
    with pytest.raises(ValueError, match="version 0"):
        released(version=0)


def test_more_signatures_than_keys_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="3 signatures of 2 keys"):
        Trust(TRUST.keys, threshold=3)


@given(
    name=st.sampled_from([STATEMENT, SIGNATURES, "legs.yaml"]), at=st.floats(0, 1), put=st.binary(max_size=8)
)
@settings(max_examples=120, deadline=None)
def test_no_changed_byte_goes_unnoticed(name: str, at: float, put: bytes) -> None:
    files = released()
    whole = files[name]
    position = int(at * len(whole))
    files[name] = whole[:position] + put + whole[position + len(put) :]
    if files[name] == whole:
        return
    if name == SIGNATURES:  # other words around the same signature say nothing else
        try:
            assert opened(files)[0] == opened(released())[0]
        except ReleaseRefused:
            return
    else:
        with pytest.raises(ReleaseRefused):
            opened(files)


@given(statement=st.binary(max_size=60), signatures=st.binary(max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_is_offered_is_refused_by_name(statement: bytes, signatures: bytes) -> None:
    signed = make_signatures(statement, [signer(ANNA)])
    for one in (signatures, signed):
        with pytest.raises(AtlasError):
            opened({**PACK, STATEMENT: statement, SIGNATURES: one})
