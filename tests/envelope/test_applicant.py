"""From a codename follow a look-up tag, a seed and a thread, for one request; none tells of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.envelope.world import PLACE, boris
from tropa.envelope import (
    ApplicantPublic,
    BadKey,
    Codename,
    Language,
    applicant_keys,
    look_up_tag,
    open_sealed,
    seal,
    thread_id_of,
)

CODENAME = Codename(b"twelve bytes", Language.RUSSIAN)


def test_a_codename_or_its_entropy_in_any_language_gives_the_same_keys() -> None:
    keys = applicant_keys(CODENAME)
    for other in (CODENAME.entropy, Codename(CODENAME.entropy, Language.ENGLISH)):
        again = applicant_keys(other)
        assert (again.look_up_tag, again.seed, again.thread_id) == (
            keys.look_up_tag,
            keys.seed,
            keys.thread_id,
        )


def test_what_is_sealed_to_the_applicant_opens_with_the_codename() -> None:
    blob = seal(applicant_keys(CODENAME).seed.sealing().public, PLACE, b"answer")
    assert open_sealed(applicant_keys(CODENAME).seed.sealing(), PLACE, blob) == b"answer"


def test_the_thread_follows_from_both_public_keys_together() -> None:
    keys = applicant_keys(CODENAME)
    assert keys.public == ApplicantPublic.of(keys.seed)
    assert keys.thread_id == thread_id_of(keys.public)
    sealing, signing = keys.public.sealing, keys.public.signing
    assert keys.thread_id != thread_id_of(ApplicantPublic(boris.sealing().public, signing))
    assert keys.thread_id != thread_id_of(ApplicantPublic(sealing, boris.signing().public))
    assert len(keys.thread_id) == 32
    assert set(keys.thread_id) <= set("0123456789abcdef")


def test_the_tag_is_sixteen_bytes_and_shares_nothing_with_the_entropy_or_seed() -> None:
    keys = applicant_keys(CODENAME)
    assert keys.look_up_tag == look_up_tag(CODENAME) == look_up_tag(CODENAME.entropy)
    assert len(keys.look_up_tag) == 16
    assert keys.look_up_tag != keys.seed.raw[:16]
    assert CODENAME.entropy not in keys.look_up_tag + keys.seed.raw


@given(st.binary(min_size=12, max_size=12), st.integers(0, 95))
def test_one_other_bit_gives_another_tag(entropy: bytes, bit: int) -> None:
    other = (int.from_bytes(entropy, "big") ^ 1 << bit).to_bytes(12, "big")
    assert look_up_tag(entropy) != look_up_tag(other)


def test_the_public_keys_are_stored_as_1248_bytes_and_no_others_are_read() -> None:
    public = applicant_keys(CODENAME).public
    assert len(public.raw) == 1248
    assert ApplicantPublic.parse(public.raw) == public
    for wrong in (b"", public.sealing.raw, public.raw + b"\0"):
        with pytest.raises(BadKey):
            ApplicantPublic.parse(wrong)


@pytest.mark.parametrize("entropy", [b"", bytes(11), bytes(32)])
def test_other_than_twelve_bytes_give_no_keys(entropy: bytes) -> None:
    with pytest.raises(ValueError, match="12 bytes"):
        applicant_keys(entropy)
    with pytest.raises(ValueError, match="12 bytes"):
        look_up_tag(entropy)
