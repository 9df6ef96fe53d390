"""Keys follow from a seed, the same for ever, and what is no key is refused."""

import hmac

import pytest

from tests.envelope.world import PLACE, boris, repeatable, vera
from tropa.envelope import (
    BadKey,
    CannotOpen,
    SealingPublicKey,
    Seed,
    SigningPublicKey,
    SymmetricKey,
    open_sealed,
    seal,
)

NOT_ML_KEM = b"\xff" * 1184  # coefficients of 4095, above the modulus 3329
SMALL_ORDER_POINT = bytes(32)
SIGNING_PUBLIC = "b16a6cc251b6bc67063fdf217d5e0bda5a188041bc68b949cd9b49f6dd70d9de"
SUBKEY = "890cccc8822e5c0787cc3ad95dcdd2181569c149bb9125b07b08feb6a566f2ce"


def test_a_seed_always_gives_the_same_keys() -> None:
    again = Seed(boris.raw)
    assert again.sealing().public == boris.sealing().public
    assert again.signing().public == boris.signing().public
    assert again.subkey("records") == boris.subkey("records")


def test_the_derivations_are_those_first_published() -> None:
    """Pinned, not computed: a change here would lock everybody out."""
    seed = Seed(bytes(range(32)))
    assert seed.signing().public.raw.hex() == SIGNING_PUBLIC
    assert seed.subkey("records").raw.hex() == SUBKEY


def test_a_subkey_is_hkdf_as_rfc_5869_writes_it() -> None:
    info = b"\x00\x00\x00\x0dsymmetric key\x00\x00\x00\x07records"
    extracted = hmac.digest(b"tropa seed 1", boris.raw, "sha256")
    assert boris.subkey("records").raw == hmac.digest(extracted, info + b"\x01", "sha256")


def test_every_purpose_has_a_key_of_its_own() -> None:
    keys = [boris.subkey("records").raw, boris.subkey("drafts").raw, vera.subkey("records").raw, boris.raw]
    assert len(set(keys)) == 4


def test_a_subkey_without_a_label_is_refused() -> None:
    with pytest.raises(ValueError, match="label"):
        boris.subkey("")


def test_generated_secrets_are_what_the_source_gave() -> None:
    assert Seed.generate(repeatable("one")).raw == repeatable("one")(32)
    assert SymmetricKey.generate(repeatable("one")).raw == repeatable("one")(32)


@pytest.mark.parametrize("given", [b"", bytes(31), bytes(33), None, "a" * 32])
def test_a_source_that_does_not_give_what_it_is_asked_for_makes_no_key(given: object) -> None:
    with pytest.raises(ValueError, match="source of randomness"):
        Seed.generate(lambda _: given)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(33), "a" * 32, bytearray(32)])
def test_a_secret_of_another_length_or_kind_does_not_construct(raw: object) -> None:
    with pytest.raises(ValueError, match="is 32 bytes"):
        Seed(raw)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [b"", bytes(1215), bytes(1217)])
def test_a_public_key_of_another_length_does_not_construct(raw: bytes) -> None:
    with pytest.raises(BadKey):
        SealingPublicKey(raw)
    with pytest.raises(BadKey):
        SigningPublicKey(raw)


def test_bytes_that_are_no_lattice_element_are_refused_before_anything_is_sealed() -> None:
    planted = SealingPublicKey(NOT_ML_KEM + boris.sealing().public.raw[1184:])
    with pytest.raises(BadKey):
        planted.check()
    with pytest.raises(BadKey):
        seal(planted, PLACE, b"body")


def test_a_planted_point_that_fixes_the_shared_secret_is_refused() -> None:
    planted = SealingPublicKey(boris.sealing().public.raw[:1184] + SMALL_ORDER_POINT)
    with pytest.raises(BadKey):
        seal(planted, PLACE, b"body")


def test_an_encapsulation_with_such_a_point_does_not_open() -> None:
    blob = seal(boris.sealing().public, PLACE, b"body")
    planted = blob[: 1 + 1088] + SMALL_ORDER_POINT + blob[1 + 1120 :]
    with pytest.raises(CannotOpen):
        open_sealed(boris.sealing(), PLACE, planted)


def test_public_keys_are_equal_by_their_bytes_and_show_only_a_short_mark() -> None:
    public = boris.sealing().public
    assert SealingPublicKey(public.raw) == public
    assert len({public, SealingPublicKey(public.raw), vera.sealing().public}) == 2
    assert len(repr(public)) < 40
    assert len(repr(boris.signing().public)) < 40
